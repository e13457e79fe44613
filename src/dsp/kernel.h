#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "dsp/fft.h"
#include "dsp/log.h"
#include "dsp/mel_segments.h"
#include "ossicle/enums.h"

// The kernel: a block of frames from samples to finished features, one frame per SIMD lane. A
// frame's arithmetic is a fixed sequence of IEEE operations, whatever the lane, the number of lanes
// and the neighbours are.

namespace ossicle::dsp {

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

struct LaneTables;

/// How the frames of a block lie in their samples.
enum class Spacing {
  kHop,   ///< one hop after the other in one signal: a hop's samples serve several frames
  kApart  ///< each at a place of its own, of its own signal even
};

/// Everything that a frame's arithmetic needs. Made once; shared by all threads.
template <class T>
struct KernelPlan {
  /// The most lanes that a kernel uses.
  static constexpr int kMaxLanes = 16;

  /// The window starts at the FFT's first sample: only powers are wanted, and a shift by a part of
  /// the period turns phases alone.
  KernelPlan(int fft_size, const std::vector<double>& window, int hop_samples);

  /// Makes the tables that follow from the fields; to be called when these are set.
  void Finish();

  int window_samples = 0;
  int hop_samples = 0;
  FftPlan<T> fft;
  std::vector<T> window;  ///< per input of the FFT; 0 where there is no sample
  int used_rows = 0;      ///< rows of the FFT's inputs from here on are all 0

  bool remove_dc = false;
  bool frame_preemphasis = false;
  /// Pre-emphasis by c is (x[n] - x[n - 1]) + rest x[n - 1] with rest = 1 - c: between neighbours
  /// the difference is nearly exact, and what is rounded is small.
  T preemphasis_rest = 1;

  bool magnitude = false;
  T spectrum_epsilon = 0;
  MelSegments<T> mel;

  bool take_log = true;
  bool add_floor = false;  ///< log of x + floor instead of max(x, floor)
  T log_floor = 0;
  ScaledLog<T> log;

  std::vector<RowOp<T>> ops;
  int coefficients = 0;  ///< of the cepstrum; 0: none
  bool log_energy = false;
  std::vector<T> cepstrum;  ///< coefficients x bands

  int OutputBands() const { return coefficients > 0 ? coefficients : mel.bands; }
  /// Samples come in columns of this many, one column per hop.
  int ColumnSamples() const { return hop_samples < window_samples ? hop_samples : window_samples; }
  /// Columns that a block of `frames` frames covers.
  int Columns(int frames) const {
    return frames + (window_samples + ColumnSamples() - 1) / ColumnSamples() - 1;
  }
  /// Samples from such a block's first to its last.
  std::int64_t BlockSamples(int frames) const {
    return static_cast<std::int64_t>(Columns(frames) - 1) * hop_samples + ColumnSamples();
  }
  /// `lanes` is a power of 2, at most kMaxLanes.
  const LaneTables& TablesFor(int lanes, Spacing spacing = Spacing::kHop) const;
  KernelPlan(const KernelPlan&);
  KernelPlan(KernelPlan&&) noexcept;
  ~KernelPlan();

 private:
  std::vector<LaneTables> lane_tables_;   // of frames one hop after the other
  std::vector<LaneTables> apart_tables_;  // of frames apart
};

/// A block's samples. Of frames one hop after the other: `signal` or `prepared`,
/// plan.BlockSamples(frames) samples from the first frame's first one on; those beyond the last
/// window may be any numbers. Of frames apart: `signals` or `windows`, as many
/// pointers as there are frames, each to the plan.window_samples of its frame.
///
/// What is prepared may lie in PreparedSamples(). The sample before each first one is readable.
template <class T>
struct BlockInput {
  const float* signal = nullptr;
  const float* const* signals = nullptr;
  const float* signal_end = nullptr;  ///< prefetching stops here
  T scale = 1;                        ///< multiplies the signal
  bool round = false;                 ///< then clips it to 16 bits and rounds it to integers
  /// Pre-emphasis with `rest`; not with plan.remove_dc, frame_preemphasis or log_energy, which come
  /// after it.
  bool emphasize = false;
  T rest = 1;
  const T* prepared = nullptr;
  const T* const* windows = nullptr;

  Spacing spacing() const {
    return signals != nullptr || windows != nullptr ? Spacing::kApart : Spacing::kHop;
  }
};

/// Seconds that the stages of blocks took.
struct StageSeconds {
  enum Stage { kSamples, kFirstPass, kColumnPasses, kMel, kLog, kCount };
  std::array<double, kCount> seconds{};
};

/// A block's result goes to out[frame * frame_stride + band * band_stride].
template <class T>
struct BlockOutput {
  T* out = nullptr;  ///< nullptr: only the peak is wanted, and ops after kPeak are not done
  std::int64_t frame_stride = 0;
  std::int64_t band_stride = 0;
  int frames = 0;                  ///< valid frames, 1..lanes
  const T* floor = nullptr;        ///< for kPeak
  T* peak = nullptr;               ///< for kPeak: raised to the largest value
  StageSeconds* stages = nullptr;  ///< if set, the stages are timed
};

/// Most bytes of scratch that a worker gets where one frame alone does not need more.
inline constexpr std::size_t kScratchBytes = 128 * 1024;

/// Elements of 64-byte aligned scratch that serve every instruction set.
template <class T>
std::size_t ScratchElements(const KernelPlan<T>& plan);

/// The kernel of one instruction set.
template <class T>
struct Kernel {
  int lanes = 1;  ///< frames in a block
  void (*compute)(const KernelPlan<T>& plan, T* scratch, const BlockInput<T>& input,
                  const BlockOutput<T>& output) = nullptr;
};

/// The kernel of the instruction set in use, or of the next narrower one whose scratch for `plan`
/// stays within kScratchBytes. For few `frames`, that of the narrowest vectors of 32 bytes or more
/// that hold them: wider ones cost no less, and need more of the nearest cache. Where no scratch is
/// small enough, the narrowest one; for frames apart, 0 lanes.
template <class T>
Kernel<T> KernelFor(const KernelPlan<T>& plan, Spacing spacing = Spacing::kHop,
                    int frames = KernelPlan<T>::kMaxLanes);

/// Where a block's prepared samples may stand in `scratch`: room for those of any kernel.
template <class T>
T* PreparedSamples(T* scratch) {
  constexpr std::size_t kAlign = 64 / sizeof(T);
  return scratch + kAlign;  // the sample before the first is read too
}

/// The kernel's natural logarithm, for tests: `count` positive normal numbers.
/// Error: below kLogMaxUlp units in the last place.
template <class T>
inline constexpr double kLogMaxUlp = sizeof(T) == sizeof(float) ? 1.1 : 1.0;
template <class T>
void NaturalLog(const T* in, T* out, std::size_t count);

std::vector<std::string> CompiledTargets();
std::vector<std::string> SupportedTargets();
std::string CurrentTarget();
/// False if there is no such target here; "" chooses the best.
bool UseTarget(const std::string& name);

}  // namespace ossicle::dsp
