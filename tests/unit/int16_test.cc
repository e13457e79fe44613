#include "dsp/int16.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "dsp/kernel.h"

namespace ossicle::dsp {
namespace {

/// Whole numbers, ties, their neighbours, and what is clipped, in numbers that fill no vector.
template <class T>
std::vector<T> Samples() {
  std::vector<T> samples;
  for (const double x : {0.0, 1.0, 2.0, 1000.0, 32766.0, 32767.0, 32768.0, 40000.0, 1e30}) {
    for (const double part : {0.0, 0.25, 0.5, 0.75}) {
      samples.push_back(static_cast<T>((x + part) / 32768));
      samples.push_back(static_cast<T>(-(x + part) / 32768));
    }
  }
  samples.pop_back();
  return samples;
}

template <class T>
class Int16 : public testing::Test {};
using Types = testing::Types<float, double>;
TYPED_TEST_SUITE(Int16, Types);

TYPED_TEST(Int16, RoundsTiesToTheEvenNumberAndClips) {
  for (const std::string& target : SupportedTargets()) {
    ASSERT_TRUE(UseTarget(target));
    std::vector<TypeParam> samples = Samples<TypeParam>();
    std::vector<std::int16_t> whole(samples.size());
    ToInt16(samples, whole.data());
    std::vector<TypeParam> rounded = samples;
    RoundToInt16(std::span(rounded));
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const double wanted =
          std::clamp(std::nearbyint(static_cast<double>(samples[i]) * 32768), -32768.0, 32767.0);
      EXPECT_EQ(whole[i], wanted) << target << ": " << samples[i];
      EXPECT_EQ(rounded[i] * 32768, wanted) << target << ": " << samples[i];
      EXPECT_FALSE(wanted == 0 && std::signbit(rounded[i])) << target << ": " << samples[i];
    }
  }
  UseTarget("");
}

}  // namespace
}  // namespace ossicle::dsp
