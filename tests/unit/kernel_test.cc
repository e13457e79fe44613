#include "dsp/kernel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "dsp/scratch_layout.h"
#include "oracle/signals.h"
#include "support/kernel.h"

namespace ossicle::dsp {
namespace {

using test::GuardedScratch;
using test::OnEveryInstructionSet;
using test::PowerPlan;
using test::RunBlock;
using test::SameBits;

/// Of a bin's power, relative to the frame's largest.
template <class T>
constexpr double kMaxPowerError = std::is_same_v<T, float> ? 1e-6 : 2e-14;
/// Of the logarithm of a frame's energy.
template <class T>
constexpr double kMaxEnergyError = std::is_same_v<T, float> ? 2e-6 : 1e-14;

constexpr double kCoefficient = 0.97;
constexpr int kFrames = KernelPlan<float>::kMaxLanes;  // whole blocks on every instruction set

struct Framing {
  int fft_size;
  int window_samples;
  int hop_samples;
};

/// What is done to samples.
struct Options {
  double scale = 1.0;
  bool round = false;
  bool emphasize = false;
  bool remove_dc = false;
  bool frame_preemphasis = false;
  bool log_energy = false;

  std::string Text() const {
    return "scale " + std::to_string(scale) + (round ? ", round" : "") +
           (emphasize ? ", emphasize" : "") + (remove_dc ? ", remove_dc" : "") +
           (frame_preemphasis ? ", frame_preemphasis" : "") + (log_energy ? ", log_energy" : "");
  }
};

/// All that BlockInput allows.
std::vector<Options> AllOptions() {
  std::vector<Options> all;
  for (unsigned bits = 0; bits < 64; ++bits) {
    const auto has = [bits](unsigned bit) { return (bits >> bit & 1) != 0; };
    const Options options = {has(0) ? 32768.0 : 1.0, has(1), has(2), has(3), has(4), has(5)};
    const bool after_it = options.remove_dc || options.frame_preemphasis || options.log_energy;
    if (options.emphasize && after_it) continue;
    all.push_back(options);
  }
  return all;
}

std::vector<double> Window(int samples) {
  std::vector<double> window;
  for (int i = 0; i < samples; ++i) {
    window.push_back(0.5 - 0.4 * std::cos(2.0 * std::numbers::pi * (i + 0.5) / samples));
  }
  return window;
}

/// A plan that leaves the bins' powers or, with log_energy, the energy in front of two sums of
/// them.
template <class T>
KernelPlan<T> PlanOf(const Framing& framing, const Options& options) {
  KernelPlan<T> plan =
      PowerPlan<T>(framing.fft_size, Window(framing.window_samples), framing.hop_samples);
  plan.remove_dc = options.remove_dc;
  plan.frame_preemphasis = options.frame_preemphasis;
  plan.preemphasis_rest = static_cast<T>(1.0 - kCoefficient);
  if (options.log_energy) {
    plan.log_energy = true;
    plan.coefficients = 3;
    plan.ops.push_back({RowOp<T>::Kind::kCepstrum, 0, 0});
    for (int i = 0; i < 3 * plan.mel.bands; ++i)
      plan.cepstrum.push_back(T(1) / static_cast<T>(i + 1));
  }
  plan.Finish();
  return plan;
}

/// The samples of kFrames frames, with one before the first: noise that goes beyond full scale,
/// with an offset, and with values half between two integers of 16 bits.
std::vector<float> Signal(std::int64_t samples) {
  std::vector<float> signal = oracle::WhiteNoise(samples + 1);
  for (std::size_t i = 0; i < signal.size(); ++i) {
    signal[i] = 1.1f * signal[i] + 0.1f;
    if (i % 5 == 0) signal[i] = (std::round(signal[i] * 32768.0f) + 0.5f) / 32768.0f;
  }
  signal.shrink_to_fit();  // AddressSanitizer then sees a read beyond the last sample
  return signal;
}

/// Sample `index` as the formulas in kernel.h have it. signal[0] is the one before the first.
template <class T>
T SampleOf(const std::vector<float>& signal, std::int64_t index, const Options& options) {
  const auto scaled = [&](std::int64_t place) {
    const T x =
        static_cast<T>(signal[static_cast<std::size_t>(place + 1)]) * static_cast<T>(options.scale);
    return options.round ? std::nearbyint(std::clamp(x, T(-32768), T(32767))) : x;
  };
  if (!options.emphasize) return scaled(index);
  const T previous = scaled(index - 1);
  return (scaled(index) - previous) + static_cast<T>(1.0 - kCoefficient) * previous;
}

template <class T>
BlockInput<T> PlainInput(const std::vector<float>& signal, std::int64_t start,
                         const Options& options) {
  BlockInput<T> input;
  input.signal = signal.data() + 1 + start;
  input.signal_end = signal.data() + signal.size();
  input.scale = static_cast<T>(options.scale);
  input.round = options.round;
  input.emphasize = options.emphasize;
  input.rest = static_cast<T>(1.0 - kCoefficient);
  return input;
}

/// Puts the samples of a block into `to`.
template <class T>
BlockInput<T> PreparedInput(const KernelPlan<T>& plan, int frames, const std::vector<float>& signal,
                            std::int64_t start, const Options& options, T* to) {
  BlockInput<T> input;
  input.prepared = to;
  for (int column = 0; column < plan.Columns(frames); ++column) {
    for (int row = 0; row < plan.ColumnSamples(); ++row) {
      *to++ = SampleOf<T>(signal, start + column * plan.hop_samples + row, options);
    }
  }
  return input;
}

/// kFrames frames in blocks of `most_frames`.
template <class T>
std::vector<T> RunFrames(const KernelPlan<T>& plan, const std::vector<float>& signal,
                         const Options& options, bool prepared, int most_frames) {
  GuardedScratch<T> scratch(ScratchElements(plan));
  std::vector<T> values;
  for (int frame = 0; frame < kFrames; frame += most_frames) {
    const int frames = std::min(most_frames, kFrames - frame);
    const std::int64_t start = std::int64_t{frame} * plan.hop_samples;
    const BlockInput<T> input = prepared ? PreparedInput(plan, frames, signal, start, options,
                                                         PreparedSamples(scratch.get()))
                                         : PlainInput<T>(signal, start, options);
    const std::vector<T> block = RunBlock(plan, scratch.get(), input, frames);
    values.insert(values.end(), block.begin(), block.end());
  }
  EXPECT_TRUE(scratch.IsGuardUntouched());
  return values;
}

template <class T>
std::vector<T> RunBlocks(const KernelPlan<T>& plan, const std::vector<float>& signal,
                         const Options& options, bool prepared) {
  return RunFrames(plan, signal, options, prepared, KernelFor(plan).lanes);
}

/// The windows of some frames, each in memory of its own, with the sample before it.
template <class Sample, class SampleAt>
std::vector<std::vector<Sample>> Windows(std::span<const int> frames, const Framing& framing,
                                         SampleAt sample_at) {
  std::vector<std::vector<Sample>> windows;
  for (const int frame : frames) {
    std::vector<Sample> window;
    const std::int64_t start = std::int64_t{frame} * framing.hop_samples;
    for (std::int64_t i = -1; i < framing.window_samples; ++i) {
      window.push_back(sample_at(start + i));
    }
    window.shrink_to_fit();  // as in Signal()
    windows.push_back(std::move(window));
  }
  return windows;
}

template <class Sample>
std::vector<const Sample*> FirstSamples(const std::vector<std::vector<Sample>>& windows) {
  std::vector<const Sample*> places;
  for (const std::vector<Sample>& window : windows) places.push_back(window.data() + 1);
  return places;
}

/// A block of frames that know nothing of each other.
template <class T>
std::vector<T> RunApart(const KernelPlan<T>& plan, const std::vector<float>& signal,
                        const Framing& framing, const Options& options, bool prepared,
                        std::span<const int> frames, T* scratch) {
  const auto windows = Windows<T>(frames, framing, [&](std::int64_t i) {
    // The one before a signal's first is read, and may be anything.
    return i < 0 ? T(99) : SampleOf<T>(signal, i, options);
  });
  const auto signals = Windows<float>(
      frames, framing, [&](std::int64_t i) { return signal[static_cast<std::size_t>(i + 1)]; });
  const std::vector<const T*> window_places = FirstSamples(windows);
  const std::vector<const float*> signal_places = FirstSamples(signals);
  BlockInput<T> input;
  if (prepared) {
    input.windows = window_places.data();
  } else {
    input = PlainInput<T>(signal, 0, options);
    input.signal = nullptr;
    input.signals = signal_places.data();
  }
  return RunBlock(plan, scratch, input, static_cast<int>(frames.size()));
}

/// kFrames frames, mixed and in blocks of `most_frames`, and put in order again.
template <class T>
std::vector<T> RunMixed(const KernelPlan<T>& plan, const std::vector<float>& signal,
                        const Framing& framing, const Options& options, bool prepared,
                        int most_frames) {
  GuardedScratch<T> scratch(ScratchElements(plan));
  const int bands = plan.OutputBands();
  std::vector<int> order(kFrames);
  for (int i = 0; i < kFrames; ++i) {
    order[static_cast<std::size_t>(i)] = (7 * i + most_frames) % kFrames;
  }
  std::vector<T> values(static_cast<std::size_t>(kFrames * bands));
  std::span<const int> left = order;
  while (!left.empty()) {
    const auto frames = left.first(std::min(left.size(), static_cast<std::size_t>(most_frames)));
    const std::vector<T> block =
        RunApart(plan, signal, framing, options, prepared, frames, scratch.get());
    for (std::size_t i = 0; i < frames.size(); ++i) {
      std::copy_n(block.begin() + static_cast<std::ptrdiff_t>(i) * bands, bands,
                  values.begin() + frames[i] * bands);
    }
    left = left.subspan(frames.size());
  }
  EXPECT_TRUE(scratch.IsGuardUntouched());
  return values;
}

/// One frame's values by the definitions, in double.
class NaiveFrame {
 public:
  NaiveFrame(const Framing& framing, const Options& options, const std::vector<float>& signal,
             std::int64_t start)
      : framing_(framing) {
    for (int i = 0; i < framing.window_samples; ++i) {
      frame_.push_back(SampleOf<double>(signal, start + i, options));
    }
    if (options.remove_dc) RemoveMean();
    for (const double x : frame_) energy_ += x * x;
    if (options.frame_preemphasis) PreEmphasize();
  }

  double LogEnergy() const { return std::log(energy_); }

  std::vector<double> Powers() const {
    std::vector<double> powers;
    const std::vector<double> window = Window(framing_.window_samples);
    for (int bin = 0; bin <= framing_.fft_size / 2; ++bin) {
      double re = 0.0, im = 0.0;
      for (int i = 0; i < framing_.window_samples; ++i) {
        const double turn =
            2.0 * std::numbers::pi * (bin * i % framing_.fft_size) / framing_.fft_size;
        const double x = window[static_cast<std::size_t>(i)] * frame_[static_cast<std::size_t>(i)];
        re += x * std::cos(turn);
        im -= x * std::sin(turn);
      }
      powers.push_back(re * re + im * im);
    }
    return powers;
  }

 private:
  void RemoveMean() {
    double sum = 0.0;
    for (const double x : frame_) sum += x;
    for (double& x : frame_) x -= sum / framing_.window_samples;
  }

  void PreEmphasize() {
    for (std::size_t i = frame_.size() - 1; i > 0; --i) frame_[i] -= kCoefficient * frame_[i - 1];
    frame_[0] -= kCoefficient * frame_[0];
  }

  Framing framing_;
  std::vector<double> frame_;
  double energy_ = 0.0;
};

template <class T>
void ExpectNear(const NaiveFrame& frame, const Options& options, const T* values) {
  if (options.log_energy) {
    EXPECT_NEAR(static_cast<double>(values[0]), frame.LogEnergy(),
                kMaxEnergyError<T> * std::abs(frame.LogEnergy()));
    return;
  }
  const std::vector<double> expected = frame.Powers();
  const double largest = *std::max_element(expected.begin(), expected.end());
  double worst = 0.0;
  for (std::size_t bin = 0; bin < expected.size(); ++bin) {
    worst = std::max(worst, std::abs(static_cast<double>(values[bin]) - expected[bin]));
  }
  EXPECT_LE(worst, kMaxPowerError<T> * largest);
}

/// The frames whose samples lie at the ends, against the definitions; all, on every instruction set
/// and on both ways, against each other.
template <class T>
void ExpectBothWaysAlike(const Framing& framing, const Options& options) {
  SCOPED_TRACE(options.Text() + ", window " + std::to_string(framing.window_samples) + ", hop " +
               std::to_string(framing.hop_samples) + (sizeof(T) == 4 ? ", float" : ", double"));
  const KernelPlan<T> plan = PlanOf<T>(framing, options);
  // Not a sample more than a block may read.
  const std::vector<float> signal = Signal(plan.BlockSamples(kFrames));
  const std::vector<T> expected = RunBlocks(plan, signal, options, true);
  for (const int frame : {0, kFrames - 1}) {
    const std::int64_t start = std::int64_t{frame} * framing.hop_samples;
    ExpectNear(NaiveFrame(framing, options, signal, start), options,
               expected.data() + frame * plan.OutputBands());
  }
  OnEveryInstructionSet([&] {
    EXPECT_TRUE(SameBits(RunBlocks(plan, signal, options, true), expected)) << "prepared";
    EXPECT_TRUE(SameBits(RunBlocks(plan, signal, options, false), expected)) << "plain";
  });
}

/// In blocks of all numbers of frames, one hop after the other and apart.
template <class T>
void ExpectAnyBlocksAlike(const Framing& framing, const Options& options) {
  const KernelPlan<T> plan = PlanOf<T>(framing, options);
  const std::vector<float> signal = Signal(plan.BlockSamples(kFrames));
  const std::vector<T> expected = RunBlocks(plan, signal, options, true);
  OnEveryInstructionSet([&] {
    for (int most = 1; most <= KernelFor(plan).lanes; ++most) {
      SCOPED_TRACE(options.Text() + ", " + std::to_string(most) + " frames");
      for (const bool prepared : {false, true}) {
        EXPECT_TRUE(SameBits(RunFrames(plan, signal, options, prepared, most), expected));
        EXPECT_TRUE(SameBits(RunMixed(plan, signal, framing, options, prepared, most), expected))
            << "apart";
      }
    }
  });
}

TEST(Kernel, GivesTheSameBitsFromASignalAndFromItsPreparedSamples) {
  constexpr Framing kFramings[] = {{60, 50, 1},  {60, 50, 3},  {60, 50, 7},  {50, 50, 16},
                                   {64, 50, 50}, {64, 50, 63}, {75, 33, 17}, {400, 400, 160}};
  for (const Framing& framing : kFramings) {
    for (const Options& options : AllOptions()) {
      ExpectBothWaysAlike<float>(framing, options);
      ExpectBothWaysAlike<double>(framing, options);
    }
  }
}

TEST(Kernel, GivesTheSameBitsForAnyFramesInABlock) {
  constexpr Framing kFramings[] = {{60, 50, 3}, {60, 48, 12}, {64, 50, 63}, {75, 33, 17}};
  for (const Framing& framing : kFramings) {
    for (const Options& options : AllOptions()) {
      ExpectAnyBlocksAlike<float>(framing, options);
      ExpectAnyBlocksAlike<double>(framing, options);
    }
  }
}

TEST(Kernel, IsTheNarrowestThatHoldsFewFramesInVectorsOf32BytesOrMore) {
  const KernelPlan<float> plan = PowerPlan<float>(400);
  OnEveryInstructionSet([&] {
    const int most = KernelFor(plan).lanes;
    for (int frames = 1; frames <= most; ++frames) {
      const int lanes = KernelFor(plan, Spacing::kApart, frames).lanes;
      EXPECT_EQ(lanes, KernelFor(plan, Spacing::kHop, frames).lanes);
      EXPECT_GE(lanes, frames);
      EXPECT_TRUE(lanes == most || (lanes == 8 && frames <= 8)) << lanes;
    }
    EXPECT_EQ(KernelFor(plan, Spacing::kHop, most + 1).lanes, most);
  });
}

TEST(Kernel, HasNoLanesForFramesApartWhoseScratchIsTooLarge) {
  const KernelPlan<double> plan = PowerPlan<double>(16384);
  EXPECT_EQ(KernelFor(plan, Spacing::kApart).lanes, 0);
  EXPECT_GE(KernelFor(plan).lanes, 1);
}

/// Of a block from a signal and from prepared samples, on every instruction set.
template <class T>
void ExpectScratchSuffices(int fft_size, int hop_samples) {
  KernelPlan<T> plan = PowerPlan<T>(fft_size, Window(fft_size), hop_samples);
  plan.Finish();
  const std::size_t elements = ScratchElements(plan);
  OnEveryInstructionSet([&] {
    SCOPED_TRACE(std::to_string(fft_size) + " samples, hop " + std::to_string(hop_samples));
    const int lanes = KernelFor(plan).lanes;
    ASSERT_LE(plan.TablesFor(lanes).layout.size, elements);
    const std::vector<float> signal = Signal(plan.BlockSamples(lanes));
    GuardedScratch<T> scratch(elements);
    RunBlock(plan, scratch.get(), PlainInput<T>(signal, 0, {}), lanes);
    EXPECT_TRUE(scratch.IsGuardUntouched()) << "from a signal";
    const BlockInput<T> prepared =
        PreparedInput(plan, lanes, signal, 0, {}, PreparedSamples(scratch.get()));
    RunBlock(plan, scratch.get(), prepared, lanes);
    EXPECT_TRUE(scratch.IsGuardUntouched()) << "from prepared samples";
    const int apart = KernelFor(plan, Spacing::kApart).lanes;
    if (apart == 0) return;
    const std::vector<const float*> places(static_cast<std::size_t>(apart), signal.data() + 1);
    BlockInput<T> input;
    input.signals = places.data();
    RunBlock(plan, scratch.get(), input, apart);
    EXPECT_TRUE(scratch.IsGuardUntouched()) << "apart";
  });
}

TEST(Scratch, SufficesForEveryKernelThatMayBeChosen) {
  for (const int fft_size : {400, 2048, 4096, 8192, 65536}) {
    for (const int hop_samples : {160, fft_size}) {
      ExpectScratchSuffices<float>(fft_size, hop_samples);
      ExpectScratchSuffices<double>(fft_size, hop_samples);
    }
  }
}

TEST(Scratch, IsOfOneSizeForEveryInstructionSet) {
  for (const int fft_size : {400, 4096, 65536}) {
    const KernelPlan<float> plan = PowerPlan<float>(fft_size);
    const std::size_t elements = ScratchElements(plan);
    OnEveryInstructionSet([&] { EXPECT_EQ(ScratchElements(plan), elements) << fft_size; });
  }
}

}  // namespace
}  // namespace ossicle::dsp
