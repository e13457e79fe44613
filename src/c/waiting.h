#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace ossicle::c {

/// Values that were computed and wait to be pulled, first in, first out.
template <class T>
class Waiting {
 public:
  std::size_t size() const noexcept { return values_.size() - taken_; }

  /// Where more are to be appended. What was taken is dropped once it is half of the memory, so
  /// that each value is moved once on the average.
  std::vector<T>& Back() {
    if (2 * taken_ >= values_.size()) {
      values_.erase(values_.begin(), values_.begin() + static_cast<std::ptrdiff_t>(taken_));
      taken_ = 0;
    }
    return values_;
  }

  /// Takes the first `count` <= size(); `out` may be nullptr.
  void Take(std::size_t count, T* out) {
    if (out != nullptr) std::copy_n(values_.data() + taken_, count, out);
    taken_ += count;
  }

  void Clear() noexcept {
    values_.clear();
    taken_ = 0;
  }

 private:
  std::vector<T> values_;
  std::size_t taken_ = 0;
};

/// Rows of `row` values that may be taken at once into `capacity` values: all that wait or as many
/// as fit. Throws Refusal if one waits and none fits.
std::size_t RowsToTake(std::size_t waiting, std::size_t row, const void* out, std::size_t capacity);

}  // namespace ossicle::c
