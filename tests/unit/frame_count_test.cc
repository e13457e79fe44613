#include <gtest/gtest.h>

#include <cstdint>

#include "oracle/oracle.h"
#include "ossicle/frontend.h"
#include "ossicle/spec.h"

namespace ossicle {
namespace {

constexpr std::int64_t kSamples = 480000;

std::int64_t FramesOf(const FrontendSpec& spec) { return Frontend(spec).Frames(kSamples); }

FrontendSpec KaldiNoSnip() {
  FrontendSpec spec = Preset("kaldi-fbank-80");
  spec.framing = Framing::kKaldiNoSnip;
  spec.edge = Edge::kReflectRepeat;
  return spec;
}

FrontendSpec Nemo() {
  FrontendSpec spec;
  spec.preemphasis = PreEmphasis::kSignal;
  spec.window_periodic = false;
  spec.fft_size = 512;
  spec.log_floor_rule = LogFloor::kAdd;
  spec.log_floor = 0x1p-24;
  spec.steps = {Standardize{}};
  return spec;
}

FrontendSpec Tacotron2() {
  FrontendSpec spec;
  spec.sample_rate_hz = 22050;
  spec.edge = Edge::kReflect;
  spec.window_samples = spec.fft_size = 1024;
  spec.hop_samples = 256;
  spec.spectrum = Spectrum::kMagnitude;
  spec.log_floor = 1e-5;
  return spec;
}

FrontendSpec HifiGan() {
  FrontendSpec spec = Tacotron2();
  spec.framing = Framing::kExplicit;
  spec.pad_left_samples = spec.pad_right_samples = 384;
  spec.spectrum_epsilon = 1e-9;
  return spec;
}

FrontendSpec Yamnet() {
  FrontendSpec spec;
  spec.framing = Framing::kNoPadding;
  spec.window_position = WindowPosition::kLeft;
  spec.fft_size = 512;
  spec.spectrum = Spectrum::kMagnitude;
  spec.mel_bands = 64;
  spec.mel_scale = MelScale::kKaldi;
  spec.mel_interpolation = MelInterpolation::kMel;
  spec.mel_norm = MelNorm::kNone;
  spec.mel_dc = false;
  spec.low_hz = 125;
  spec.high_hz = 7500;
  spec.log_floor_rule = LogFloor::kAdd;
  spec.log_floor = 0.001;
  return spec;
}

TEST(FrameCount, IsThatOfTheReferencesForThirtySeconds) {
  EXPECT_EQ(FramesOf(Preset("wav2lip@librosa-0.9")), 2401);
  EXPECT_EQ(FramesOf(Preset("wav2lip@librosa-0.7")), 2401);
  EXPECT_EQ(FramesOf(Preset("whisper-80")), 3000);
  EXPECT_EQ(FramesOf(Preset("whisper-128")), 3000);
  EXPECT_EQ(FramesOf(Preset("kaldi-fbank-80")), 2998);
  EXPECT_EQ(FramesOf(KaldiNoSnip()), 3000);
  EXPECT_EQ(FramesOf(Nemo()), 3001);
  EXPECT_EQ(FramesOf(HifiGan()), 1875);
  EXPECT_EQ(FramesOf(Tacotron2()), 1876);
  EXPECT_EQ(FramesOf(Yamnet()), 2998);
  EXPECT_EQ(FramesOf(Preset("openwakeword")), 2997);
  EXPECT_EQ(FramesOf(Preset("openwakeword-embedding")), 2997);
}

TEST(FrameCount, MatchesTheOracleForEveryShortLength) {
  for (const FrontendSpec& spec :
       {Preset("wav2lip"), Preset("whisper-80"), Preset("kaldi-fbank-80"), Preset("openwakeword"),
        KaldiNoSnip(), Nemo(), HifiGan(), Tacotron2(), Yamnet()}) {
    const Frontend frontend(spec);
    for (std::int64_t samples = 0; samples < 2000; ++samples) {
      ASSERT_EQ(frontend.Frames(samples), oracle::FrameCount(spec, samples))
          << samples << " samples, " << spec.ToJson();
    }
  }
}

TEST(FrameCount, OfNothingIsZeroWhateverIsAppended) {
  FrontendSpec spec = Preset("whisper-80");
  spec.append_zeros_samples = 480000;
  EXPECT_EQ(Frontend(spec).Frames(0), 0);
  EXPECT_EQ(Frontend(spec).Frames(1), 3000);
}

TEST(FrameCount, HoldsForSignalsOfAYear) {
  constexpr std::int64_t kYear = std::int64_t{16000} * 86400 * 365;
  EXPECT_EQ(Frontend(Preset("whisper-80")).Frames(kYear), kYear / 160);
}

}  // namespace
}  // namespace ossicle
