#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace ossicle::internal {

/// What Linux says of the first processor under the first of `keys` that it has ("model name",
/// "flags"); "" if there is none, or another system.
std::string CpuInfo(std::initializer_list<std::string_view> keys);

/// The same from the text of /proc/cpuinfo.
std::string CpuInfoIn(std::string_view text, std::initializer_list<std::string_view> keys);

}  // namespace ossicle::internal
