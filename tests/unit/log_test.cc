#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "dsp/kernel.h"

namespace ossicle::dsp {
namespace {

/// Numbers of every exponent: both ends, the places where the reduction of the argument changes,
/// and a sweep between.
template <class T>
std::vector<T> EveryExponent() {
  std::vector<T> values;
  const T sqrt_half = std::sqrt(T(0.5));
  for (int exponent = std::numeric_limits<T>::min_exponent;
       exponent < std::numeric_limits<T>::max_exponent; ++exponent) {
    for (int i = 0; i < 257; ++i) values.push_back(std::ldexp(T(0.5) + T(i) / 514, exponent));
    for (const T x : {sqrt_half, std::nextafter(sqrt_half, T(0)), std::nextafter(T(1), T(0))}) {
      values.push_back(std::ldexp(x, exponent));
    }
  }
  for (T x = T(0.9); x < T(1.1); x += T(1e-5)) values.push_back(x);
  return values;
}

template <class T>
double Ulps(T value, long double expected) {
  const T nearest = static_cast<T>(expected);
  if (nearest == 0) return value == 0 ? 0.0 : std::numeric_limits<double>::infinity();
  const T ulp =
      std::nextafter(std::abs(nearest), std::numeric_limits<T>::infinity()) - std::abs(nearest);
  return static_cast<double>(std::abs(value - expected) / ulp);
}

template <class T>
void ExpectWithinItsBound() {
  const std::vector<T> in = EveryExponent<T>();
  std::vector<T> out(in.size());
  NaturalLog(in.data(), out.data(), in.size());
  double worst = 0.0;
  for (std::size_t i = 0; i < in.size(); ++i) {
    worst = std::max(worst, Ulps(out[i], std::log(static_cast<long double>(in[i]))));
  }
  EXPECT_LT(worst, kLogMaxUlp<T>) << CurrentTarget();
  EXPECT_GT(worst, 0.4) << "a comparison that finds no rounding compares nothing";
}

TEST(NaturalLog, IsWithinItsBoundForEveryExponentOnEveryInstructionSet) {
  for (const std::string& target : SupportedTargets()) {
    ASSERT_TRUE(UseTarget(target));
    ExpectWithinItsBound<float>();
    ExpectWithinItsBound<double>();
  }
  UseTarget("");
}

TEST(NaturalLog, OfOneIsZero) {
  const float one = 1.0f;
  float log = 1.0f;
  NaturalLog(&one, &log, 1);
  EXPECT_EQ(log, 0.0f);
}

}  // namespace
}  // namespace ossicle::dsp
