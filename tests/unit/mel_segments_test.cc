#include "dsp/mel_segments.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "dsp/mel.h"

namespace ossicle::dsp {
namespace {

/// bands x bins.
using Dense = std::vector<std::vector<double>>;

Dense DenseOf(const std::vector<MelBand>& bank, int bins) {
  Dense dense(bank.size(), std::vector<double>(static_cast<std::size_t>(bins)));
  for (std::size_t band = 0; band < bank.size(); ++band) {
    std::copy(bank[band].weights.begin(), bank[band].weights.end(),
              dense[band].begin() + bank[band].first_bin);
  }
  return dense;
}

/// The taps of a segment, one behind the other in the tables.
struct Part {
  std::int32_t segment = 0;
  std::size_t first_tap = 0;
  std::size_t end_tap = 0;
};

template <class T>
std::vector<Part> PartsOf(const MelSegments<T>& mel) {
  std::vector<Part> parts;
  std::size_t tap = 0;
  for (const auto& run : mel.runs) {
    for (int i = 0; i < run.segments; ++i) {
      const auto taps = static_cast<std::size_t>(run.taps);
      parts.push_back({mel.segments.at(parts.size()), tap, tap + taps});
      tap += taps;
    }
  }
  return parts;
}

/// The weights by the definition: band b = rise of segment b + fall of segment b + 1. The rows of
/// the bands before the first and behind the last, which nothing may reach, come first and last.
template <class T>
Dense DenseOf(const MelSegments<T>& mel, int bins) {
  Dense dense(static_cast<std::size_t>(mel.bands) + 2,
              std::vector<double>(static_cast<std::size_t>(bins)));
  for (const Part& part : PartsOf(mel)) {
    const auto falling = static_cast<std::size_t>(part.segment);
    for (std::size_t tap = part.first_tap; tap < part.end_tap; ++tap) {
      const auto bin = static_cast<std::size_t>(mel.bins.at(tap));
      dense[falling].at(bin) += static_cast<double>(mel.weights.at(2 * tap));
      dense[falling + 1].at(bin) += static_cast<double>(mel.weights.at(2 * tap + 1));
    }
  }
  return dense;
}

template <class T>
void ExpectTheWeightsOf(const std::vector<MelBand>& bank, const MelSegments<T>& mel, int bins) {
  Dense expected = DenseOf(bank, bins);
  for (std::vector<double>& row : expected) {
    for (double& weight : row) weight = static_cast<T>(weight);
  }
  const std::vector<double> nothing(static_cast<std::size_t>(bins));
  expected.insert(expected.begin(), nothing);
  expected.push_back(nothing);
  EXPECT_EQ(mel.bands, std::ssize(bank));
  EXPECT_EQ(DenseOf(mel, bins), expected);
}

std::int64_t NonZeros(const std::vector<MelBand>& bank) {
  std::int64_t count = 0;
  for (const MelBand& band : bank) {
    count +=
        std::count_if(band.weights.begin(), band.weights.end(), [](double w) { return w != 0; });
  }
  return count;
}

/// Each segment once, each bin in one segment alone, each weight once, ascending in a segment.
template <class T>
void ExpectEachOnce(const std::vector<MelBand>& bank, const MelSegments<T>& mel) {
  std::vector<std::int32_t> segments = mel.segments;
  std::sort(segments.begin(), segments.end());
  std::vector<std::int32_t> all(bank.size() + 1);
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(segments, all);
  const std::vector<Part> parts = PartsOf(mel);
  ASSERT_EQ(parts.size(), all.size());
  ASSERT_EQ(parts.back().end_tap, mel.bins.size());
  ASSERT_EQ(mel.weights.size(), 2 * mel.bins.size());
  for (const Part& part : parts) {
    for (std::size_t tap = part.first_tap + 1; tap < part.end_tap; ++tap) {
      EXPECT_LT(mel.bins[tap - 1], mel.bins[tap]) << "segment " << part.segment;
    }
  }
  std::vector<std::int32_t> bins = mel.bins;
  std::sort(bins.begin(), bins.end());
  EXPECT_EQ(std::adjacent_find(bins.begin(), bins.end()), bins.end()) << "a bin is read twice";
  EXPECT_EQ(NonZeros(bank), std::count_if(mel.weights.begin(), mel.weights.end(),
                                          [](T weight) { return weight != 0; }));
  for (std::size_t run = 1; run < mel.runs.size(); ++run) {
    EXPECT_GT(mel.runs[run - 1].taps, mel.runs[run].taps);
  }
}

void ExpectTheSame(const std::vector<MelBand>& bank, int bins) {
  const MelSegments<float> in_float(bank);
  const MelSegments<double> in_double(bank);
  ExpectTheWeightsOf(bank, in_float, bins);
  ExpectTheWeightsOf(bank, in_double, bins);
  ExpectEachOnce(bank, in_float);
  ExpectEachOnce(bank, in_double);
}

struct Size {
  int fft_size;
  int bands;
};
// The last three have more bands than bins, so that most bands are empty.
constexpr Size kSizes[] = {{400, 80}, {512, 80},   {512, 1},   {512, 13}, {1024, 128},
                           {75, 20},  {4096, 128}, {256, 512}, {100, 80}, {2, 40}};

TEST(MelSegments, HaveTheWeightsOfTheirBank) {
  int empty = 0;
  for (const auto [fft_size, bands] : kSizes) {
    for (const auto scale : {MelScale::kSlaney, MelScale::kHtk, MelScale::kKaldi}) {
      for (const auto interpolation : {MelInterpolation::kHz, MelInterpolation::kMel}) {
        for (const double low_hz : {0.0, 20.0}) {
          SCOPED_TRACE(std::to_string(fft_size) + " samples, " + std::to_string(bands) + " bands");
          const std::vector<MelBand> bank = MakeMelBank({.fft_size = fft_size,
                                                         .bands = bands,
                                                         .scale = scale,
                                                         .interpolation = interpolation,
                                                         .low_hz = low_hz,
                                                         .high_hz = 8000.0 - low_hz});
          for (const MelBand& band : bank) empty += band.weights.empty() ? 1 : 0;
          ExpectTheSame(bank, fft_size / 2 + 1);
        }
      }
    }
  }
  EXPECT_GT(empty, 100) << "empty bands are hardly tested";
}

TEST(MelSegments, HaveTheWeightsOfBanksThatAreNoTriangles) {
  ExpectTheSame({{0, {1.0}}, {1, {1.0}}, {2, {1.0}}}, 3);                 // a band for each bin
  ExpectTheSame({{2, {1.0}}, {1, {1.0}}, {0, {1.0}}}, 3);                 // in falling order
  ExpectTheSame({{0, {}}, {0, {}}}, 1);                                   // nothing
  ExpectTheSame({{0, {1.0, 2.0, 3.0}}, {0, {4.0, 5.0, 6.0}}}, 3);         // the same bins
  ExpectTheSame({{0, {1.0, 0.0, 3.0}}, {1, {5.0, 7.0}}, {5, {1.0}}}, 6);  // with holes
}

TEST(MelSegments, AreNotForABinOfThreeBandsOrOfTwoThatAreNoNeighbours) {
  const std::vector<MelBand> apart = {{0, {1.0}}, {1, {1.0}}, {0, {1.0}}};
  const std::vector<MelBand> three = {{0, {1.0}}, {0, {1.0}}, {0, {1.0}}};
  EXPECT_THROW(MelSegments<float>{apart}, std::logic_error);
  EXPECT_THROW(MelSegments<float>{three}, std::logic_error);
  EXPECT_THROW(MelSegments<double>{apart}, std::logic_error);
}

}  // namespace
}  // namespace ossicle::dsp
