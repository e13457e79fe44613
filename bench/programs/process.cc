#include "process.h"

#include <fstream>
#include <stdexcept>

#include "support/allocations.h"

namespace ossicle::bench {

std::int64_t StatusBytes(const std::string& name) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(name + ":", 0) == 0) return 1024 * std::stoll(line.substr(name.size() + 1));
  }
  throw std::runtime_error("/proc/self/status has no " + name);
}

int Allocations(const std::function<void()>& run) {
  test::allocations = 0;
  test::counting = true;
  run();
  test::counting = false;
  return test::allocations;
}

std::string DescribeProcess(const std::function<void()>& run) {
  // First the memory: counting adds nothing to it, but a call might.
  const std::string memory = "\"rss_bytes\": " + std::to_string(StatusBytes("VmRSS")) +
                             ", \"peak_rss_bytes\": " + std::to_string(StatusBytes("VmHWM"));
  return memory + ", \"allocations\": " + std::to_string(Allocations(run));
}

}  // namespace ossicle::bench
