#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>
#include <random>
#include <vector>

#include "dsp/kernel.h"
#include "oracle/signals.h"
#include "support/kernel.h"

namespace ossicle::dsp {
namespace {

using test::GuardedScratch;
using test::IsFiveSmooth;
using test::OnEveryInstructionSet;
using test::PowerPlan;
using test::RunBlock;
using test::SameBits;

/// Power spectrum by the definition, in double.
std::vector<double> NaivePower(const std::vector<double>& x) {
  const auto n = static_cast<std::int64_t>(x.size());
  std::vector<double> power;
  for (std::int64_t k = 0; k <= n / 2; ++k) {
    double re = 0.0, im = 0.0;
    for (std::int64_t i = 0; i < n; ++i) {
      const double turn =
          2.0 * std::numbers::pi * static_cast<double>(k * i % n) / static_cast<double>(n);
      re += x[static_cast<std::size_t>(i)] * std::cos(turn);
      im -= x[static_cast<std::size_t>(i)] * std::sin(turn);
    }
    power.push_back(re * re + im * im);
  }
  return power;
}

/// One frame's power spectrum; the block's other lanes do not hold numbers.
template <class T>
std::vector<T> PowerOf(const KernelPlan<T>& plan, const T* x) {
  GuardedScratch<T> scratch(ScratchElements(plan));
  BlockInput<T> input;
  T* const prepared = PreparedSamples(scratch.get());
  std::fill_n(scratch.get(), ScratchElements(plan), std::numeric_limits<T>::quiet_NaN());
  std::copy_n(x, plan.window_samples, prepared);
  input.prepared = prepared;
  return RunBlock(plan, scratch.get(), input, 1);
}

/// The power spectra of a whole block of frames.
template <class T>
std::vector<T> PowersOfBlock(const KernelPlan<T>& plan, const std::vector<T>& x) {
  GuardedScratch<T> scratch(ScratchElements(plan));
  const int lanes = KernelFor(plan).lanes;
  std::copy_n(x.begin(), plan.BlockSamples(lanes), PreparedSamples(scratch.get()));
  BlockInput<T> input;
  input.prepared = PreparedSamples(scratch.get());
  return RunBlock(plan, scratch.get(), input, lanes);
}

/// Largest error relative to the largest bin.
template <class T>
double WorstError(int size) {
  std::mt19937 random(static_cast<unsigned>(size));
  std::vector<double> x(static_cast<std::size_t>(size));
  for (double& value : x) value = static_cast<float>(random()) / 0x1p32f - 0.5f;
  const std::vector<double> expected = NaivePower(x);
  const std::vector<T> power =
      PowerOf(PowerPlan<T>(size), std::vector<T>(x.begin(), x.end()).data());
  double worst = 0.0;
  for (std::size_t k = 0; k < expected.size(); ++k) {
    worst = std::max(worst, std::abs(static_cast<double>(power[k]) - expected[k]));
  }
  return worst / *std::max_element(expected.begin(), expected.end());
}

TEST(Fft, IsTheDefinitionForEverySizeOfPowersOfTwoThreeAndFive) {
  for (int size = 2; size <= 1024; ++size) {
    if (!IsFiveSmooth(size)) continue;
    EXPECT_LE(WorstError<float>(size), 1e-6) << size;
    EXPECT_LE(WorstError<double>(size), 2e-14) << size;
  }
}

TEST(Fft, IsTheDefinitionForLargeSizes) {
  for (const int size : {2048, 3125, 4096, 6561}) {
    EXPECT_LE(WorstError<float>(size), 1e-6) << size;
    EXPECT_LE(WorstError<double>(size), 5e-14) << size;
  }
}

/// Sizes that reach every codelet and every kind of plan.
constexpr int kSomeSizes[] = {2,   3,   4,   5,   6,   8,   9,   15,  16,  25,   27,   32,
                              45,  48,  60,  64,  75,  81,  100, 125, 128, 160,  200,  240,
                              256, 320, 400, 480, 512, 600, 625, 800, 960, 1000, 1024, 2048};

template <class T>
void ExpectSameSpectraInEveryLaneOnEverySet(int size) {
  const KernelPlan<T> plan = PowerPlan<T>(size);
  const std::vector<float> noise = oracle::WhiteNoise(KernelPlan<T>::kMaxLanes * size);
  const std::vector<T> x(noise.begin(), noise.end());
  std::vector<T> expected;
  for (int frame = 0; frame < KernelPlan<T>::kMaxLanes; ++frame) {
    const std::vector<T> power = PowerOf(plan, x.data() + frame * size);
    expected.insert(expected.end(), power.begin(), power.end());
  }
  OnEveryInstructionSet([&] {
    const int bins = plan.OutputBands();
    const auto of_block = [&](int frames) {
      return std::vector<T>(expected.begin(), expected.begin() + frames * bins);
    };
    EXPECT_TRUE(SameBits(PowersOfBlock(plan, x), of_block(KernelFor(plan).lanes))) << size;
    EXPECT_TRUE(SameBits(PowerOf(plan, x.data()), of_block(1))) << size;
  });
}

TEST(Fft, HasTheSameBitsInEveryLaneOnEveryInstructionSet) {
  for (const int size : kSomeSizes) {
    ExpectSameSpectraInEveryLaneOnEverySet<float>(size);
    ExpectSameSpectraInEveryLaneOnEverySet<double>(size);
  }
}

TEST(Scratch, FitsAWorkersShareOfTheCacheUpToFourThousandNinetySix) {
  for (const int size : {256, 400, 512, 800, 1024, 2048, 4096}) {
    EXPECT_LE(ScratchElements(PowerPlan<float>(size)) * sizeof(float), kScratchBytes) << size;
    EXPECT_LE(ScratchElements(PowerPlan<double>(size)) * sizeof(double), kScratchBytes) << size;
  }
}

}  // namespace
}  // namespace ossicle::dsp
