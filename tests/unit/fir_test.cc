#include "dsp/fir.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

#include "dsp/kernel.h"

namespace ossicle::dsp {
namespace {

constexpr int kRows = 5;

template <class C>
struct Case {
  std::vector<C> samples;
  std::vector<C> taps;
  std::vector<FirPlace> places;
  int row_taps = 0;

  FirInput<C> Input() const { return {samples.data(), 2, taps.data(), row_taps}; }
};

/// `outputs` outputs whose rows follow one another, round and round.
template <class C>
Case<C> MakeCase(int row_taps, int outputs) {
  Case<C> made;
  made.row_taps = row_taps;
  std::mt19937 random(static_cast<unsigned>(row_taps * 1000 + outputs));
  const auto value = [&random] {
    if constexpr (std::is_integral_v<C>) return static_cast<C>(random());
    return static_cast<C>(static_cast<double>(random()) / 4e9 - 0.5);
  };
  for (int i = 0; i < 3 * outputs + row_taps + 2; ++i) made.samples.push_back(value());
  for (int i = 0; i < kRows * row_taps; ++i) made.taps.push_back(value());
  for (int i = 0; i < (kFirBlock - 1) * row_taps; ++i) {
    made.taps.push_back(made.taps[static_cast<std::size_t>(i)]);
  }
  for (int i = 0; i < outputs; ++i) made.places.push_back({5 * i / 2, i % kRows * row_taps});
  return made;
}

/// The sum as fir.h defines it.
template <class C>
C Defined(const Case<C>& made, const FirPlace& place) {
  C part[8] = {};
  for (int k = 0; k < made.row_taps; ++k) {
    part[k % 8] += made.samples[static_cast<std::size_t>(2 + place.sample + k)] *
                   made.taps[static_cast<std::size_t>(place.tap + k)];
  }
  return ((part[0] + part[4]) + (part[2] + part[6])) + ((part[1] + part[5]) + (part[3] + part[7]));
}

template <class C>
class Fir : public testing::Test {};
using Types = testing::Types<float, double>;
TYPED_TEST_SUITE(Fir, Types);

TYPED_TEST(Fir, SumsAreTheDefinedBitsOnEveryInstructionSet) {
  for (const std::string& target : SupportedTargets()) {
    ASSERT_TRUE(UseTarget(target));
    for (const int row_taps : {8, 16, 40, 96, 360}) {
      for (int outputs = 1; outputs <= 35; ++outputs) {
        const Case<TypeParam> made = MakeCase<TypeParam>(row_taps, outputs);
        std::vector<TypeParam> sums(made.places.size());
        FirSums(made.Input(), made.places, sums.data());
        for (std::size_t i = 0; i < sums.size(); ++i) {
          ASSERT_EQ(sums[i], Defined(made, made.places[i]))
              << target << ", " << row_taps << " taps, output " << i << " of " << outputs;
        }
      }
    }
  }
  UseTarget("");
}

TEST(FirOfIntegers, SumsWrapAround32Bits) {
  for (const std::string& target : SupportedTargets()) {
    ASSERT_TRUE(UseTarget(target));
    for (const int row_taps : {16, 32, 96}) {
      const Case<std::int16_t> made = MakeCase<std::int16_t>(row_taps, 19);
      std::vector<std::int32_t> sums(made.places.size());
      FirSums(made.Input(), made.places, sums.data());
      for (std::size_t i = 0; i < sums.size(); ++i) {
        std::int64_t exact = 0;
        for (int k = 0; k < row_taps; ++k) {
          exact +=
              std::int64_t{made.samples[static_cast<std::size_t>(2 + made.places[i].sample + k)]} *
              made.taps[static_cast<std::size_t>(made.places[i].tap + k)];
        }
        ASSERT_EQ(sums[i], static_cast<std::int32_t>(static_cast<std::uint32_t>(exact))) << target;
      }
    }
  }
  UseTarget("");
}

/// Some outputs in kFirPeriods periods, beside each period alone.
template <class C, class S>
void ExpectPeriodsToBeThoseOfEachAlone(const FirPeriod& period) {
  for (const std::string& target : SupportedTargets()) {
    ASSERT_TRUE(UseTarget(target));
    for (const int row_taps : {16, 48}) {
      for (int outputs = 1; outputs <= 20; ++outputs) {
        Case<C> made = MakeCase<C>(row_taps, 150);
        made.places.resize(static_cast<std::size_t>(outputs));
        std::vector<S> sums(static_cast<std::size_t>(kFirPeriods * period.outputs));
        FirPeriodSums(made.Input(), made.places, period, sums.data());
        FirInput<C> alone = made.Input();
        for (int p = 0; p < kFirPeriods; ++p, alone.offset += period.samples) {
          std::vector<S> expected(made.places.size());
          FirSums(alone, made.places, expected.data());
          const auto first = sums.begin() + p * period.outputs;
          ASSERT_EQ(std::vector<S>(first, first + outputs), expected)
              << target << ", " << row_taps << " taps, " << outputs << " outputs, period " << p;
        }
      }
    }
  }
  UseTarget("");
}

TEST(FirPeriods, AreTheSumsOfEachPeriodAlone) {
  const FirPeriod period{21, 47};
  ExpectPeriodsToBeThoseOfEachAlone<float, float>(period);
  ExpectPeriodsToBeThoseOfEachAlone<double, double>(period);
  ExpectPeriodsToBeThoseOfEachAlone<std::int16_t, std::int32_t>(period);
}

TEST(Fir, PaddingCountsForNothing) {
  Case<float> made = MakeCase<float>(16, 9);
  for (int row = 0; row < kRows + kFirBlock - 1; ++row) {
    for (int k = 11; k < 16; ++k) made.taps[static_cast<std::size_t>(row * 16 + k)] = 0.0f;
  }
  std::vector<float> sums(9), others(9);
  FirSums(made.Input(), made.places, sums.data());
  const std::size_t end = static_cast<std::size_t>(2 + made.places.back().sample + 11);
  for (std::size_t i = end; i < made.samples.size(); ++i) made.samples[i] = -1e30f;
  FirSums(made.Input(), made.places, others.data());
  EXPECT_EQ(sums, others);
}

}  // namespace
}  // namespace ossicle::dsp
