#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "frontend/frame_stream.h"
#include "oracle/oracle.h"
#include "ossicle/frontend.h"
#include "property/random_spec.h"
#include "support/pools.h"

namespace ossicle {
namespace {

using internal::FrameStream;

/// What rounding a last digit here and there does to the oracle's own values, times this, is fair;
/// and this much besides, for the steps after the logarithm.
constexpr double kPerturbations = 4.0;
constexpr double kSmallest = 2e-11;

/// The same cases in every run; RC_PARAMS="seed=..." in the environment chooses others.
[[maybe_unused]] const int kFixedSeed = setenv("RC_PARAMS", "seed=1", 0);

constexpr int kMostWorkers = 8;

template <class T>
std::vector<T> Compute(const FrontendSpec& spec, std::span<const float> audio, int worker_count) {
  const Frontend frontend(spec);
  const std::int64_t frames = frontend.Frames(static_cast<std::int64_t>(audio.size()));
  std::vector<T> values(static_cast<std::size_t>(frames * frontend.bands()));
  Scratch scratch = frontend.MakeScratch(worker_count);
  frontend.Run(audio, MakeView(values.data(), frames, frontend.bands(), Layout::kFramesFirst),
               scratch, &AllOf(worker_count));
  return values;
}

template <class T>
bool SameBits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

double LargestOf(const std::vector<double>& values) {
  double largest = 0.0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  return largest;
}

RC_GTEST_PROP(RandomSpecs, AreComputedAsTheOracleDoesInDouble, ()) {
  const FrontendSpec spec = *RandomSpec();
  const std::vector<float> audio = *RandomAudio();
  const oracle::Matrix expected = oracle::Run(spec, audio);
  const double fair =
      oracle::Compare(oracle::RunPerturbed(spec, audio).values, expected.values).max;
  const double bound = kPerturbations * fair + kSmallest + 1e-14 * LargestOf(expected.values);
  const oracle::Difference found =
      oracle::Compare(Compute<double>(spec, audio, 1), expected.values);
  RC_CLASSIFY(expected.rows == 0, "no frame");
  RC_CLASSIFY(bound < 1e-9, "judged to 1e-9");
  if (found.max > bound) {
    RC_LOG() << "largest error " << found.max << ", bound " << bound << ", " << expected.rows
             << " frames, mean error " << found.mean << "\n";
  }
  RC_ASSERT(found.max <= bound);
}

template <class T>
bool HasTheSameBitsForAnyWorkersAndInstructionSet(const FrontendSpec& spec,
                                                  const std::vector<float>& audio) {
  const std::vector<T> alone = Compute<T>(spec, audio, 1);
  bool same = true;
  for (int workers = 2; workers <= kMostWorkers; ++workers) {
    same &= SameBits(alone, Compute<T>(spec, audio, workers));
  }
  for (const std::string& name : InstructionSets()) {
    SetInstructionSet(name);
    same &= SameBits(alone, Compute<T>(spec, audio, 2));
    SetInstructionSet("");
  }
  return same;
}

RC_GTEST_PROP(RandomSpecs, HaveTheSameBitsForAnyWorkersAndInstructionSet, ()) {
  const FrontendSpec spec = *RandomSpec();
  const std::vector<float> audio = *RandomAudio();
  RC_ASSERT(HasTheSameBitsForAnyWorkersAndInstructionSet<float>(spec, audio));
  RC_ASSERT(HasTheSameBitsForAnyWorkersAndInstructionSet<double>(spec, audio));
}

/// `spec` less what looks beyond a frame.
FrontendSpec FrameByFrame(FrontendSpec spec) {
  spec.framing = Framing::kExplicit;
  spec.pad_left_samples = 0;
  spec.pad_right_samples = 0;
  spec.append_zeros_samples = 0;
  spec.drop_last_frame = false;
  if (spec.preemphasis == PreEmphasis::kSignal) spec.preemphasis = PreEmphasis::kFrame;
  std::erase_if(spec.steps, [](const Step& step) {
    return std::holds_alternative<PeakFloor>(step) || std::holds_alternative<SubtractMean>(step) ||
           std::holds_alternative<Standardize>(step);
  });
  return spec;
}

RC_GTEST_PROP(RandomSpecs, GiveAFrameTheSameBitsAtEveryPlace, ()) {
  const FrontendSpec spec = FrameByFrame(*RandomSpec());
  const int shift = *rc::gen::inRange(1, 40);
  const std::vector<float> beginning = *RandomAudio();
  std::vector<float> audio(beginning);
  audio.resize(static_cast<std::size_t>(spec.frame_samples() + (shift + 3) * spec.hop_samples));
  for (std::size_t i = 0; i < audio.size(); ++i) audio[i] = beginning[i % beginning.size()];
  const std::vector<float> whole = Compute<float>(spec, audio, 1);
  const std::vector<float> shifted = Compute<float>(
      spec, std::span(audio).subspan(static_cast<std::size_t>(shift * spec.hop_samples)), 1);
  const std::size_t skipped = static_cast<std::size_t>(shift) * spec.bands();
  RC_ASSERT(SameBits(std::vector<float>(whole.begin() + skipped, whole.end()), shifted));
}

RC_GTEST_PROP(RandomSpecs, StreamToTheBitsOfRun, ()) {
  const FrontendSpec spec = *RandomSpec();
  const std::vector<float> audio = *RandomAudio();
  const auto cuts = *rc::gen::nonEmpty(
      rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 600)));
  const Frontend frontend(spec);
  using Mode = FrameStream<double>::Mode;
  const auto feed = [&](Mode mode, double peak, Features<double>& features) {
    FrameStream<double> stream(frontend, nullptr, mode, peak);
    std::span<const float> rest = audio;
    for (std::size_t i = 0; !rest.empty(); ++i) {
      const std::size_t count = std::min(cuts[i % cuts.size()], rest.size());
      stream.Push(rest.first(count), features);
      rest = rest.subspan(count);
    }
    stream.Finish(features);
    return mode == Mode::kFindPeak ? stream.peak() : 0.0;
  };
  double peak = 0.0;
  if (FrameStream<double>::NeedsTwoPasses(frontend)) {
    Features<double> unused(frontend.bands(), spec.layout);
    peak = feed(Mode::kFindPeak, 0.0, unused);
  }
  Features<double> features(frontend.bands(), spec.layout);
  feed(Mode::kCompute, peak, features);
  std::vector<double> values(static_cast<std::size_t>(features.frames() * features.bands()));
  features.Copy(0, features.frames(), Layout::kFramesFirst, values);
  RC_ASSERT(SameBits(Compute<double>(spec, audio, 1), values));
}

RC_GTEST_PROP(RandomSpecs, SurviveJson, ()) {
  const FrontendSpec spec = *RandomSpec();
  const FrontendSpec parsed = FrontendSpec::FromJson(spec.ToJson());
  RC_ASSERT(parsed == spec);
  RC_ASSERT(parsed.name == spec.name);
  RC_ASSERT(parsed.ToJson() == spec.ToJson());
}

RC_GTEST_PROP(RandomSpecs, HaveAsManyFramesAsTheOracle, ()) {
  const FrontendSpec spec = *RandomSpec();
  const auto samples = *rc::gen::inRange<std::int64_t>(0, 100000);
  RC_ASSERT(Frontend(spec).Frames(samples) == oracle::FrameCount(spec, samples));
}

}  // namespace
}  // namespace ossicle
