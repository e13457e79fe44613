#include "core/cpu_info.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>

namespace ossicle::internal {

namespace {

constexpr std::string_view kBlanks = " \t";

/// "key : value" -> value; "" of a line with another key.
std::string_view ValueOf(std::string_view line, std::string_view key) {
  if (!line.starts_with(key)) return "";
  line.remove_prefix(key.size());
  line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
  if (!line.starts_with(':')) return "";
  line.remove_prefix(1);
  return line.substr(std::min(line.find_first_not_of(kBlanks), line.size()));
}

}  // namespace

std::string CpuInfoIn(std::string_view text, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    for (std::string_view rest = text; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      const std::string_view value = ValueOf(rest.substr(0, end), key);
      if (!value.empty()) return std::string(value);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return "";
}

std::string CpuInfo(std::initializer_list<std::string_view> keys) {
  std::string text(1 << 14, '\0');
  std::FILE* const file = std::fopen("/proc/cpuinfo", "re");
  if (file == nullptr) return "";
  text.resize(std::fread(text.data(), 1, text.size(), file));
  std::fclose(file);
  return CpuInfoIn(text, keys);
}

}  // namespace ossicle::internal
