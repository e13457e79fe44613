#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>
#include <vector>

#include "dsp/kernel.h"

namespace ossicle::dsp {
namespace {

bool IsFiveSmooth(int n) {
  for (const int factor : {2, 3, 5}) {
    while (n % factor == 0) n /= factor;
  }
  return n == 1;
}

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

/// A kernel that does nothing but the FFT and the power: one band for each bin.
template <class T>
KernelPlan<T> PowerPlan(int size) {
  KernelPlan<T> plan(size, std::vector<double>(static_cast<std::size_t>(size), 1.0), size);
  std::vector<MelBand> bank;
  for (int bin = 0; bin <= size / 2; ++bin) bank.push_back({bin, {1.0}});
  plan.mel = MelSegments<T>(bank);
  plan.take_log = false;
  plan.Finish();
  return plan;
}

template <class T>
std::vector<T> KernelPower(const std::vector<double>& x) {
  const KernelPlan<T> plan = PowerPlan<T>(static_cast<int>(x.size()));
  const Kernel<T> kernel = KernelFor(plan);
  std::vector<T> memory(ScratchElements(plan) + 16);
  const auto address = reinterpret_cast<std::uintptr_t>(memory.data());
  T* scratch = memory.data() + (64 - address % 64) % 64 / sizeof(T);
  std::copy(x.begin(), x.end(), PreparedSamples(scratch));
  BlockInput<T> input;
  input.prepared = PreparedSamples(scratch);
  std::vector<T> power(x.size() / 2 + 1);
  BlockOutput<T> output;
  output.out = power.data();
  output.frame_stride = static_cast<std::int64_t>(power.size());
  output.band_stride = 1;
  output.frames = 1;
  kernel.compute(plan, scratch, input, output);
  return power;
}

/// Largest error relative to the largest bin.
template <class T>
double WorstError(int size) {
  std::mt19937 random(static_cast<unsigned>(size));
  std::vector<double> x(static_cast<std::size_t>(size));
  for (double& value : x) value = static_cast<float>(random()) / 0x1p32f - 0.5f;
  const std::vector<double> expected = NaivePower(x);
  const std::vector<T> power = KernelPower<T>(x);
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

TEST(Scratch, FitsAWorkersShareOfTheCacheUpToFourThousandNinetySix) {
  for (const int size : {256, 400, 512, 800, 1024, 2048, 4096}) {
    EXPECT_LE(ScratchElements(PowerPlan<float>(size)) * sizeof(float), kScratchBytes) << size;
    EXPECT_LE(ScratchElements(PowerPlan<double>(size)) * sizeof(double), kScratchBytes) << size;
  }
}

}  // namespace
}  // namespace ossicle::dsp
