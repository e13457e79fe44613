#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "compare/align.h"
#include "compare/dither.h"
#include "compare/edges.h"
#include "compare/evaluator.h"
#include "compare/fit.h"
#include "compare/moves.h"
#include "compare/round.h"
#include "compare/target.h"
#include "oracle/signals.h"
#include "ossicle/frontend.h"

namespace ossicle::compare {
namespace {

/// What `spec` gives of `audio` in float, frames first.
Target Made(FrontendSpec spec, const std::vector<float>& audio) {
  spec.layout = Layout::kFramesFirst;
  const std::vector<float> values = Frontend(spec).Run<float>(audio);
  const auto rows = static_cast<std::int64_t>(values.size()) / spec.bands();
  return MakeTarget({{values.begin(), values.end()}, rows, spec.bands()}, Layout::kFramesFirst);
}

TEST(Round, FindsTheNumberThatWasChosen) {
  EXPECT_EQ(Rounded(54.9999999, 1e-5), 55.0);
  EXPECT_EQ(Rounded(1.0000001e-10, 1e-5), 1e-10);
  EXPECT_EQ(Rounded(1.19209e-7, 1e-5), 0x1p-23);
  EXPECT_EQ(Rounded(0.97 + 1e-12, 1e-9), 0.97);
  EXPECT_EQ(Rounded(3.14159265, 1e-9), 3.14159265);
  EXPECT_LT(Roughness(80.0), Roughness(82.0));
  EXPECT_LT(Roughness(7600.0), Roughness(7613.7));
}

TEST(FitLine, IsNotBentByValuesAtAFloor) {
  std::vector<double> x, y;
  for (int i = 0; i < 100; ++i) {
    x.push_back(i);
    y.push_back(i < 25 ? 7.0 : 0.5 * i + 3.0);
  }
  const Line line = FitLine(x, y);
  EXPECT_NEAR(line.scale, 0.5, 1e-12);
  EXPECT_NEAR(line.offset, 3.0, 1e-10);
}

TEST(Target, KnowsAFloorByItsEqualValues) {
  std::vector<double> values;
  for (int t = 0; t < 40; ++t) {
    values.push_back(std::max(-1.0, std::sin(t)));
    values.push_back(std::max(-0.5, std::sin(1.7 * t)));
  }
  const Target target = MakeTarget({values, 40, 2}, Layout::kFramesFirst);
  EXPECT_FALSE(target.band[0].has_floor);
  EXPECT_TRUE(target.band[1].has_floor);
  EXPECT_EQ(target.band[1].floor, -0.5);
}

TEST(Sound, GivesOfALongOneThePartThatIsAskedForAsInTheWhole) {
  std::vector<float> audio;
  while (audio.size() < 44100 * 40) {
    const std::vector<float> more = oracle::Speech(20.0);
    audio.insert(audio.end(), more.begin(), more.end());
  }
  for (const char* name : {"soxr-hq", "kaldi", "swr-s16", "scipy-poly"}) {
    FrontendSpec spec = Preset("whisper-80");
    spec.resampler = name;
    Sound sound(audio, 44100);
    const std::span<const float> all = sound.For(spec);
    const std::vector<float> whole(all.begin(), all.end());
    ASSERT_EQ(static_cast<std::int64_t>(whole.size()), sound.Samples(spec));
    const std::int64_t last = sound.Samples(spec) - 1000;
    for (const std::int64_t first : {std::int64_t{0}, std::int64_t{300001}, last}) {
      const std::span<const float> part = sound.Part(spec, first, 1000);
      for (std::size_t i = 0; i < part.size(); ++i) {
        ASSERT_NEAR(part[i], whole[static_cast<std::size_t>(first) + i], 1e-6) << name << first;
      }
    }
  }
}

TEST(Align, FindsHopAndPlace) {
  const std::vector<float> audio = oracle::Speech(3.0);
  FrontendSpec spec = Preset("whisper-80");
  spec.framing = Framing::kExplicit;
  spec.pad_left_samples = 360;
  spec.pad_right_samples = 100;
  spec.hop_samples = 219;
  const Target target = Made(spec, audio);
  Sound sound(audio, 16000);
  Evaluator evaluator(target, sound, 1000, {});
  const std::vector<Alignment> found = Align(evaluator, Preset("whisper-80"));
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.front().hop_samples, 219);
  EXPECT_NEAR(static_cast<double>(found.front().start), -360, 20);
}

TEST(Inner, IsRoundingForTheSpecItselfAndFarAboveForAnyOther) {
  const std::vector<float> audio = oracle::Speech(3.0);
  const FrontendSpec spec = Preset("nemo-80");
  const Target target = Made(spec, audio);
  Sound sound(audio, 16000);
  Evaluator evaluator(target, sound, 1000, {});
  const Trial trial{spec, StartOf(spec)};
  const double own = evaluator.Inner(trial);
  EXPECT_LT(own, std::log(1e-5));
  for (const Move& move : InnerMoves(trial, 16000, target.frames)) {
    Trial changed = trial;
    move.apply(changed);
    if (InnerSpec(changed.spec) == InnerSpec(spec) && changed.start == trial.start) continue;
    EXPECT_GT(evaluator.Inner(changed), own - 0.1) << move.field;
  }
}

TEST(FindEdges, TellsPaddingsApartThatAreEqualInside) {
  const std::vector<float> audio = oracle::Speech(2.0);
  for (const Edge edge : {Edge::kZeros, Edge::kReflect, Edge::kReflectRepeat}) {
    FrontendSpec spec = Preset("whisper-80");
    spec.edge = edge;
    spec.append_zeros_samples = 160;
    const Target target = Made(spec, audio);
    Sound sound(audio, 16000);
    Evaluator evaluator(target, sound, 1000, {});
    const FrontendSpec whisper = Preset("whisper-80");
    const FrontendSpec found = FindEdges(evaluator, {whisper, StartOf(whisper)});
    EXPECT_EQ(found.edge, edge);
    // Zeros before zeros are the same as one frame more.
    EXPECT_EQ(found.append_zeros_samples, edge == Edge::kZeros ? 0 : 160);
    EXPECT_EQ(found.framing, Framing::kCenter);
  }
}

TEST(FindDither, MeasuresNoiseOfAnotherSeedAndSeesNoneWhereThereIsNone) {
  const std::vector<float> audio = oracle::Speech(3.0);
  const FrontendSpec clean = Preset("kaldi-fbank-80");
  FrontendSpec noisy = clean;
  noisy.dither = 1.0;
  noisy.dither_seed = 99;
  FrontendSpec other = clean;
  other.window = Window::kHamming;
  Sound sound(audio, 16000);
  const auto found = [&](const FrontendSpec& spec) {
    const Target target = Made(spec, audio);
    Evaluator evaluator(target, sound, 1000, {});
    return FindDither(evaluator, clean).value_or(0.0);
  };
  EXPECT_NEAR(found(noisy), 1.0, 0.1);
  EXPECT_EQ(found(clean), 0.0);
  EXPECT_EQ(found(other), 0.0);
}

}  // namespace
}  // namespace ossicle::compare
