#include "dsp/finite.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "dsp/kernel.h"

namespace ossicle::dsp {
namespace {

TEST(AllFinite, SeesEachBadNumberAtEveryPlace) {
  using Limits = std::numeric_limits<float>;
  for (const std::string& target : SupportedTargets()) {
    UseTarget(target);
    for (std::size_t count = 0; count < 75; ++count) {
      std::vector<float> x(count, Limits::lowest());
      EXPECT_TRUE(AllFinite({x.data(), count})) << target << ", " << count;
      for (std::size_t place = 0; place < count; ++place) {
        const float good = x[place];
        for (const float bad : {Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN(),
                                -Limits::quiet_NaN(), Limits::signaling_NaN()}) {
          x[place] = bad;
          EXPECT_FALSE(AllFinite({x.data(), count})) << target << ", " << place << " of " << count;
        }
        x[place] = good;
      }
    }
  }
  UseTarget("");
}

TEST(AllFinite, TakesEveryFiniteNumber) {
  using Limits = std::numeric_limits<float>;
  std::vector<float> x;
  for (int i = 0; i < 20; ++i) {
    for (const float good : {0.0F, 1.0F, Limits::max(), Limits::min(), Limits::denorm_min()}) {
      x.push_back(i % 2 == 0 ? good : -good);
    }
  }
  EXPECT_TRUE(AllFinite({x.data(), x.size()}));
}

}  // namespace
}  // namespace ossicle::dsp
