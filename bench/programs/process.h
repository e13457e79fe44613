#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace ossicle::bench {

/// `name` of /proc/self/status, such as VmRSS and VmHWM, in bytes.
std::int64_t StatusBytes(const std::string& name);

/// How often `run` calls operator new, in all threads and libraries that share it with us.
int Allocations(const std::function<void()>& run);

/// Both, for Competitor::stages: members of a JSON object. `run` was called before.
std::string DescribeProcess(const std::function<void()>& run);

}  // namespace ossicle::bench
