#include "dsp/block_filter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <memory>
#include <new>
#include <random>
#include <string>
#include <vector>

#include "dsp/kernel.h"

namespace ossicle::dsp {
namespace {

std::vector<double> Noise(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<double> noise(count);
  for (double& x : noise) x = static_cast<float>(static_cast<double>(random()) / 4.3e9 - 0.5);
  return noise;
}

/// A symmetric filter with a sum of about `up`.
std::vector<double> SymmetricFilter(int taps, int up) {
  std::vector<double> filter(static_cast<std::size_t>(taps));
  const int middle = taps / 2;
  for (int i = 0; i < taps; ++i) {
    const double x = (i - middle) * 0.3;
    filter[static_cast<std::size_t>(i)] = up * 0.1 * (x == 0 ? 1.0 : std::sin(x) / x);
  }
  return filter;
}

/// Output m as the definition has it: zeros stuffed in, filtered, decimated.
double Defined(const std::vector<double>& filter, const std::vector<double>& samples, int up,
               int down, int m) {
  const int middle = static_cast<int>(filter.size()) / 2;
  double sum = 0.0;
  for (int i = 0; i < static_cast<int>(filter.size()); ++i) {
    const int stuffed = m * down + middle - i;
    if (stuffed < 0 || stuffed % up != 0) continue;
    const auto at = static_cast<std::size_t>(stuffed / up);
    if (at < samples.size()) sum += filter[static_cast<std::size_t>(i)] * samples[at];
  }
  return sum;
}

struct DeleteAligned {
  template <class T>
  void operator()(T* memory) const {
    ::operator delete[](memory, std::align_val_t{64});
  }
};

/// All whole blocks of a signal, `lanes` at a time.
template <class T>
std::vector<T> Filtered(const BlockFilter<T>& filter, const std::vector<double>& samples, int lanes,
                        BlockWidth width = BlockWidth::kFull) {
  const BlockShape& shape = filter.shape;
  std::vector<T> input(static_cast<std::size_t>(shape.lead_samples), T(0));
  for (const double x : samples) input.push_back(static_cast<T>(x));
  const std::unique_ptr<T[], DeleteAligned> scratch(static_cast<T*>(
      ::operator new[](BlockScratch<T>(shape, width) * sizeof(T), std::align_val_t{64})));
  std::vector<T> out;
  const int blocks =
      (static_cast<int>(input.size()) - shape.BlockSamples()) / shape.step_samples + 1;
  for (int block = 0; block < blocks; block += lanes) {
    const int count = std::min(lanes, blocks - block);
    std::vector<T> made(static_cast<std::size_t>(count * shape.StepOutputs()));
    FilterBlocks(filter, {input.data() + block * shape.step_samples, count, scratch.get(),
                          made.data(), width});
    out.insert(out.end(), made.begin(), made.end());
  }
  return out;
}

struct RatioCase {
  int up;
  int down;
  int taps;
};

class BlockFilters : public testing::TestWithParam<RatioCase> {};

TEST_P(BlockFilters, GiveWhatTheDefinitionGives) {
  const auto [up, down, taps] = GetParam();
  const std::vector<double> filter = SymmetricFilter(taps, up);
  const BlockShape shape = BlockShape::For(up, down, taps);
  ASSERT_GT(shape.step_samples, 0);
  const std::vector<double> samples =
      Noise(static_cast<std::size_t>(shape.BlockSamples() + 3 * shape.step_samples), 1);
  const std::vector<double> in_double =
      Filtered(BlockFilter<double>(shape, filter), samples, BlockLanes<double>(BlockWidth::kFull));
  const std::vector<float> in_float =
      Filtered(BlockFilter<float>(shape, filter), samples, BlockLanes<float>(BlockWidth::kFull));
  ASSERT_EQ(in_double.size(), in_float.size());
  ASSERT_GT(in_double.size(), static_cast<std::size_t>(2 * shape.StepOutputs()));
  for (std::size_t m = 0; m < in_double.size(); ++m) {
    const double wanted = Defined(filter, samples, up, down, static_cast<int>(m));
    ASSERT_NEAR(in_double[m], wanted, 3e-15) << m;
    ASSERT_NEAR(in_float[m], wanted, 1e-6) << m;
  }
}

TEST_P(BlockFilters, GiveTheSameBitsInEveryLaneOfEveryInstructionSet) {
  const auto [up, down, taps] = GetParam();
  const BlockShape shape = BlockShape::For(up, down, taps);
  const BlockFilter<float> filter(shape, SymmetricFilter(taps, up));
  const std::vector<double> samples =
      Noise(static_cast<std::size_t>(shape.BlockSamples() + 9 * shape.step_samples), 2);
  const std::vector<float> wanted = Filtered(filter, samples, 1);
  for (const std::string& target : SupportedTargets()) {
    ASSERT_TRUE(UseTarget(target));
    for (int lanes = 1; lanes <= BlockLanes<float>(BlockWidth::kFull); ++lanes) {
      EXPECT_EQ(Filtered(filter, samples, lanes), wanted) << target << ", " << lanes << " blocks";
    }
  }
  UseTarget("");
}

INSTANTIATE_TEST_SUITE_P(Ratios, BlockFilters,
                         testing::Values(RatioCase{1, 1, 5}, RatioCase{1, 1, 561},
                                         RatioCase{1, 3, 581}, RatioCase{2, 1, 389},
                                         RatioCase{2, 3, 581}, RatioCase{3, 1, 97},
                                         RatioCase{1, 2, 33}, RatioCase{3, 4, 65},
                                         RatioCase{5, 1, 101}, RatioCase{1, 5, 201},
                                         RatioCase{4, 3, 77}, RatioCase{16, 1, 161}),
                         [](const auto& info) {
                           return std::to_string(info.param.up) + "_" +
                                  std::to_string(info.param.down) + "_" +
                                  std::to_string(info.param.taps);
                         });

TEST(BlockFilter, DroppedSpectrumIsNotFolded) {
  // A tone between the two Nyquist frequencies folds to the band that is kept, or is dropped.
  BlockShape shape;
  shape.down = 2;
  shape.bins = 64;
  shape.lead_samples = 4;
  shape.step_samples = 248;
  const std::vector<double> all_pass = {0, 0, 0, 0, 1, 0, 0, 0, 0};
  std::vector<double> tone;
  for (int i = 0; i < 600; ++i) tone.push_back(std::cos(M_PI * 0.75 * i));
  const std::vector<double> folded = Filtered(BlockFilter<double>(shape, all_pass), tone, 1);
  shape.decimation = Decimation::kDrop;
  const std::vector<double> dropped = Filtered(BlockFilter<double>(shape, all_pass), tone, 1);
  EXPECT_NEAR(folded[100], tone[200], 1e-12);
  EXPECT_NEAR(dropped[100], 0.0, 0.02);
}

}  // namespace
}  // namespace ossicle::dsp
