#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "dsp/dct.h"
#include "dsp/exact_math.h"
#include "dsp/window.h"

namespace ossicle::dsp {
namespace {

constexpr double kRounding = 2.3e-16;  // an ulp at 1

TEST(ExactMath, AgreesWithTheLibraryToItsRounding) {
  for (int n : {7, 400, 800, 2048}) {
    for (int k = 0; k < 2 * n; ++k) {
      const long double angle = 2 * std::numbers::pi_v<long double> * k / n;
      EXPECT_NEAR(CosTurn(k, n), static_cast<double>(std::cos(angle)), kRounding) << k << "/" << n;
      EXPECT_NEAR(SinTurn(k, n), static_cast<double>(std::sin(angle)), kRounding) << k << "/" << n;
    }
  }
  for (double x = -30.0; x < 30.0; x += 0.37) {
    EXPECT_NEAR(Exp(x) / std::exp(x), 1.0, 2 * kRounding) << x;
    EXPECT_NEAR(Log(std::exp(x)), x, 2 * kRounding * std::abs(x) + kRounding) << x;
    EXPECT_NEAR(SinPi(x + 30.0), std::sin(std::numbers::pi_v<long double> * (x + 30.0)), 1e-14);
  }
  for (double x = 0.01; x < 1.0; x += 0.01) {
    EXPECT_NEAR(Pow(x, 0.85), std::pow(x, 0.85), kRounding) << x;
  }
  EXPECT_EQ(Pow(0.0, 0.85), 0.0);
}

TEST(ExactMath, IsExactAtTheQuarterTurns) {
  EXPECT_EQ(CosTurn(0, 8), 1.0);
  EXPECT_EQ(CosTurn(2, 8), 0.0);
  EXPECT_EQ(CosTurn(4, 8), -1.0);
  EXPECT_EQ(SinTurn(2, 8), 1.0);
  EXPECT_EQ(SinTurn(4, 8), 0.0);
  EXPECT_EQ(SinTurn(6, 8), -1.0);
}

TEST(MakeWindow, IsPeriodicOrSymmetricAsAsked) {
  const std::vector<double> periodic = MakeWindow(Window::kHann, 400, true);
  const std::vector<double> symmetric = MakeWindow(Window::kHann, 400, false);
  EXPECT_EQ(periodic[0], 0.0);
  EXPECT_EQ(periodic[200], 1.0);
  EXPECT_GT(periodic[399], 0.0);
  EXPECT_EQ(symmetric[399], 0.0);
  for (std::size_t n = 0; n < 400; ++n) EXPECT_EQ(symmetric[n], symmetric[399 - n]) << n;
}

TEST(MakeWindow, FollowsTheFormulaOfEachKind) {
  constexpr int kSamples = 25;
  for (int n = 0; n < kSamples; ++n) {
    const auto i = static_cast<std::size_t>(n);
    const double cosine = std::cos(2 * std::numbers::pi * n / (kSamples - 1));
    const double hann = 0.5 - 0.5 * cosine;
    EXPECT_NEAR(MakeWindow(Window::kHann, kSamples, false)[i], hann, 1e-15);
    EXPECT_NEAR(MakeWindow(Window::kHamming, kSamples, false)[i], 0.54 - 0.46 * cosine, 1e-15);
    EXPECT_NEAR(MakeWindow(Window::kPovey, kSamples, false)[i], std::pow(hann, 0.85), 1e-14);
    EXPECT_EQ(MakeWindow(Window::kRectangular, kSamples, false)[i], 1.0);
  }
  EXPECT_EQ(MakeWindow(Window::kHann, 1, false), std::vector<double>{1.0});
}

TEST(MakeCepstrumMatrix, IsOrthonormalWithoutALifter) {
  constexpr int kBands = 23;
  const std::vector<double> matrix = MakeCepstrumMatrix(kBands, kBands, 0.0);
  for (int i = 0; i < kBands; ++i) {
    for (int j = 0; j < kBands; ++j) {
      double product = 0.0;
      for (int band = 0; band < kBands; ++band) {
        product += matrix[static_cast<std::size_t>(i * kBands + band)] *
                   matrix[static_cast<std::size_t>(j * kBands + band)];
      }
      EXPECT_NEAR(product, i == j ? 1.0 : 0.0, 1e-14) << i << ", " << j;
    }
  }
}

TEST(MakeCepstrumMatrix, LiftsEachRow) {
  const std::vector<double> plain = MakeCepstrumMatrix(13, 23, 0.0);
  const std::vector<double> lifted = MakeCepstrumMatrix(13, 23, 22.0);
  for (std::size_t i = 0; i < 13; ++i) {
    const double lift = 1.0 + 11.0 * std::sin(std::numbers::pi * static_cast<double>(i) / 22.0);
    EXPECT_NEAR(lifted[i * 23], lift * plain[i * 23], 1e-14) << i;
  }
}

}  // namespace
}  // namespace ossicle::dsp
