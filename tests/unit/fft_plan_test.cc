#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "dsp/fft.h"
#include "support/kernel.h"

namespace ossicle::dsp {
namespace {

std::vector<int> Sizes() {
  std::vector<int> sizes;
  for (int size = 2; size <= 4096; ++size) {
    if (test::IsFiveSmooth(size)) sizes.push_back(size);
  }
  return sizes;
}

std::vector<std::int32_t> Sorted(std::vector<std::int32_t> values) {
  std::sort(values.begin(), values.end());
  return values;
}

/// 0, 1, ... count - 1.
std::vector<std::int32_t> Count(int count) {
  std::vector<std::int32_t> values(static_cast<std::size_t>(count));
  std::iota(values.begin(), values.end(), 0);
  return values;
}

bool AreDistinct(const std::vector<std::int32_t>& values) {
  const std::vector<std::int32_t> sorted = Sorted(values);
  return std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
}

TEST(FftPlan, ReadsEverySampleOnce) {
  for (const int size : Sizes()) {
    const FftPlan<float> plan(size);
    EXPECT_EQ(plan.rows * plan.columns, size);
    EXPECT_EQ(Sorted(plan.inputs), Count(size)) << size;
  }
}

TEST(FftPlan, PutsEverySumAndEveryBinInAPlaceOfItsOwn) {
  for (const int size : Sizes()) {
    const FftPlan<float> plan(size);
    EXPECT_EQ(Sorted(plan.sum_places), Count(2 * plan.columns)) << size;
    EXPECT_GE(plan.column_stride, plan.columns) << size;
    ASSERT_EQ(std::ssize(plan.bin_places), size / 2 + 1) << size;
    EXPECT_TRUE(AreDistinct(plan.bin_places)) << size;
    EXPECT_GE(*std::min_element(plan.bin_places.begin(), plan.bin_places.end()), 0) << size;
    EXPECT_LT(*std::max_element(plan.bin_places.begin(), plan.bin_places.end()),
              static_cast<std::int64_t>(plan.vectors()))
        << size;
  }
}

/// The sizes of the stages, from the whole column to one element.
void ExpectStagesOfAColumn(const FftPlan<float>& plan) {
  int left = plan.columns;
  std::size_t twiddle = 0;
  for (const FftStage& stage : plan.stages) {
    EXPECT_EQ(stage.radix * stage.rest, left);
    EXPECT_EQ(stage.first_twiddle, twiddle);
    left = stage.rest;
    if (stage.rest > 1) twiddle += 2 * static_cast<std::size_t>(stage.rest * (stage.radix - 1));
  }
  EXPECT_EQ(left, 1);
  EXPECT_EQ(plan.stage_twiddles.size(), twiddle);
}

TEST(FftPlan, HasStagesWhoseRadicesMultiplyToAColumn) {
  for (const int size : Sizes()) {
    SCOPED_TRACE(size);
    ExpectStagesOfAColumn(FftPlan<float>(size));
  }
}

TEST(FftPlan, TwiddlesBetweenItsPassesOnlyWhereTheyAreNotCoprime) {
  int coprime = 0, twiddled = 0;
  for (const int size : Sizes()) {
    const FftPlan<float> plan(size);
    if (plan.coprime) {
      EXPECT_EQ(std::gcd(plan.rows, plan.columns), 1) << size;
      EXPECT_TRUE(plan.row_twiddles.empty()) << size;
      ++coprime;
    } else {
      EXPECT_EQ(std::ssize(plan.row_twiddles), 2 * (plan.columns - 1) * (plan.kept - 1)) << size;
      ++twiddled;
    }
  }
  EXPECT_GT(std::min(coprime, twiddled), 10) << "one kind of plan is hardly tested";
}

template <class T, class U>
void ExpectSameTables(const FftPlan<T>& a, const FftPlan<U>& b) {
  SCOPED_TRACE(a.size);
  EXPECT_EQ(a.rows, b.rows);
  EXPECT_EQ(a.inputs, b.inputs);
  EXPECT_EQ(a.sum_places, b.sum_places);
  EXPECT_EQ(a.pair_places, b.pair_places);
  EXPECT_EQ(a.bin_places, b.bin_places);
  const auto same_stage = [](const FftStage& x, const FftStage& y) {
    return x.radix == y.radix && x.rest == y.rest && x.first_twiddle == y.first_twiddle;
  };
  EXPECT_TRUE(
      std::equal(a.stages.begin(), a.stages.end(), b.stages.begin(), b.stages.end(), same_stage));
  const auto rounded = [](const std::vector<U>& twiddles) {
    return std::vector<T>(twiddles.begin(), twiddles.end());
  };
  EXPECT_EQ(a.row_twiddles, rounded(b.row_twiddles));
  EXPECT_EQ(a.stage_twiddles, rounded(b.stage_twiddles));
  EXPECT_EQ(a.pair_twiddles, rounded(b.pair_twiddles));
}

TEST(FftPlan, IsTheSameInBothPrecisionsAndEachTime) {
  for (const int size : Sizes()) {
    const FftPlan<float> plan(size);
    ExpectSameTables(plan, FftPlan<double>(size));
    ExpectSameTables(plan, FftPlan<float>(size));
  }
}

TEST(FftPlan, KeepsOneOfEachPairOfConjugateBins) {
  for (const int size : {2, 3, 4, 5, 8, 16, 32}) {
    std::vector<std::int32_t> bins = {0};
    if (size % 2 == 0) bins.push_back(size / 2);
    for (const int bin : RealColumnBins(size)) {
      bins.push_back(bin);
      bins.push_back(size - bin);
    }
    EXPECT_EQ(Sorted(bins), Count(size)) << size;
  }
}

}  // namespace
}  // namespace ossicle::dsp
