#include "dsp/mel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "oracle/oracle.h"
#include "ossicle/spec.h"

namespace ossicle::dsp {
namespace {

/// Of a weight, relative to the peak of its triangle.
constexpr double kMaxError = 1e-13;

MelParameters ParametersOf(const FrontendSpec& spec) {
  return {.sample_rate_hz = spec.sample_rate_hz,
          .fft_size = spec.fft_size,
          .bands = spec.mel_bands,
          .scale = spec.mel_scale,
          .interpolation = spec.mel_interpolation,
          .norm = spec.mel_norm,
          .dc = spec.mel_dc,
          .nyquist = spec.mel_nyquist,
          .float32 = spec.mel_float32,
          .low_hz = spec.low_hz,
          .high_hz = spec.high_hz};
}

std::vector<double> DenseBank(const FrontendSpec& spec) {
  const auto bins = static_cast<std::size_t>(spec.fft_size / 2 + 1);
  std::vector<double> dense;
  for (const MelBand& band : MakeMelBank(ParametersOf(spec))) {
    std::vector<double> row(bins);
    EXPECT_LE(static_cast<std::size_t>(band.first_bin) + band.weights.size(), bins);
    std::copy(band.weights.begin(), band.weights.end(), row.begin() + band.first_bin);
    dense.insert(dense.end(), row.begin(), row.end());
  }
  return dense;
}

std::vector<FrontendSpec> EveryRule(const FrontendSpec& base) {
  std::vector<FrontendSpec> specs;
  for (const auto scale : {MelScale::kSlaney, MelScale::kHtk, MelScale::kKaldi}) {
    for (const auto interpolation : {MelInterpolation::kHz, MelInterpolation::kMel}) {
      for (const auto norm : {MelNorm::kNone, MelNorm::kSlaney}) {
        for (int flags = 0; flags < 4; ++flags) {
          FrontendSpec spec = base;
          spec.mel_scale = scale;
          spec.mel_interpolation = interpolation;
          spec.mel_norm = norm;
          spec.mel_dc = flags % 2 == 0;
          spec.mel_nyquist = flags / 2 == 0;
          spec.mel_float32 = false;
          specs.push_back(spec);
        }
      }
    }
  }
  return specs;
}

FrontendSpec Bank(int sample_rate_hz, int fft_size, int bands, double low_hz, double high_hz) {
  FrontendSpec spec;
  spec.sample_rate_hz = sample_rate_hz;
  spec.fft_size = fft_size;
  spec.mel_bands = bands;
  spec.low_hz = low_hz;
  spec.high_hz = high_hz;
  return spec;
}

std::vector<FrontendSpec> Banks() {
  return {Bank(16000, 800, 80, 55, 7600),   Bank(16000, 400, 128, 0, 8000),
          Bank(16000, 512, 23, 20, 8000),   Bank(48000, 1024, 64, 50, 14000),
          Bank(22050, 375, 40, 0, 11025),   Bank(8000, 15, 5, 100, 4000),
          Bank(16000, 64, 200, 300, 3400),  Bank(16000, 400, 1, 0, 8000),
          Bank(44100, 2048, 128, 0, 22050), Bank(16000, 2, 1, 0, 8000)};
}

TEST(MelBank, MatchesTheOracleForEveryScaleInterpolationNormAndEdgeBin) {
  for (const FrontendSpec& base : Banks()) {
    for (const FrontendSpec& spec : EveryRule(base)) {
      const oracle::Matrix expected = oracle::MelBank(spec);
      const double highest = *std::max_element(expected.values.begin(), expected.values.end());
      const double unit = spec.mel_norm == MelNorm::kNone ? 1.0 : 2.0 / spec.high_hz;
      const double top = std::max(highest, unit);
      EXPECT_LE(oracle::Compare(DenseBank(spec), expected.values).max, kMaxError * top)
          << spec.fft_size << " points, scale " << static_cast<int>(spec.mel_scale)
          << ", interpolation " << static_cast<int>(spec.mel_interpolation) << ", norm "
          << static_cast<int>(spec.mel_norm) << ", DC " << spec.mel_dc << ", Nyquist "
          << spec.mel_nyquist;
    }
  }
}

TEST(MelBank, HasWeightsThatAreFloatsWhereTheSpecSaysSo) {
  for (const FrontendSpec& base : Banks()) {
    FrontendSpec spec = base;
    spec.mel_float32 = true;
    const oracle::Matrix expected = oracle::MelBank(spec);
    const std::vector<double> weights = DenseBank(spec);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      ASSERT_EQ(weights[i], static_cast<double>(static_cast<float>(weights[i])));
      ASSERT_NEAR(weights[i], expected.values[i], 0x1p-23 * expected.values[i]) << i;
    }
  }
}

TEST(MelBank, KeepsNoZerosAtTheEndsOfABand) {
  for (const FrontendSpec& spec : Banks()) {
    for (const MelBand& band : MakeMelBank(ParametersOf(spec))) {
      if (band.weights.empty()) continue;
      EXPECT_GT(band.weights.front(), 0.0);
      EXPECT_GT(band.weights.back(), 0.0);
    }
  }
}

TEST(MelBank, HasEmptyBandsWhereNoBinLiesBetweenTheCorners) {
  const std::vector<MelBand> bank = MakeMelBank(ParametersOf(Bank(16000, 64, 200, 300, 3400)));
  const auto empty = std::count_if(bank.begin(), bank.end(),
                                   [](const MelBand& band) { return band.weights.empty(); });
  EXPECT_GT(empty, 0);
  EXPECT_LT(empty, 200);
}

TEST(MelBank, SumsToOneOfTwoNeighboursBetweenTheFirstAndTheLastCentre) {
  FrontendSpec spec = Bank(16000, 512, 40, 0, 8000);
  spec.mel_norm = MelNorm::kNone;
  spec.mel_float32 = false;
  const std::vector<double> bank = DenseBank(spec);
  for (std::size_t bin = 4; bin < 230; ++bin) {
    double sum = 0.0;
    for (std::size_t band = 0; band < 40; ++band) sum += bank[band * 257 + bin];
    EXPECT_NEAR(sum, 1.0, 1e-13) << bin;
  }
}

TEST(MelScale, MatchesTheOracleAndIsUndoneByItsInverse) {
  for (const auto scale : {MelScale::kSlaney, MelScale::kHtk, MelScale::kKaldi}) {
    for (double hz = 0.0; hz < 384000.0; hz = hz * 1.01 + 0.7) {
      const double mel = HzToMel(scale, hz);
      EXPECT_NEAR(mel, oracle::MelOfHz(scale, hz), 1e-15 * (1.0 + mel) * 8);
      EXPECT_NEAR(MelToHz(scale, mel), hz, 1e-14 * (1000.0 + hz) * 8);
    }
  }
}

TEST(MelScale, HasThePublishedValues) {
  EXPECT_NEAR(HzToMel(MelScale::kSlaney, 8000.0), 45.245640471924965, 1e-13);
  EXPECT_NEAR(HzToMel(MelScale::kHtk, 1000.0), 999.9855, 1e-4);
  EXPECT_NEAR(HzToMel(MelScale::kKaldi, 1000.0), 1127.0 * std::log(1.0 + 1000.0 / 700.0), 1e-12);
}

}  // namespace
}  // namespace ossicle::dsp
