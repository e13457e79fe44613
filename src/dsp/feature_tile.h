#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

// The second pass over finished features, a tile at a time: element-wise steps and statistics, with
// the same bits whatever the instruction set, the layout and the neighbours of a tile are.

namespace ossicle::dsp {

/// Frames of a tile that is measured; only the last one of a signal may have less. Part of the
/// bits.
inline constexpr int kTileFrames = 64;

/// frames x bands values in place. One of the strides is 1.
template <class T>
struct FeatureTile {
  T* data = nullptr;
  int frames = 0;
  int bands = 0;
  std::int64_t frame_stride = 0;
  std::int64_t band_stride = 0;

  T& at(int frame, int band) const { return data[frame * frame_stride + band * band_stride]; }
};

template <class T>
struct ElementOp {
  enum class Kind {
    kFloor,   ///< max(x, a)
    kAffine,  ///< x * a + b
    kClip     ///< min(max(x, a), b)
  };
  Kind kind = Kind::kAffine;
  T a = 0;
  T b = 0;
};

/// Mean and sum of the squared differences from it, for each band.
struct Moments {
  double* mean = nullptr;
  double* squares = nullptr;  ///< nullptr: not wanted
};

/// What is done to a tile, in this order.
template <class T>
struct TileWork {
  const double* center = nullptr;  ///< of each band: x = (x - center) * scale; nullptr: left out
  const double* scale = nullptr;
  std::span<const ElementOp<T>> ops;
  T* peak = nullptr;  ///< raised to the largest value
  Moments moments;    ///< mean nullptr: left out
};

template <class T>
void ProcessTile(const FeatureTile<T>& tile, const TileWork<T>& work);

/// `right` becomes the moments of both. A band of equal values stays exact: its squares are 0.
void MergeMoments(const Moments& left, double left_frames, const Moments& right,
                  double right_frames, int bands);

}  // namespace ossicle::dsp
