#pragma once

#include <atomic>

namespace ossicle::test {

// allocations.cc replaces operator new in the test that links it.

inline std::atomic<bool> counting = false;
inline std::atomic<int> allocations = 0;  ///< while `counting`

}  // namespace ossicle::test
