#pragma once

#include <atomic>
#include <cstdint>

namespace ossicle::test {

// allocations.cc replaces operator new in the test that links it.

inline std::atomic<bool> counting = false;
inline std::atomic<int> allocations = 0;            ///< while `counting`
inline std::atomic<std::int64_t> living_bytes = 0;  ///< asked for and not yet given back

/// Bytes that `make()` leaves alive in what it returns.
template <class Make>
std::int64_t BytesOf(const Make& make) {
  const std::int64_t before = living_bytes;
  const auto made = make();
  return living_bytes - before;
}

}  // namespace ossicle::test
