#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

#include "ossicle/compare.h"
#include "ossicle/frontend.h"
#include "support/failure.h"

namespace ossicle {
namespace {

using test::FailureOf;
using test::HasAll;

/// What `spec` gives of the comparison's own sound, in its layout.
UnknownFeatures Made(const FrontendSpec& spec) {
  const Features<float> features = FeaturesOf(spec, ComparisonSignal(), kComparisonSignalRateHz);
  UnknownFeatures array{{}, features.frames(), features.bands()};
  if (features.layout() == Layout::kBandsFirst) std::swap(array.rows, array.columns);
  features.ForEachPiece([&](std::span<const float> piece) {
    array.values.insert(array.values.end(), piece.begin(), piece.end());
  });
  return array;
}

Identification Identify(const UnknownFeatures& array, const IdentifyOptions& options = {}) {
  return IdentifyFrontend(array, ComparisonSignal(), kComparisonSignalRateHz, options);
}

TEST(IdentifyFrontend, NamesAPresetInEitherLayoutAndAtItsOwnRate) {
  for (const char* name : {"whisper-80", "kaldi-fbank-80", "tacotron2"}) {
    for (const Layout layout : {Layout::kFramesFirst, Layout::kBandsFirst}) {
      FrontendSpec spec = Preset(name);
      const bool own_layout = spec.layout == layout;
      spec.layout = layout;
      const Identification found = Identify(Made(spec));
      EXPECT_EQ(found.nearest_preset, name);
      EXPECT_EQ(found.certainty, Certainty::kExact);
      EXPECT_EQ(found.best.layout, layout);
      EXPECT_EQ(found.deviations.size(), own_layout ? 0u : 1u);
      EXPECT_EQ(found.ranking.front().preset, name);
      EXPECT_EQ(found.ranking.size(), Presets().size());
    }
  }
}

TEST(IdentifyFrontend, NamesTheResamplerOfAudioAtAnotherRate) {
  for (const char* name : {"torchaudio-hann6", "resampy-0.2-best", "soxr-hq"}) {
    FrontendSpec spec = Preset("whisper-80");
    spec.resampler = name;
    const Identification found = Identify(Made(spec));
    EXPECT_EQ(found.nearest_preset, "whisper-80");
    EXPECT_EQ(found.best.resampler, name);
    EXPECT_EQ(found.deviations.size(), 1u) << name;
  }
}

TEST(IdentifyFrontend, SaysNothingOfWhatItCannotHear) {
  FrontendSpec spec = Preset("tacotron2");
  spec.resampler = "kaldi";
  spec.downmix = Downmix::kFfmpeg;
  const Features<float> features = FeaturesOf(spec, ComparisonSignal(), spec.sample_rate_hz);
  UnknownFeatures array{{}, features.bands(), features.frames()};
  features.ForEachPiece([&](std::span<const float> piece) {
    array.values.insert(array.values.end(), piece.begin(), piece.end());
  });
  const Identification found = IdentifyFrontend(array, ComparisonSignal(), spec.sample_rate_hz);
  EXPECT_EQ(found.nearest_preset, "tacotron2");
  EXPECT_TRUE(found.deviations.empty());
  EXPECT_EQ(WithUnheardOf(spec, Preset("tacotron2"), spec.sample_rate_hz), Preset("tacotron2"));
  EXPECT_EQ(WithUnheardOf(spec, Preset("tacotron2"), 16000).resampler, "kaldi");
}

TEST(IdentifyFrontend, SaysHowFarItIsAndStopsWhenItIsTold) {
  const UnknownFeatures array = Made(Preset("whisper-80"));
  int calls = 0;
  double most = 0.0;
  IdentifyOptions options;
  options.progress = [&](double share) {
    ++calls;
    EXPECT_GE(share, 0.0);
    EXPECT_LE(share, 1.0);
    most = std::max(most, share);
  };
  Identify(array, options);
  EXPECT_GT(calls, 10);
  EXPECT_GT(most, 0.0);
  options.progress = [](double) { throw std::runtime_error("enough"); };
  EXPECT_THROW(Identify(array, options), std::runtime_error);
}

TEST(IdentifyFrontend, RefusesWhatItCannotSearch) {
  const auto failure = [](const UnknownFeatures& array, const IdentifyOptions& options = {}) {
    return FailureOf([&] { Identify(array, options); });
  };
  const UnknownFeatures array = Made(Preset("whisper-80"));
  EXPECT_EQ(failure({}).code, Code::kShape);
  EXPECT_EQ(failure({{1, 2, 3}, 2, 2}).code, Code::kShape);
  EXPECT_EQ(failure({std::vector<double>(12), 3, 4}).code, Code::kShape);
  EXPECT_EQ(failure({std::vector<double>(2000 * 1500), 2000, 1500}).code, Code::kShape);
  UnknownFeatures spoilt = array;
  spoilt.values[81] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(failure(spoilt).code, Code::kNotFinite);
  IdentifyOptions options;
  options.presets = {"whisper80"};
  EXPECT_TRUE(HasAll(failure(array, options).message, {"\"whisper-80\""}));
  options.presets.clear();
  for (const std::int64_t most : {99, 1000001}) {
    options.most_evaluations = most;
    const auto wrong = failure(array, options);
    EXPECT_EQ(wrong.code, Code::kInvalidSpec);
    EXPECT_TRUE(HasAll(wrong.message, {std::to_string(most), "100..1000000"}));
  }
  EXPECT_EQ(FailureOf([&] { IdentifyFrontend(array, {}, 16000); }).code, Code::kShape);
  EXPECT_EQ(FailureOf([&] { IdentifyFrontend(array, ComparisonSignal(), 0); }).code,
            Code::kInvalidSpec);
}

}  // namespace
}  // namespace ossicle
