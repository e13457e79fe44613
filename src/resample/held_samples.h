#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ossicle::internal {

/// The part of a signal that a stage still needs, in memory of a fixed size. Behind it there are
/// always some more finite numbers, which vectors may read.
template <class C>
class HeldSamples {
 public:
  /// Room for `capacity` samples, and `padding` behind them.
  HeldSamples(std::size_t capacity, std::size_t padding)
      : capacity_(capacity), samples_(capacity + padding) {}

  std::int64_t begin() const { return begin_; }  ///< index of data()[0] in the signal
  std::int64_t end() const { return begin_ + static_cast<std::int64_t>(size_); }
  std::size_t size() const { return size_; }
  std::size_t room() const { return capacity_ - size_; }
  const C* data() const { return samples_.data(); }
  C operator[](std::size_t i) const { return samples_[i]; }

  /// Takes as many as there is room for but `spare`; returns what is left.
  std::span<const C> Take(std::span<const C> samples, std::size_t spare = 0) {
    const std::size_t count = std::min(samples.size(), room() - spare);
    std::copy_n(samples.begin(), count, At(size_));
    size_ += count;
    return samples.subspan(count);
  }

  void Add(C sample) { samples_[size_++] = sample; }

  void FillWith(C sample) {
    std::fill(At(size_), At(capacity_), sample);
    size_ = capacity_;
  }

  /// Puts `count` samples before the first; sample(i) is what lies i + 1 before it.
  template <class Sample>
  void Prepend(std::size_t count, Sample&& sample) {
    std::copy_backward(At(0), At(size_), At(size_ + count));
    for (std::size_t i = 0; i < count; ++i) samples_[count - 1 - i] = sample(count, i);
    size_ += count;
    begin_ -= static_cast<std::int64_t>(count);
  }

  /// Forgets what lies before `index`.
  void DropBefore(std::int64_t index) {
    const std::size_t count =
        static_cast<std::size_t>(std::clamp<std::int64_t>(index - begin_, 0, end() - begin_));
    std::copy(At(count), At(size_), At(0));
    size_ -= count;
    begin_ += static_cast<std::int64_t>(count);
  }

  /// Copies `count` samples from `index` on, those from end() on out of `next`.
  void Copy(std::int64_t index, std::size_t count, std::span<const C> next, C* to) const {
    const auto from = static_cast<std::size_t>(index - begin_);
    const std::size_t first = std::min(from, size_);
    const std::size_t held = std::min(count, size_ - first);
    to = std::copy_n(samples_.data() + first, held, to);
    std::copy_n(next.data() + (from - first), count - held, to);
  }

  void Clear(std::int64_t begin = 0) {
    size_ = 0;
    begin_ = begin;
  }

 private:
  auto At(std::size_t i) { return samples_.begin() + static_cast<std::ptrdiff_t>(i); }

  std::size_t capacity_;
  std::vector<C> samples_;
  std::size_t size_ = 0;
  std::int64_t begin_ = 0;
};

}  // namespace ossicle::internal
