#include <gtest/gtest.h>

#include <cstdint>

#include "oracle/oracle.h"
#include "ossicle/frontend.h"
#include "ossicle/spec.h"

namespace ossicle {
namespace {

constexpr std::int64_t kSamples = 480000;

std::int64_t FramesOf(const char* preset) { return Frontend(Preset(preset)).Frames(kSamples); }

TEST(FrameCount, IsThatOfTheReferencesForThirtySeconds) {
  EXPECT_EQ(FramesOf("wav2lip@librosa-0.9"), 2401);
  EXPECT_EQ(FramesOf("wav2lip@librosa-0.7"), 2401);
  EXPECT_EQ(FramesOf("whisper-80"), 3000);
  EXPECT_EQ(FramesOf("whisper-128"), 3000);
  EXPECT_EQ(FramesOf("whisper-80@transcribe"), 6000);
  EXPECT_EQ(FramesOf("whisper-128@transcribe"), 6000);
  EXPECT_EQ(FramesOf("whisper-80@faster-whisper"), 3001);
  EXPECT_EQ(FramesOf("kaldi-fbank-80"), 2998);
  EXPECT_EQ(FramesOf("kaldi-mfcc-13"), 2998);
  EXPECT_EQ(FramesOf("icefall-fbank-80"), 3000);
  EXPECT_EQ(FramesOf("librosa-mel"), 938);
  EXPECT_EQ(FramesOf("torchaudio-mel"), 2401);
  EXPECT_EQ(FramesOf("nemo-80@2.4"), 3001);
  EXPECT_EQ(FramesOf("nemo-80@2.5"), 3000);
  EXPECT_EQ(FramesOf("openwakeword"), 2997);
  EXPECT_EQ(FramesOf("openwakeword-embedding"), 2997);
  EXPECT_EQ(FramesOf("yamnet"), 2998);
  EXPECT_EQ(FramesOf("vggish"), 2998);
  EXPECT_EQ(FramesOf("ast"), 2998);
  EXPECT_EQ(FramesOf("tacotron2"), 1876);
  EXPECT_EQ(FramesOf("hifigan"), 1875);
  EXPECT_EQ(FramesOf("wespeaker"), 2998);
  EXPECT_EQ(FramesOf("clap-htk"), 1001);
  EXPECT_EQ(FramesOf("seamless-m4t"), 2998);
  EXPECT_EQ(FramesOf("wav2vec2"), 480000);
}

TEST(FrameCount, MatchesTheOracleForEveryShortLength) {
  for (const PresetInfo& preset : Presets()) {
    const FrontendSpec spec = Preset(preset.name);
    const Frontend frontend(spec);
    for (std::int64_t samples = 0; samples < 2000; ++samples) {
      ASSERT_EQ(frontend.Frames(samples), oracle::FrameCount(spec, samples))
          << samples << " samples, " << spec.ToJson();
    }
  }
}

TEST(FrameCount, OfNothingIsZeroWhateverIsAppended) {
  const Frontend frontend(Preset("whisper-80@transcribe"));
  EXPECT_EQ(frontend.Frames(0), 0);
  EXPECT_EQ(frontend.Frames(1), 3000);
}

TEST(FrameCount, HoldsForSignalsOfAYear) {
  constexpr std::int64_t kYear = std::int64_t{16000} * 86400 * 365;
  EXPECT_EQ(Frontend(Preset("whisper-80")).Frames(kYear), kYear / 160);
}

}  // namespace
}  // namespace ossicle
