#pragma once

#include <atomic>
#include <cstdint>

namespace ossicle::test {

// allocations.cc replaces operator new in the test that links it.

inline std::atomic<bool> counting = false;
inline std::atomic<int> allocations = 0;            ///< while `counting`
inline std::atomic<std::int64_t> living_bytes = 0;  ///< asked for and not yet given back

}  // namespace ossicle::test
