#include "plot_comparison.h"

#include <gtest/gtest.h>

#include <cmath>

#include "plot_raster.h"
#include "support/failure.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace ossicle::cli {
namespace {

using test::CountEntries;
using test::FailureOf;
using test::HasAll;
using test::ReadBytes;
using test::TemporaryFolder;

FrontendSpec SmallSpec(int bands) {
  FrontendSpec spec;
  spec.mel_bands = bands;
  return spec;
}

/// Frames of `bands` values that count up from `first`.
Features<float> Counting(std::int64_t frames, int bands, double first) {
  Features<float> features(bands, Layout::kFramesFirst);
  for (std::int64_t frame = 0; frame < frames; ++frame) {
    const FeatureView<float> row = features.Append(1);
    for (int band = 0; band < bands; ++band) {
      row.at(0, band) = static_cast<float>(first + static_cast<double>(frame * bands + band));
    }
  }
  return features;
}

PlotSide Side(const std::string& title, std::int64_t frames, int bands, double first = 0.0) {
  return {title, Counting(frames, bands, first), SmallSpec(bands)};
}

std::string Svg(const PlotSide& mine, const PlotSide& theirs) {
  const TemporaryFolder dir;
  PlotOptions options;
  options.path = dir / "a.svg";
  options.height = 1100;
  PlotComparison(mine, theirs, options);
  return ReadBytes(options.path);
}

TEST(PlotComparison, NamesBothTheirSecondsAndTheirDifference) {
  const std::string svg = Svg(Side("mine <a>", 200, 8, 0.5), Side("theirs", 300, 8));
  EXPECT_TRUE(
      HasAll(svg, {"<title>mine &lt;a&gt; and theirs</title>", "Time (s): 0.0 0.5 1.0 1.5 2.0 2.5",
                   "difference (ln power): ", "mean 0.5, max 0.5", "</svg>"}));
}

TEST(PlotComparison, SaysWhyTwoMatricesAreNotSubtracted) {
  EXPECT_TRUE(HasAll(Svg(Side("a", 20, 8), Side("b", 20, 9)),
                     {"not subtracted: 8 values a frame against 9"}));
  PlotSide other = Side("b", 20, 8);
  other.spec.hop_samples = 200;
  EXPECT_TRUE(HasAll(Svg(Side("a", 20, 8), other),
                     {"not subtracted: frames are 10 ms apart against 12.5 ms"}));
}

TEST(PlotComparison, DrawsEqualMatricesAndSingleFrames) {
  EXPECT_TRUE(HasAll(Svg(Side("a", 30, 8), Side("b", 30, 8)), {"mean 0, max 0"}));
  EXPECT_TRUE(HasAll(Svg(Side("a", 1, 1), Side("b", 40, 1)), {"mean 0, max 0"}));
}

TEST(PlotComparison, RefusesWhatCannotBeDrawnAndWritesNothing) {
  const TemporaryFolder dir;
  PlotOptions options;
  options.path = dir / "a.png";
  const PlotSide good = Side("a", 30, 8);
  PlotSide waveform = Side("b", 30, 1);
  waveform.spec.spectrum = Spectrum::kWaveform;
  const auto code = [&](const PlotSide& mine, const PlotSide& theirs) {
    return FailureOf([&] { PlotComparison(mine, theirs, options); }).code;
  };
  EXPECT_EQ(code(good, Side("b", 0, 8)), Code::kShape);
  EXPECT_EQ(code({"b", Counting(3, 7, 0.0), SmallSpec(8)}, good), Code::kShape);
  EXPECT_EQ(code(good, waveform), Code::kInvalidSpec);
  options.path = dir / "a.jpg";
  EXPECT_EQ(code(good, good), Code::kInvalidSpec);
  EXPECT_EQ(CountEntries(dir / "."), 0);
}

int Brightness(std::uint32_t rgb) {
  return static_cast<int>((rgb >> 16) + (rgb >> 8 & 255) + (rgb & 255));
}

TEST(DivergingColors, AreWhiteInTheMiddleAndEquallyFarAtBothEnds) {
  const auto at = [](double position) { return ColorAt(position, ColorMap::kDiverging); };
  EXPECT_GT(Brightness(at(0.5)), 3 * 240);
  for (const double side : {0.0, 1.0}) {
    double before = Brightness(at(0.5));
    for (const double distance : {0.25, 0.5, 0.75, 1.0}) {
      const double now = Brightness(at(0.5 + distance * (side - 0.5)));
      EXPECT_LT(now, before);
      before = now;
    }
  }
  EXPECT_GT(at(1.0) >> 16, at(1.0) & 255);  // red
  EXPECT_LT(at(0.0) >> 16, at(0.0) & 255);  // blue
  EXPECT_EQ(at(-1.0), at(0.0));
  EXPECT_EQ(at(2.0), at(1.0));
}

TEST(DivergingRaster, ShowsWhatLiesFarthestFromZero) {
  Features<float> features(1, Layout::kFramesFirst);
  for (const float value : {0.1f, -0.9f, 0.2f, 0.0f}) features.Append(1).at(0, 0) = value;
  const Raster raster =
      DrawRaster(features, SmallSpec(1), 1, 1, ColorRange{-1.0, 1.0}, ColorMap::kDiverging);
  EXPECT_EQ(raster.pixels[0], ColorAt(0.05, ColorMap::kDiverging));
}

}  // namespace
}  // namespace ossicle::cli
