#include "dsp/kernel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <string>
#include <type_traits>
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
BlockInput<T> PreparedInput(const KernelPlan<T>& plan, int lanes, const std::vector<float>& signal,
                            std::int64_t start, const Options& options, T* to) {
  BlockInput<T> input;
  input.prepared = to;
  for (int column = 0; column < plan.Columns(lanes); ++column) {
    for (int row = 0; row < plan.ColumnSamples(); ++row) {
      *to++ = SampleOf<T>(signal, start + column * plan.hop_samples + row, options);
    }
  }
  return input;
}

/// kFrames frames, in blocks.
template <class T>
std::vector<T> RunFrames(const KernelPlan<T>& plan, const std::vector<float>& signal,
                         const Options& options, bool prepared) {
  GuardedScratch<T> scratch(ScratchElements(plan));
  const int lanes = KernelFor(plan).lanes;
  std::vector<T> values;
  for (int frame = 0; frame < kFrames; frame += lanes) {
    const std::int64_t start = std::int64_t{frame} * plan.hop_samples;
    const BlockInput<T> input = prepared ? PreparedInput(plan, lanes, signal, start, options,
                                                         PreparedSamples(scratch.get()))
                                         : PlainInput<T>(signal, start, options);
    const std::vector<T> block = RunBlock(plan, scratch.get(), input, lanes);
    values.insert(values.end(), block.begin(), block.end());
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
  const std::vector<T> expected = RunFrames(plan, signal, options, true);
  for (const int frame : {0, kFrames - 1}) {
    const std::int64_t start = std::int64_t{frame} * framing.hop_samples;
    ExpectNear(NaiveFrame(framing, options, signal, start), options,
               expected.data() + frame * plan.OutputBands());
  }
  OnEveryInstructionSet([&] {
    EXPECT_TRUE(SameBits(RunFrames(plan, signal, options, true), expected)) << "prepared";
    EXPECT_TRUE(SameBits(RunFrames(plan, signal, options, false), expected)) << "plain";
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
