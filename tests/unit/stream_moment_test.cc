// When the frames of a stream come.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "oracle/oracle.h"
#include "ossicle/stream.h"
#include "support/stream.h"

namespace ossicle {
namespace {

class EachFrameOf : public testing::TestWithParam<std::string> {
 protected:
  EachFrameOf() : spec_(Preset(GetParam())) {
    // With these, the time when frames are computed cannot be seen.
    std::erase_if(spec_.steps, [](const Step& step) {
      return std::holds_alternative<PeakFloor>(step) ||
             std::holds_alternative<SubtractMean>(step) ||
             std::holds_alternative<Standardize>(step);
    });
  }

  FrontendSpec spec_;
};

INSTANTIATE_TEST_SUITE_P(Moments, EachFrameOf, testing::ValuesIn(test::PresetNames()),
                         [](const auto& info) { return test::TestName(info.param); });

/// Samples without which the first frames do not come, whatever frame they are.
std::int64_t FirstSamples(const FrontendSpec& spec) {
  const int before = spec.pad_left() - (spec.frame_samples() - spec.window_samples) / 2;
  const int mirrored = spec.edge == Edge::kZeros           ? 0
                       : spec.edge == Edge::kReflectRepeat ? before
                                                           : before + 1;
  return std::max(spec.min_samples, mirrored);
}

/// Samples with which frame `t` is known: all that its window covers are in, and it counts even if
/// the signal ends now.
std::int64_t SamplesFor(const FrontendSpec& spec, std::int64_t t) {
  const int window_start = (spec.frame_samples() - spec.window_samples) / 2;
  const bool is_cut = spec.window_kept_samples > 0 && !spec.remove_dc;
  const int window = is_cut ? spec.window_kept_samples : spec.window_samples;
  std::int64_t samples = t * spec.hop_samples - spec.pad_left() + window_start + window;
  while (oracle::FrameCount(spec, samples) <= t) ++samples;
  return std::max(samples, FirstSamples(spec));
}

/// For each frame, the samples that were in when it came.
std::vector<std::int64_t> Moments(const FrontendSpec& spec, Stream<float>& stream,
                                  std::int64_t samples) {
  std::vector<float> out;
  std::vector<std::int64_t> moments;
  for (std::int64_t n = 1; n <= samples; ++n) {
    stream.Push(std::vector<float>{0.25f}, out);
    moments.resize(out.size() / static_cast<std::size_t>(spec.bands()), n);
  }
  return moments;
}

TEST_P(EachFrameOf, ComesWithTheFirstSampleThatAllowsIt) {
  Stream<float> stream{Frontend(spec_)};
  const std::int64_t samples = SamplesFor(spec_, 0) + FirstSamples(spec_) + 20 * spec_.hop_samples;
  const std::vector<std::int64_t> moments = Moments(spec_, stream, samples);
  ASSERT_GE(moments.size(), 20U);
  for (std::int64_t t = 0; t < std::ssize(moments); ++t) {
    const std::int64_t moment = moments[static_cast<std::size_t>(t)];
    ASSERT_EQ(moment, SamplesFor(spec_, t)) << "frame " << t;
    if (moment > FirstSamples(spec_)) {
      ASSERT_EQ(moment, t * spec_.hop_samples + stream.lookahead_samples()) << "frame " << t;
    }
  }
}

TEST_P(EachFrameOf, ComesNoLaterThanTheLookaheadThroughAResampler) {
  for (const std::int64_t rate_hz : {44100, 48000, 8000}) {
    if (rate_hz == spec_.sample_rate_hz) continue;
    StreamOptions options;
    options.input_rate_hz = static_cast<int>(rate_hz);
    Stream<float> stream(Frontend(spec_), options);
    const std::int64_t samples =
        (SamplesFor(spec_, 0) + 40 * spec_.hop_samples) * rate_hz / spec_.sample_rate_hz + 4000;
    const std::vector<std::int64_t> moments = Moments(spec_, stream, samples);
    std::int64_t most = 0;
    for (std::int64_t t = 0; t < std::ssize(moments); ++t) {
      if (SamplesFor(spec_, t) <= FirstSamples(spec_)) continue;
      const std::int64_t own = t * spec_.hop_samples * rate_hz / spec_.sample_rate_hz;
      most = std::max(most, moments[static_cast<std::size_t>(t)] - own);
    }
    EXPECT_LE(most, stream.lookahead_samples()) << rate_hz << " Hz";
    // soxr works in blocks, swr waits for a whole filter before its first output alone.
    if (spec_.resampler.starts_with("soxr") || spec_.resampler.starts_with("swr")) continue;
    EXPECT_GE(most, stream.lookahead_samples() - rate_hz / spec_.sample_rate_hz - 1);
  }
}

}  // namespace
}  // namespace ossicle
