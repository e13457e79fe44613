#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ossicle/error.h"
#include "ossicle/spec.h"

namespace ossicle {
namespace {

std::string MessageFor(const std::string& name) {
  try {
    Preset(name);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kInvalidSpec);
    return error.what();
  }
  ADD_FAILURE() << "a preset is named " << name;
  return "";
}

TEST(Presets, ResolveByNameAndByAlias) {
  for (const PresetInfo& preset : Presets()) {
    EXPECT_EQ(Preset(preset.name).name, preset.name);
    if (!preset.alias.empty()) {
      EXPECT_EQ(Preset(preset.alias).name, preset.name);
    }
    EXPECT_FALSE(preset.summary.empty()) << preset.name;
    EXPECT_FALSE(preset.source.empty()) << preset.name;
  }
  EXPECT_EQ(Preset("wav2lip").name, "wav2lip@librosa-0.9");
}

TEST(Presets, HaveDifferentNamesAndAliases) {
  std::set<std::string> seen;
  for (const PresetInfo& preset : Presets()) {
    EXPECT_TRUE(seen.insert(preset.name).second) << preset.name;
    if (!preset.alias.empty()) {
      EXPECT_TRUE(seen.insert(preset.alias).second) << preset.alias;
    }
  }
}

TEST(Presets, OfAFamilyAreNeighbours) {
  std::set<std::string> seen;
  std::string last;
  for (const PresetInfo& preset : Presets()) {
    EXPECT_FALSE(preset.family.empty()) << preset.name;
    if (preset.family == last) continue;
    EXPECT_TRUE(seen.insert(preset.family).second) << preset.name;
    last = preset.family;
  }
}

TEST(Presets, DifferInMoreThanTheirName) {
  const std::vector<PresetInfo> presets = Presets();
  for (std::size_t i = 0; i < presets.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_FALSE(Preset(presets[i].name) == Preset(presets[j].name)) << presets[i].name;
    }
  }
}

TEST(Presets, AreValidAndSurviveJson) {
  for (const PresetInfo& preset : Presets()) {
    const FrontendSpec spec = Preset(preset.name);
    EXPECT_NO_THROW(spec.Validate()) << preset.name;
    const FrontendSpec parsed = FrontendSpec::FromJson(spec.ToJson());
    EXPECT_EQ(parsed, spec) << preset.name;
    EXPECT_EQ(parsed.name, spec.name);
  }
}

TEST(Presets, SayHowTheirReferenceGetsItsSamples) {
  const auto loading = [](const char* name) {
    const FrontendSpec spec = Preset(name);
    return std::pair(spec.resampler, spec.downmix);
  };
  using Loading = std::pair<std::string, Downmix>;
  const std::pair<const char*, Loading> cases[] = {
      {"whisper-80", {"swr-s16", Downmix::kFfmpeg}},
      {"whisper-128@transcribe", {"swr-s16", Downmix::kFfmpeg}},
      {"whisper-80@faster-whisper", {"swr-float-s16", Downmix::kFfmpeg}},
      {"wav2lip", {"soxr-hq@librosa", Downmix::kMean}},
      {"wav2lip@librosa-0.7", {"resampy-0.2-best@librosa", Downmix::kMean}},
      {"librosa-mfcc@0.8", {"resampy-0.2-best@librosa", Downmix::kMean}},
      {"kaldi-fbank-80", {"kaldi", Downmix::kMean}},
      {"kaldi-mfcc-13@torchaudio", {"torchaudio-hann6", Downmix::kMean}},
      {"icefall-fbank-80", {"torchaudio-hann6", Downmix::kMean}},
      {"pyannote-wespeaker", {"torchaudio-hann6", Downmix::kMean}},
      {"nemo-80@2.4", {"soxr-hq@librosa", Downmix::kMean}},
      {"vggish", {"resampy-0.2-best", Downmix::kMean}}};
  for (const auto& [name, wanted] : cases) EXPECT_EQ(loading(name), wanted) << name;
}

TEST(Presets, OfferTheNearestNameForAnUnknownOne) {
  EXPECT_NE(MessageFor("whisper80").find("whisper-80"), std::string::npos);
  EXPECT_NE(MessageFor("whisper-127").find("whisper-128"), std::string::npos);
  EXPECT_NE(MessageFor("wav2lips").find("wav2lip"), std::string::npos);
  EXPECT_NE(MessageFor("kaldi_fbank_80").find("kaldi-fbank-80"), std::string::npos);
  EXPECT_NE(MessageFor("open-wake-word").find("openwakeword"), std::string::npos);
  EXPECT_NE(MessageFor("whisper80").find("\"whisper80\""), std::string::npos);
  EXPECT_NE(MessageFor("whisper").find("\"whisper-80\""), std::string::npos);
}

TEST(Presets, OfferNoNameThatIsNotNear) {
  for (const std::string name : {"", "abc", "qqq", "gibberish", "an entirely different thing"}) {
    EXPECT_EQ(MessageFor(name),
              "no front end is named \"" + name + "\"; `ossicle frontends` lists all of them");
  }
}

TEST(Presets, WantWhatAFileHoldsInsteadOfItsPath) {
  for (const std::string name : {"mine.json", "specs/mine", "whisper-80.json"}) {
    const std::string message = MessageFor(name);
    EXPECT_NE(message.find("give the spec that its JSON holds"), std::string::npos) << message;
    EXPECT_EQ(message.find("nearest"), std::string::npos) << message;
  }
}

TEST(Presets, HaveTheUnitOfTheirValues) {
  EXPECT_EQ(FeatureUnit(Preset("openwakeword")), "dB");
  EXPECT_EQ(FeatureUnit(Preset("kaldi-fbank-80")), "ln power");
  EXPECT_EQ(FeatureUnit(Preset("whisper-80")), "normalised");
}

}  // namespace
}  // namespace ossicle
