#include "ossicle/spec_difference.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <set>
#include <type_traits>

#include "frontend/spec_fields.h"
#include "support/failure.h"
#include "unit/spec_wordings.h"

namespace ossicle {
namespace {

using test::FailureOf;
using test::HasAll;
using test::With;
using test::Wording;
using test::Wordings;

std::vector<std::string> Texts(const FrontendSpec& found, const FrontendSpec& wanted) {
  std::vector<std::string> texts;
  for (const Deviation& deviation : Deviations(found, wanted)) texts.push_back(deviation.text);
  return texts;
}

/// What is said of `preset` after `change`, against the preset itself.
std::string TextOf(const char* preset, const std::function<void(FrontendSpec&)>& change) {
  const std::vector<std::string> texts = Texts(With(Preset(preset), change), Preset(preset));
  return std::accumulate(texts.begin(), texts.end(), std::string(),
                         [](const std::string& all, const std::string& text) {
                           return all.empty() ? text : all + "; " + text;
                         });
}

TEST(Deviations, AreNoneBetweenEqualSpecsWhateverTheirNames) {
  const FrontendSpec spec = With(Preset("whisper-80"), [](auto& s) { s.name = "mine"; });
  EXPECT_TRUE(Deviations(spec, Preset("whisper-80")).empty());
}

TEST(Deviations, AreSaidInPlainWords) {
  for (const Wording& wording : Wordings()) {
    EXPECT_EQ(TextOf(wording.preset, wording.change), wording.text);
  }
}

template <class T>
void ChangeValue(T& value) {
  if constexpr (std::is_enum_v<T>) {
    value = static_cast<T>((static_cast<std::size_t>(value) + 1) % kEnumNames<T>.size());
  } else if constexpr (std::is_same_v<T, bool>) {
    value = !value;
  } else if constexpr (std::is_same_v<T, std::string>) {
    value += "-2";
  } else {
    value = value * 2 + 1;
  }
}

TEST(Deviations, NameEveryFieldThatASpecHas) {
  const FrontendSpec wanted;
  ForEachField([&](const char* field, auto member, Range) {
    FrontendSpec found;
    ChangeValue(found.*member);
    const std::vector<Deviation> deviations = Deviations(found, wanted);
    ASSERT_EQ(deviations.size(), 1u) << field;
    const bool pad = std::string_view(field).starts_with("pad_");
    EXPECT_EQ(deviations[0].field, pad ? "framing" : field);
    EXPECT_FALSE(deviations[0].text.empty()) << field;
    EXPECT_TRUE(pad || deviations[0].found != deviations[0].wanted) << field;
  });
}

TEST(Deviations, GiveValuesAsInJson) {
  const FrontendSpec found = With(Preset("whisper-80"), [](auto& s) {
    s.resampler = "soxr-vhq";
    s.downmix = Downmix::kMean;
    s.input_scale = 32768;
    s.window = Window::kPovey;
    s.mel_dc = false;
    s.log_floor = 1.1920928955078125e-07;
    s.steps = {Clip{-4, 4}, Affine{0.25, 1}};
  });
  std::vector<std::string> values;
  for (const Deviation& each : Deviations(found, Preset("whisper-80"))) {
    values.push_back(each.field + ": " + each.found + " / " + each.wanted);
  }
  EXPECT_EQ(values, (std::vector<std::string>{
                        "resampler: \"soxr-vhq\" / \"swr-s16\"", "downmix: \"mean\" / \"ffmpeg\"",
                        "input_scale: 32768 / 1", "window: \"povey\" / \"hann\"",
                        "mel_dc: false / true", "log_floor: 1.1920928955078125e-07 / 1e-10",
                        "steps[0]: {\"step\": \"clip\", \"low\": -4, \"high\": 4} / ",
                        "steps[0]:  / {\"step\": \"peak_floor\", \"range\": 8}"}));
}

TEST(Deviations, PutEachStepBesideTheOneOfItsKind) {
  FrontendSpec wanted;
  wanted.steps = {PeakFloor{80}, Affine{0.1, 2}, Clip{-4, 4}};
  FrontendSpec found = wanted;
  found.steps = {Affine{0.2, 2}, Clip{-4, 4}, SubtractMean{}};
  EXPECT_EQ(Texts(found, wanted),
            (std::vector<std::string>{"not raised to the peak - 80",
                                      "turned into 0.2 x + 2, not turned into 0.1 x + 2",
                                      "also less the mean of each band"}));
}

class SpecDifferenceOfWhisper : public ::testing::Test {
 protected:
  SpecDifference Compare(const std::function<void(FrontendSpec&)>& change) const {
    return CompareSpecs(With(wanted, change), wanted, signal, kComparisonSignalRateHz);
  }

  const FrontendSpec wanted = Preset("whisper-80");
  const std::vector<float> signal = ComparisonSignal();
};

TEST_F(SpecDifferenceOfWhisper, MeasuresEachDifferenceAloneAndAllTogether) {
  const SpecDifference difference = Compare([](auto& s) {
    s.steps[1] = Affine{0.25, 1.5};
    s.drop_last_frame = false;
  });
  ASSERT_EQ(difference.effects.size(), 2u);
  const FeatureChange& frames = difference.effects[0].change;
  EXPECT_EQ(frames.frames_found, 401);
  EXPECT_EQ(frames.frames_wanted, 400);
  EXPECT_TRUE(frames.comparable);
  EXPECT_EQ(frames.max, 0.0);
  EXPECT_NEAR(difference.effects[1].change.mean, 0.5, 1e-12);
  EXPECT_NEAR(difference.effects[1].change.max, 0.5, 1e-12);
  EXPECT_NEAR(difference.together.mean, 0.5, 1e-12);
  EXPECT_EQ(difference.together.frames_found, 401);
  EXPECT_EQ(difference.unit, "normalised");
}

TEST_F(SpecDifferenceOfWhisper, SaysThatNumbersOfBandsCannotBeCompared) {
  const SpecDifference difference = Compare([](auto& s) { s.mel_bands = 128; });
  EXPECT_FALSE(difference.together.comparable);
  EXPECT_EQ(difference.together.bands_found, 128);
  EXPECT_EQ(difference.together.bands_wanted, 80);
}

TEST_F(SpecDifferenceOfWhisper, ComparesArraysThatLieDifferently) {
  const SpecDifference difference = Compare([](auto& s) { s.layout = Layout::kFramesFirst; });
  EXPECT_TRUE(difference.together.comparable);
  EXPECT_EQ(difference.together.max, 0.0);
}

TEST_F(SpecDifferenceOfWhisper, MakesADifferenceWithTheOneThatItNeeds) {
  const SpecDifference difference = Compare([](auto& s) { s.window_samples = s.fft_size = 800; });
  ASSERT_EQ(difference.effects.size(), 2u);
  EXPECT_EQ(difference.effects[0].deviation.field, "window_samples");
  EXPECT_EQ(difference.effects[0].with, 1u);
  EXPECT_EQ(difference.effects[0].change.mean, difference.together.mean);
  EXPECT_EQ(difference.effects[1].with, std::nullopt);
  EXPECT_LT(difference.effects[1].change.mean, difference.together.mean);
}

TEST_F(SpecDifferenceOfWhisper, ResamplesForEachRate) {
  const SpecDifference difference = Compare([](auto& s) { s.sample_rate_hz = 32000; });
  EXPECT_EQ(difference.together.frames_found, 800);
  EXPECT_EQ(difference.together.frames_wanted, 400);
  EXPECT_GT(difference.together.mean, 0.1);
}

TEST_F(SpecDifferenceOfWhisper, RefusesAudioThatIsEmptyOrNotFinite) {
  const auto failure = [&](std::span<const float> audio) {
    return FailureOf([&] { CompareSpecs(wanted, wanted, audio, 16000); });
  };
  EXPECT_EQ(failure({}).code, Code::kShape);
  const test::Failure spoilt =
      failure(std::vector<float>{0.0f, std::numeric_limits<float>::quiet_NaN()});
  EXPECT_EQ(spoilt.code, Code::kNotFinite);
  EXPECT_TRUE(HasAll(spoilt.message, {"sample 1 (at 0.000063 s)", "mend the audio"}));
  EXPECT_EQ(FailureOf([&] { CompareSpecs(wanted, wanted, signal, 0); }).code, Code::kInvalidSpec);
}

// What the built-in sound could not show, its user would take for harmless.
TEST(ComparisonSignal, ShowsEveryDifferenceThatHasAnEffect) {
  const std::vector<float> signal = ComparisonSignal();
  // The first and the last triangle of a mel bank are 0 at their outer ends anyhow; the sound has
  // one channel; and ffmpeg's resampler gives openWakeWord samples that are rounded already.
  const std::set<std::string_view> harmless = {
      "the bin at 0 Hz left out, not counted", "frames first, not bands first",
      "several channels: their mean, not mixed as ffmpeg does",
      "samples as they are, not rounded to 16 bits"};
  for (const Wording& wording : Wordings()) {
    const FrontendSpec wanted = Preset(wording.preset);
    const FeatureChange change =
        CompareSpecs(With(wanted, wording.change), wanted, signal, kComparisonSignalRateHz)
            .together;
    const bool is_shown = change.max > 0.0 || change.frames_found != change.frames_wanted ||
                          change.bands_found != change.bands_wanted;
    EXPECT_EQ(is_shown, !harmless.contains(wording.text)) << wording.text;
  }
}

UnknownFeatures Counting(std::int64_t rows, std::int64_t columns, double first) {
  UnknownFeatures array{std::vector<double>(static_cast<std::size_t>(rows * columns)), rows,
                        columns};
  std::iota(array.values.begin(), array.values.end(), first);
  return array;
}

UnknownFeatures Transposed(const UnknownFeatures& array) {
  UnknownFeatures turned{array.values, array.columns, array.rows};
  for (std::int64_t i = 0; i < array.rows * array.columns; ++i) {
    turned.values[static_cast<std::size_t>(i % array.columns * array.rows + i / array.columns)] =
        array.values[static_cast<std::size_t>(i)];
  }
  return turned;
}

TEST(CompareArrays, TakesTheFramesThatBothHave) {
  const FeatureChange change = CompareArrays(Counting(10, 4, 0), Counting(7, 4, 0.5));
  EXPECT_TRUE(change.comparable);
  EXPECT_EQ(change.frames_found, 10);
  EXPECT_EQ(change.frames_wanted, 7);
  EXPECT_EQ(change.bands_found, 4);
  EXPECT_EQ(change.mean, 0.5);
  EXPECT_EQ(change.max, 0.5);
}

TEST(CompareArrays, TurnsOneThatLiesDifferently) {
  const UnknownFeatures array = Counting(10, 4, 0);
  for (const auto& [found, wanted] :
       {std::pair{array, Transposed(array)}, {Transposed(array), array}}) {
    const FeatureChange change = CompareArrays(found, wanted);
    EXPECT_TRUE(change.comparable);
    EXPECT_EQ(change.max, 0.0);
  }
  const FeatureChange longer = CompareArrays(Transposed(array), Transposed(Counting(12, 4, 0)));
  EXPECT_EQ(longer.frames_found, 10);
  EXPECT_EQ(longer.frames_wanted, 12);
  EXPECT_EQ(longer.max, 0.0);
}

TEST(CompareArrays, RefusesWhatHasNoSideInCommon) {
  EXPECT_FALSE(CompareArrays(Counting(10, 4, 0), Counting(5, 7, 0)).comparable);
}

}  // namespace
}  // namespace ossicle
