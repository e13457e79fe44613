// A live stream of a host that has set another rounding mode, flush-to-zero or traps.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "ossicle/error.h"
#include "ossicle/resampler.h"
#include "ossicle/stream.h"
#include "support/host_floating_point.h"
#include "support/stream.h"

namespace ossicle {
namespace {

using test::SameBits;

class EachHostOfStreams : public testing::TestWithParam<HostFloatingPoint> {};
INSTANTIATE_TEST_SUITE_P(All, EachHostOfStreams, testing::ValuesIn(AllHosts()),
                         [](const auto& info) { return info.param.name; });

/// Also around the smallest float.
std::vector<float> QuietAudio() {
  std::vector<float> audio = test::TestSignal(6000);
  for (const float x : test::TestSignal(6000)) audio.push_back(x * 0x1p-126F);
  for (const float x : test::TestSignal(6000)) audio.push_back(x * 0x1p-66F);
  return audio;
}

/// Another rate for each mode, so that no resampler's tables are there already.
struct LiveCase {
  const char* mode;
  int rate_hz;
};
constexpr LiveCase kCases[] = {{"exact", 0}, {"running", 11025}, {"segment:0.1", 44100}};

StreamOptions OptionsOf(const FrontendSpec& spec, const LiveCase& live) {
  StreamOptions options;
  options.input_rate_hz = live.rate_hz;
  if (NeedsStatistics(spec)) options.statistics = StreamStatistics::Parse(live.mode);
  return options;
}

struct Live {
  std::vector<float> frames;  ///< of a stream, then of two of a group
  std::vector<StepStatistics> statistics;
};

/// Without any arithmetic of its own.
Live LiveFrames(const FrontendSpec& spec, const LiveCase& live, std::span<const float> audio) {
  const Frontend frontend(spec);
  const StreamOptions options = OptionsOf(spec, live);
  Stream<float> stream(frontend, options);
  Live made = {test::Streamed<float>(stream, audio, {441, 1, 3000}), stream.statistics()};
  StreamGroup<float> group(frontend, options);
  std::vector<StreamPiece> pieces = {{group.Add(), {}, false}, {group.Add(), {}, false}};
  for (std::size_t count = 900; !audio.empty(); audio = audio.subspan(count)) {
    count = std::min(count, audio.size());
    for (StreamPiece& piece : pieces) {
      piece.samples = audio.first(count);
      piece.last = count == audio.size();
    }
    group.Push(pieces, [&](int, std::span<const float> found) {
      made.frames.insert(made.frames.end(), found.begin(), found.end());
    });
  }
  return made;
}

void ExpectOurBits(const HostFloatingPoint& host, const FrontendSpec& spec, const LiveCase& live,
                   const std::vector<float>& audio) {
  Live found;
  bool unchanged = false;
  {
    const AsHost as(host);
    found = LiveFrames(spec, live, audio);
    unchanged = as.Unchanged();
  }
  EXPECT_TRUE(unchanged) << spec.name << ", " << live.mode;
  const Live expected = LiveFrames(spec, live, audio);
  EXPECT_TRUE(SameBits(found.frames, expected.frames)) << spec.name << ", " << live.mode;
  EXPECT_EQ(found.statistics, expected.statistics) << spec.name << ", " << live.mode;
}

TEST_P(EachHostOfStreams, GetsOurBitsAndKeepsItsEnvironment) {
  const std::vector<float> audio = QuietAudio();
  for (const std::string& name : test::PresetNames()) {
    for (const LiveCase& live : kCases) ExpectOurBits(GetParam(), Preset(name), live, audio);
  }
}

template <class Action>
int Thrown(const Action& action) {
  try {
    action();
  } catch (const Error&) {
    return 1;
  }
  return 0;
}

TEST_P(EachHostOfStreams, KeepsItsEnvironmentWhenWeThrow) {
  FrontendSpec spec = Preset("whisper-80");
  spec.min_samples = 1000;
  const Frontend frontend(spec);
  StreamOptions options;
  options.statistics = StreamStatistics::Parse("running");
  Stream<float> stream(frontend, options);
  StreamGroup<float> group(frontend, options);
  const std::vector<float> bad(10, std::numeric_limits<float>::quiet_NaN());
  const std::vector<StreamPiece> pieces = {{group.Add(), bad}};
  std::vector<float> out;
  int thrown = 0;
  bool unchanged = false;
  {
    const AsHost as(GetParam());
    thrown += Thrown([&] { stream.Push(bad, out); });
    stream.Push(test::TestSignal(10), out);
    thrown += Thrown([&] { stream.Finish(out); });
    thrown += Thrown([&] { stream.Push(bad, out); });
    thrown += Thrown([&] { group.Push(pieces, [](int, std::span<const float>) {}); });
    thrown += Thrown([&] { const Stream<float> refused(frontend); });
    thrown += Thrown([&] { StreamStatistics::Parse("segment:-0.1"); });
    unchanged = as.Unchanged();
  }
  EXPECT_EQ(thrown, 6);
  EXPECT_TRUE(unchanged);
}

TEST_P(EachHostOfStreams, ReadsTheSameStatistics) {
  const std::vector<StepStatistics> statistics = {{0.1 + 0x1p-50, {0.3, -1e-300}, {0.7, 4e-320}}};
  const std::string json = ToJson(statistics);
  std::vector<StepStatistics> read;
  std::string written;
  double segment_s = 0.0;
  bool unchanged = false;
  {
    const AsHost as(GetParam());
    read = StatisticsFromJson(json);
    written = ToJson(statistics);
    segment_s = StreamStatistics::Parse("segment:0.1").segment_s;
    unchanged = as.Unchanged();
  }
  EXPECT_EQ(read, statistics);
  EXPECT_EQ(written, json);
  EXPECT_EQ(segment_s, 0.1);
  EXPECT_TRUE(unchanged);
}

TEST_P(EachHostOfStreams, ResamplesToOurBitsLive) {
  const std::vector<float> audio = QuietAudio();
  for (const ResamplerInfo& resampler : Resamplers()) {
    std::vector<float> found;
    bool unchanged = false;
    {
      const AsHost as(GetParam());
      Resampler<float> live(resampler.name, 11025, 24000, ResamplerUse::kLive);
      live.Push(audio, found);
      live.Finish(found);
      unchanged = as.Unchanged();
    }
    EXPECT_TRUE(unchanged) << resampler.name;
    EXPECT_TRUE(SameBits(found, Resample<float>(resampler.name, audio, 11025, 24000)))
        << resampler.name;
  }
}

}  // namespace
}  // namespace ossicle
