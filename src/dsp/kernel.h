#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "dsp/fft.h"
#include "ossicle/enums.h"

// The kernel: a block of frames from prepared samples to finished features, one frame per SIMD
// lane. A frame's arithmetic is a fixed sequence of IEEE operations, whatever the lane, the number
// of lanes and the neighbours are.

namespace ossicle::dsp {

/// A band's taps: weights[first_weight + i] goes with bin first_bin + i.
struct BandTaps {
  int first_bin = 0;
  int count = 0;
  std::size_t first_weight = 0;
};

/// Where one real input of the FFT comes from: row and column of the block's samples, and the same
/// of the sample before it (itself for the window's first). row < 0: a zero.
template <class T>
struct FftInput {
  std::int32_t row = -1;
  std::int32_t column = 0;
  std::int32_t previous_row = 0;
  std::int32_t previous_column = 0;
  T window = 0;
};

/// What is done to a frame's values after the logarithm, in order.
template <class T>
struct RowOp {
  enum class Kind {
    kAffine,   ///< x * a + b
    kClip,     ///< min(max(x, a), b)
    kPeak,     ///< the peak is taken here; if the block has a floor: max(x, floor)
    kCepstrum  ///< matrix product
  };
  Kind kind = Kind::kAffine;
  T a = 0;
  T b = 0;
};

/// Everything that a frame's arithmetic needs. Made once; shared by all threads.
template <class T>
struct KernelPlan {
  /// `window_offset` is the place of the window's first sample among the FFT's inputs.
  KernelPlan(int fft_size, const std::vector<double>& window, int window_offset, int hop_samples);

  int window_samples = 0;
  int hop_samples = 0;
  FftPlan<T> fft;
  std::vector<FftInput<T>> inputs;  ///< real and imaginary parts, in the order of fft.input_order

  bool remove_dc = false;
  bool frame_preemphasis = false;
  T preemphasis_coefficient = 0;

  bool magnitude = false;
  T spectrum_epsilon = 0;
  std::vector<BandTaps> bands;
  std::vector<T> weights;

  bool take_log = true;
  bool add_floor = false;  ///< log of x + floor instead of max(x, floor)
  T log_floor = 0;
  T log_scale = 1;   ///< multiplies the natural logarithm
  T log_offset = 0;  ///< is added then

  std::vector<RowOp<T>> ops;
  int coefficients = 0;  ///< of the cepstrum; 0: none
  bool log_energy = false;
  std::vector<T> cepstrum;  ///< coefficients x bands

  int OutputBands() const {
    return coefficients > 0 ? coefficients : static_cast<int>(bands.size());
  }
  /// Samples come in columns of this many, one column per hop.
  int ColumnSamples() const { return hop_samples < window_samples ? hop_samples : window_samples; }
  /// Columns that a block of `lanes` frames covers.
  int Columns(int lanes) const {
    return lanes + (window_samples + ColumnSamples() - 1) / ColumnSamples() - 1;
  }
};

/// A block's result goes to out[frame * frame_stride + band * band_stride].
template <class T>
struct BlockOutput {
  T* out = nullptr;  ///< nullptr: only the peak is wanted, and ops after kPeak are not done
  std::int64_t frame_stride = 0;
  std::int64_t band_stride = 0;
  int frames = 0;            ///< valid frames, 1..BlockFrames
  const T* floor = nullptr;  ///< for kPeak
  T* peak = nullptr;         ///< for kPeak: raised to the largest value
};

/// Most bytes of scratch that a worker gets where one frame alone does not need more.
inline constexpr std::size_t kScratchBytes = 128 * 1024;

/// Elements of 64-byte aligned scratch that serve every instruction set.
template <class T>
std::size_t ScratchElements(const KernelPlan<T>& plan);

/// Frames in a block under the instruction set in use.
template <class T>
int BlockFrames(const KernelPlan<T>& plan);

/// Computes a block. `scratch` starts with plan.Columns(BlockFrames(plan)) columns of
/// plan.ColumnSamples() samples: column c, row r holds sample c * hop_samples + r of the block.
template <class T>
void ComputeBlock(const KernelPlan<T>& plan, T* scratch, const BlockOutput<T>& output);

/// The kernel's natural logarithm, for tests: `count` positive normal numbers.
/// Error: below kLogMaxUlp units in the last place.
inline constexpr double kLogMaxUlp = 1.0;
template <class T>
void NaturalLog(const T* in, T* out, std::size_t count);

std::vector<std::string> CompiledTargets();
std::vector<std::string> SupportedTargets();
std::string CurrentTarget();
/// False if there is no such target here; "" chooses the best.
bool UseTarget(const std::string& name);

}  // namespace ossicle::dsp
