#include "engine/bench_parts.h"

#include <string>

#include "ossicle/error.h"

namespace ossicle {

double SecondsSince(BenchClock::time_point start) {
  return std::chrono::duration<double>(BenchClock::now() - start).count();
}

std::vector<float> BenchNoise(std::int64_t samples) {
  std::vector<float> noise;
  noise.reserve(static_cast<std::size_t>(samples));
  std::uint32_t state = 1;
  for (std::int64_t i = 0; i < samples; ++i) {
    state = state * 1664525u + 1013904223u;
    noise.push_back(static_cast<float>(state >> 8) / static_cast<float>(1 << 24) - 0.5f);
  }
  return noise;
}

void CheckBenchSeconds(double seconds) {
  if (seconds >= 0.01 && seconds <= 600.0) return;
  throw Error(Code::kInvalidSpec,
              "seconds=" + std::to_string(seconds) + ", but it must be 0.01..600");
}

}  // namespace ossicle
