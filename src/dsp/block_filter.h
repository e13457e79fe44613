#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ossicle::dsp {

// A long FIR that changes the rate by a small ratio, by Fourier transforms of overlapping blocks
// (overlap-save; Stockham 1966). Each SIMD lane has a block of its own, whose arithmetic is a fixed
// sequence of IEEE operations, whatever the lane and the number of lanes are.

/// What becomes of the spectrum above the new Nyquist frequency.
enum class Decimation {
  kFold,  ///< it folds, as dropping samples makes it: the filter is a FIR
  kDrop   ///< it is dropped, block by block (libsoxr)
};

/// The blocks of a filter that is stuffed with `up - 1` zeros after each sample, and then keeps
/// every `down`-th output.
struct BlockShape {
  int up = 1;
  int down = 1;
  /// A power of 2, at least 4; a block has 2 * down * bins input samples.
  int bins = 4;
  int lead_samples = 0;  ///< of the input, from a block's start to its first output's time
  int step_samples = 0;  ///< of the input, from a block to the next
  Decimation decimation = Decimation::kFold;

  int BlockSamples() const { return 2 * down * bins; }
  int StepOutputs() const { return step_samples / down * up; }
  int LeadOutputs() const { return lead_samples / down * up; }

  /// The blocks of a filter of `taps` taps that wastes little and waits little.
  static BlockShape For(int up, int down, int taps);
};

/// The tables. Made once; shared by all threads.
template <class T>
struct BlockFilter {
  /// `taps` is odd and symmetric: time 0 in the middle, a gain of up included.
  BlockFilter(const BlockShape& shape, const std::vector<double>& taps);

  BlockShape shape;
  /// Sub-blocks in the order in which the forward transform leaves them come in pairs whose
  /// frequencies are opposite; places of both.
  struct Pair {
    std::int32_t first = 0;
    std::int32_t second = 0;
  };
  std::vector<Pair> pairs;
  /// Per sub-block, per output, per input: what the input, and what the opposite sub-block's
  /// conjugate input is multiplied by. Real and imaginary parts.
  std::vector<T> weights;
  /// Of the forward transform from its largest stage on: e^(-2 pi i k j / n), k = 1..3, j < n / 4.
  std::vector<T> forward_roots;
  std::vector<T> inverse_roots;

  /// Numbers of one sub-block in `weights`.
  std::size_t WeightStride() const {
    return 4 * static_cast<std::size_t>(shape.up) * static_cast<std::size_t>(shape.down);
  }
};

/// How many blocks are computed together. The bits do not depend on it.
enum class BlockWidth {
  kFull,   ///< as many as the instruction set in use has lanes, at most 8
  kNarrow  ///< those of 128 bits: for a signal that comes in small pieces, in less memory
};

/// Most blocks that are computed together.
template <class T>
constexpr int MaxBlockLanes(BlockWidth width) {
  return width == BlockWidth::kFull ? 8 : static_cast<int>(16 / sizeof(T));
}

template <class T>
struct BlockBatch {
  const T* samples = nullptr;  ///< the first block's first
  int blocks = 1;              ///< 1..BlockLanes<T>(width)
  T* scratch = nullptr;        ///< BlockScratch<T>() elements, aligned to 64 bytes
  T* outputs = nullptr;        ///< blocks * shape.StepOutputs()
  BlockWidth width = BlockWidth::kFull;
};

/// Blocks that the instruction set in use computes together.
template <class T>
int BlockLanes(BlockWidth width);

template <class T>
std::size_t BlockScratch(const BlockShape& shape, BlockWidth width) {
  return static_cast<std::size_t>(2 * MaxBlockLanes<T>(width)) *
         static_cast<std::size_t>(shape.bins) *
         static_cast<std::size_t>(shape.up == shape.down ? shape.up : shape.up + shape.down);
}

void FilterBlocks(const BlockFilter<float>& filter, const BlockBatch<float>& batch);
void FilterBlocks(const BlockFilter<double>& filter, const BlockBatch<double>& batch);

/// FilterBlocks() for BlockWidth::kNarrow, apart from it: in one file GCC inlines less of both.
void FilterNarrowBlocks(const BlockFilter<float>& filter, const BlockBatch<float>& batch);
void FilterNarrowBlocks(const BlockFilter<double>& filter, const BlockBatch<double>& batch);

}  // namespace ossicle::dsp
