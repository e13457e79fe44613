#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace ossicle::python {

/// Where an array lies: from its lowest byte to behind its highest; of one without values nowhere.
struct ByteRange {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;

  bool Meets(const ByteRange& other) const noexcept {
    return begin < other.end && other.begin < end;
  }

  /// Takes in a dimension of `extent` places, `stride` bytes apart.
  void Extend(std::size_t extent, std::int64_t stride) noexcept {
    const std::int64_t reach = (static_cast<std::int64_t>(extent) - 1) * stride;
    if (extent == 0) *this = {};
    if (begin == end) return;
    (reach < 0 ? begin : end) += static_cast<std::uintptr_t>(reach);
  }
};

/// Whether two places of an array may share memory. Views of arrays that have memory of their own
/// (slices, steps, transposed axes, diagonals) never do; a window that slides does.
bool OverlapsItself(std::span<const std::size_t> shape, std::span<const std::int64_t> strides);

}  // namespace ossicle::python
