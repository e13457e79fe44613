#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "ossicle/error.h"
#include "ossicle/resampler.h"
#include "ossicle/stream.h"
#include "property/random_spec.h"
#include "support/stream.h"
#include "support/stream_group.h"

namespace ossicle {
namespace {

using test::ExactOptions;
using test::SameBits;

/// Sizes of pieces, some of them 0, not all.
std::vector<std::size_t> RandomCuts() {
  auto cuts = *rc::gen::container<std::vector<std::size_t>>(
      rc::gen::oneOf(rc::gen::inRange<std::size_t>(0, 3), rc::gen::inRange<std::size_t>(0, 600)));
  cuts.push_back(*rc::gen::inRange<std::size_t>(1, 5000));
  return cuts;
}

/// Begins a signal and gives it up, sometimes with a bad sample on the way or after the end.
template <class T>
void Abandon(Stream<T>& stream, const std::vector<float>& audio) {
  std::vector<T> out;
  const auto count = *rc::gen::inRange<std::size_t>(0, audio.size() + 1);
  stream.Push(std::span(audio).first(count), out);
  std::vector<float> bad = audio;
  bad[*rc::gen::inRange<std::size_t>(0, audio.size())] = std::numeric_limits<float>::quiet_NaN();
  const std::size_t size = out.size();
  RC_ASSERT_THROWS_AS(stream.Push(bad, out), Error);
  RC_ASSERT(out.size() == size);
  if (*rc::gen::arbitrary<bool>()) {
    stream.Finish(out);
    RC_ASSERT_THROWS_AS(stream.Push(audio, out), Error);
  }
  stream.Reset();
}

template <class T>
void ExpectBitsOfRun(const Frontend& frontend, const std::vector<float>& audio) {
  Stream<T> stream(frontend, ExactOptions(frontend.spec()));
  if (*rc::gen::arbitrary<bool>()) Abandon(stream, audio);
  RC_ASSERT(
      SameBits(test::RunOf<T>(frontend, audio), test::Streamed<T>(stream, audio, RandomCuts())));
}

RC_GTEST_PROP(RandomStreams, GiveTheBitsOfRun, ()) {
  const Frontend frontend(*RandomSpec());
  const std::vector<float> audio = *RandomAudio();
  ExpectBitsOfRun<float>(frontend, audio);
  ExpectBitsOfRun<double>(frontend, audio);
}

template <class T>
bool BeginsWith(const std::vector<T>& whole, const std::vector<T>& beginning) {
  if (beginning.size() > whole.size()) return false;
  return SameBits({whole.begin(), whole.begin() + std::ssize(beginning)}, beginning);
}

/// `spec` without what makes a frame depend on later ones.
FrontendSpec WithoutStatistics(FrontendSpec spec) {
  std::erase_if(spec.steps, [](const Step& step) {
    return std::holds_alternative<PeakFloor>(step) || std::holds_alternative<SubtractMean>(step) ||
           std::holds_alternative<Standardize>(step);
  });
  return spec;
}

RC_GTEST_PROP(RandomStreams, GiveNoFrameThatMayStillChange, ()) {
  const Frontend frontend(WithoutStatistics(*RandomSpec()));
  const std::vector<float> audio = *RandomAudio();
  const auto split = *rc::gen::inRange<std::size_t>(0, audio.size() + 1);
  Stream<float> stream(frontend);
  std::vector<float> out;
  stream.Push(std::span(audio).first(split), out);
  // Whether the signal ends now or goes on, in whatever way.
  std::vector<float> other(audio.begin(), audio.begin() + static_cast<std::ptrdiff_t>(split));
  RC_ASSERT(BeginsWith(test::RunOf<float>(frontend, audio), out));
  RC_ASSERT(BeginsWith(test::RunOf<float>(frontend, other), out));
  other.resize(split + *rc::gen::inRange<std::size_t>(0, 2000), -0.5f);
  RC_ASSERT(BeginsWith(test::RunOf<float>(frontend, other), out));
}

/// A rate that can be resampled to the spec's.
int RandomInputRate(const FrontendSpec& spec) {
  if (spec.sample_rate_hz == 1) return *rc::gen::inRange(1, 8);
  return *rc::gen::element(8000, 11025, 16000, 22050, 44100, 48000);
}

RC_GTEST_PROP(RandomStreams, GiveTheBitsOfResampleAndRun, ()) {
  const Frontend frontend(*RandomSpec());
  const FrontendSpec& spec = frontend.spec();
  const int rate_hz = RandomInputRate(spec);
  const std::vector<float> audio = *RandomAudio();
  Stream<float> stream(frontend, ExactOptions(spec, rate_hz));
  if (*rc::gen::arbitrary<bool>()) Abandon(stream, audio);
  const std::vector<float> resampled =
      Resample<float>(spec.resampler, audio, rate_hz, spec.sample_rate_hz);
  RC_ASSERT(SameBits(test::RunOf<float>(frontend, resampled),
                     test::Streamed<float>(stream, audio, RandomCuts())));
}

template <class T>
void ExpectFramesOfEachStream(const Frontend& frontend, const StreamOptions& options) {
  test::GroupBesideStreams<T> group(frontend, options, *rc::gen::inRange(1U, 1000U));
  const int streams = *rc::gen::inRange(1, 40);
  for (int i = 0; i < streams; ++i) group.Add();
  for (int push = 0; push < 12; ++push) {
    RC_ASSERT(group.PushGivesTheFramesOfEachStream());
  }
}

RC_GTEST_PROP(RandomGroups, GiveTheFramesOfEachStream, ()) {
  const Frontend frontend(*RandomSpec());
  StreamOptions options;
  if (NeedsStatistics(frontend.spec())) {
    options.statistics =
        StreamStatistics::Parse(*rc::gen::element("exact", "running", "segment:0.01"));
  }
  ExpectFramesOfEachStream<float>(frontend, options);
  ExpectFramesOfEachStream<double>(frontend, options);
}

}  // namespace
}  // namespace ossicle
