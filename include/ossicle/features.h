#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "ossicle/spec.h"

namespace ossicle {

/// A matrix of features that someone else made, in C order; which of its sides are the frames is
/// not known.
struct UnknownFeatures {
  std::vector<double> values;  ///< rows * columns
  std::int64_t rows = 0;
  std::int64_t columns = 0;
};

/// A frames x bands matrix in the caller's memory, in either layout.
template <class T>
struct FeatureView {
  T* data = nullptr;
  std::int64_t frames = 0;
  int bands = 0;
  std::int64_t frame_stride = 0;  ///< elements from a frame to the next
  std::int64_t band_stride = 0;   ///< elements from a band to the next

  T& at(std::int64_t frame, int band) const {
    return data[frame * frame_stride + band * band_stride];
  }
  FeatureView Rows(std::int64_t first, std::int64_t count) const {
    return {data + first * frame_stride, count, bands, frame_stride, band_stride};
  }
};

/// A view of densely packed memory of frames * bands elements in `layout`.
template <class T>
FeatureView<T> MakeView(T* data, std::int64_t frames, int bands, Layout layout) {
  if (layout == Layout::kFramesFirst) return {data, frames, bands, bands, 1};
  return {data, frames, bands, 1, frames};
}

/// Features of a signal whose length was not known beforehand: a list of equal blocks, so that it
/// grows without moving or doubling what is there. Copying is cheap and shares the memory.
template <class T>
class Features {
 public:
  /// Frames in a block.
  static constexpr std::int64_t kBlockFrames = 1024;

  Features(int bands, Layout layout) : bands_(bands), layout_(layout) {}

  std::int64_t frames() const noexcept { return frames_; }
  int bands() const noexcept { return bands_; }
  Layout layout() const noexcept { return layout_; }
  T at(std::int64_t frame, int band) const;

  /// Room for up to `count` more frames in the last block; a new block when that is full. The view
  /// has between 1 and `count` frames; they count as soon as this returns.
  FeatureView<T> Append(std::int64_t count);

  /// The blocks, in order; all but the last hold kBlockFrames frames.
  std::vector<FeatureView<T>> Blocks() const;

  /// The frames from `first` < frames() to the end of its block.
  FeatureView<const T> BlockFrom(std::int64_t first) const;

  /// Copies frames first..first+count-1 to `out`, densely packed in `layout`.
  /// Throws Error(kShape) unless 0 <= first, first + count <= frames() and out has count * bands().
  void Copy(std::int64_t first, std::int64_t count, Layout layout, std::span<T> out) const;

  /// Calls `sink` with consecutive pieces of the whole matrix in C order of layout().
  void ForEachPiece(const std::function<void(std::span<const T>)>& sink) const;

 private:
  int bands_;
  Layout layout_;
  std::int64_t frames_ = 0;
  std::vector<std::shared_ptr<T[]>> blocks_;
};

}  // namespace ossicle
