#include "ossicle/stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "c/support.h"
#include "support/sound.h"
#include "support/stream.h"

namespace ossicle {
namespace {

using test::IsOk;
using test::IsRefused;
using test::MakeFrontend;
using test::MakeStream;
using test::Noise;

/// What waits, taken with a buffer of `capacity` values.
std::vector<float> Pulled(ossicle_stream* stream, std::size_t capacity) {
  std::vector<float> all;
  std::vector<float> buffer(capacity);
  for (std::size_t written = 1; written > 0;) {
    EXPECT_TRUE(IsOk(ossicle_stream_pull(stream, buffer.data(), capacity, &written)));
    all.insert(all.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(written));
  }
  return all;
}

/// The frames of a signal that comes in pieces of `piece`, pulled after each with `capacity`.
std::vector<float> Streamed(ossicle_stream* stream, std::span<const float> samples,
                            std::size_t piece, std::size_t capacity) {
  std::vector<float> all;
  const auto pull = [&](std::size_t waiting) {
    const std::vector<float> pulled = Pulled(stream, capacity);
    EXPECT_EQ(pulled.size(), waiting);
    all.insert(all.end(), pulled.begin(), pulled.end());
  };
  std::size_t waiting = 0;
  for (; !samples.empty(); samples = samples.subspan(std::min(piece, samples.size()))) {
    const std::size_t count = std::min(piece, samples.size());
    EXPECT_TRUE(IsOk(ossicle_stream_push(stream, samples.data(), count, &waiting)));
    pull(waiting);
  }
  EXPECT_TRUE(IsOk(ossicle_stream_finish(stream, &waiting)));
  pull(waiting);
  return all;
}

ossicle_stream_info InfoOf(const ossicle_stream* stream) {
  ossicle_stream_info info = {sizeof info, 0, 0, 0, 0, 0};
  EXPECT_TRUE(IsOk(ossicle_stream_get_info(stream, &info)));
  return info;
}

std::string StatisticsOf(const ossicle_stream* stream) {
  return test::WholeText([&](char* json, std::size_t capacity, std::size_t* needed) {
    return ossicle_stream_statistics(stream, json, capacity, needed);
  });
}

TEST(CStream, GivesTheBitsOfTheWholeForEveryPresetCutAndBuffer) {
  for (const std::string& name : test::PresetNames()) {
    const Frontend judge(Preset(name));
    const std::vector<float> samples = test::TestSignal(judge.spec());
    const std::vector<float> expected = test::RunOf<float>(judge, samples);
    const auto frontend = MakeFrontend(name);
    const auto stream = MakeStream(frontend.get(), "exact");
    const auto bands = static_cast<std::size_t>(judge.bands());
    for (const std::size_t piece : {std::size_t{997}, samples.size()}) {
      for (const std::size_t capacity : {bands, 3 * bands - 1, 100 * bands}) {
        EXPECT_EQ(Streamed(stream.get(), samples, piece, capacity), expected) << name;
        EXPECT_TRUE(IsOk(ossicle_stream_reset(stream.get())));
      }
    }
  }
}

TEST(CStream, KeepsTheFramesThatAreNotPulled) {
  const std::vector<float> samples = Noise(48000);
  const auto stream = MakeStream(MakeFrontend("kaldi-fbank-80").get());
  std::vector<float> all;
  std::vector<float> row(80);
  for (std::size_t i = 0; i < samples.size(); i += 480) {  // three frames come, one or two go
    ASSERT_TRUE(IsOk(ossicle_stream_push(stream.get(), &samples[i], 480, nullptr)));
    for (std::size_t pulls = 0; pulls < 1 + i / 480 % 2; ++pulls) {
      std::size_t written = 0;
      ASSERT_TRUE(IsOk(ossicle_stream_pull(stream.get(), row.data(), row.size(), &written)));
      all.insert(all.end(), row.begin(), row.begin() + static_cast<std::ptrdiff_t>(written));
    }
  }
  const std::vector<float> rest = Pulled(stream.get(), 8000);
  all.insert(all.end(), rest.begin(), rest.end());
  EXPECT_EQ(all, Frontend(Preset("kaldi-fbank-80")).Run(samples));
}

TEST(CStream, OutlivesItsFrontend) {
  const std::vector<float> samples = Noise(16000);
  const auto stream = MakeStream(MakeFrontend("kaldi-fbank-80").get());
  EXPECT_EQ(Streamed(stream.get(), samples, 160, 80 * 100),
            Frontend(Preset("kaldi-fbank-80")).Run(samples));
}

TEST(CStream, SaysHowFarItIs) {
  const std::vector<float> samples = Noise(16000);
  for (const int rate_hz : {0, 44100}) {
    const Frontend judge_frontend(Preset("wav2lip"));
    Stream<float> judge(judge_frontend, {.input_rate_hz = rate_hz});
    std::vector<float> frames;
    judge.Push(samples, frames);
    const auto stream = MakeStream(MakeFrontend("wav2lip").get(), nullptr, rate_hz);
    std::size_t waiting = 0;
    ASSERT_TRUE(IsOk(ossicle_stream_push(stream.get(), samples.data(), 16000, &waiting)));
    EXPECT_EQ(waiting, frames.size());
    const ossicle_stream_info info = InfoOf(stream.get());
    EXPECT_EQ(info.bands, judge.bands());
    EXPECT_EQ(info.lookahead_samples, judge.lookahead_samples());
    EXPECT_EQ(info.samples, judge.samples());
    EXPECT_EQ(info.frames, judge.frames());
    EXPECT_EQ(Pulled(stream.get(), frames.size()), frames);
    ASSERT_TRUE(IsOk(ossicle_stream_push(stream.get(), samples.data(), 16000, nullptr)));
    ASSERT_TRUE(IsOk(ossicle_stream_reset(stream.get())));
    EXPECT_TRUE(Pulled(stream.get(), frames.size()).empty());
    EXPECT_EQ(InfoOf(stream.get()).samples, 0);
  }
}

TEST(CStream, ServesEachModeOfStatistics) {
  const std::vector<float> samples = Noise(80000);
  const Frontend judge_frontend(Preset("whisper-80"));
  const auto frontend = MakeFrontend("whisper-80");
  const auto expect_same = [&](const char* text, const StreamStatistics& statistics) {
    Stream<float> judge(judge_frontend, {.statistics = statistics});
    const auto stream = MakeStream(frontend.get(), text);
    EXPECT_EQ(Streamed(stream.get(), samples, 1600, 8000), test::Streamed(judge, samples, {1600}))
        << text;
    EXPECT_EQ(StatisticsOf(stream.get()), ToJson(judge.statistics())) << text;
  };
  for (const char* mode : {"exact", "running", "segment:1.5"}) {
    expect_same(mode, StreamStatistics::Parse(mode));
  }
  const StepStatistics frozen{0.25, {}, {}};
  expect_same(" [{\"peak\": 0.25}]", {.mode = StatisticsMode::kFrozen, .frozen = {frozen}});
}

TEST(CStream, FreezesWhatAnotherHasSeen) {
  const std::vector<float> samples = Noise(80000);
  const auto frontend = MakeFrontend("nemo-80");
  const auto running = MakeStream(frontend.get(), "running");
  Streamed(running.get(), samples, 1600, 8000);
  const std::string seen = StatisticsOf(running.get());
  const auto frozen = MakeStream(frontend.get(), seen.c_str());
  EXPECT_EQ(Streamed(frozen.get(), samples, 160, 8000).size(),
            Streamed(MakeStream(frontend.get(), "exact").get(), samples, 160, 8000).size());
  EXPECT_EQ(StatisticsOf(frozen.get()), seen);
}

TEST(CStream, RefusesOptionsOutOfRange) {
  const auto frontend = MakeFrontend("whisper-80");
  const auto create = [&](std::int32_t rate_hz, const char* statistics) {
    ossicle_stream* stream = nullptr;
    const ossicle_stream_options options = {sizeof options, rate_hz, 0, statistics};
    return ossicle_stream_create(frontend.get(), &options, &stream);
  };
  ossicle_stream* stream = nullptr;
  EXPECT_TRUE(IsRefused(ossicle_stream_create(frontend.get(), nullptr, &stream),
                        OSSICLE_INVALID_SPEC, {"running", "exact", "segment"}));
  EXPECT_TRUE(IsRefused(create(0, "runing"), OSSICLE_INVALID_SPEC, {"runing", "running"}));
  EXPECT_TRUE(IsRefused(create(0, ""), OSSICLE_INVALID_SPEC, {"running"}));
  EXPECT_TRUE(IsRefused(create(0, "segment:0"), OSSICLE_INVALID_SPEC, {"86400"}));
  EXPECT_TRUE(IsRefused(create(0, "[{\"peak\": 1}, {}]"), OSSICLE_INVALID_SPEC, {"frozen"}));
  EXPECT_TRUE(IsRefused(create(0, "[nonsense"), OSSICLE_INVALID_SPEC, {"JSON"}));
  EXPECT_TRUE(IsRefused(create(-8000, "exact"), OSSICLE_INVALID_SPEC, {"-8000"}));
}

TEST(CStream, RefusesBadCallsAndGoesOn) {
  std::vector<float> samples = Noise(16000);
  const auto stream = MakeStream(MakeFrontend("kaldi-fbank-80").get());
  std::size_t waiting = 0;
  std::size_t written = 7;
  std::vector<float> row(80);
  ASSERT_TRUE(IsOk(ossicle_stream_pull(stream.get(), nullptr, 0, &written)));
  EXPECT_EQ(written, 0u);
  ASSERT_TRUE(IsOk(ossicle_stream_push(stream.get(), samples.data(), 8000, &waiting)));
  EXPECT_TRUE(IsRefused(ossicle_stream_pull(stream.get(), row.data(), 79, &written),
                        OSSICLE_SHORT_BUFFER, {"79", "80"}));
  EXPECT_TRUE(IsRefused(ossicle_stream_pull(stream.get(), nullptr, 80, &written),
                        OSSICLE_INVALID_ARGUMENT, {"NULL"}));
  samples[8003] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(IsRefused(ossicle_stream_push(stream.get(), &samples[8000], 8000, &waiting),
                        OSSICLE_NOT_FINITE, {"8003"}));
  samples[8003] = 0.0f;
  ASSERT_TRUE(IsOk(ossicle_stream_push(stream.get(), &samples[8000], 8000, &waiting)));
  ASSERT_TRUE(IsOk(ossicle_stream_finish(stream.get(), &waiting)));
  ASSERT_TRUE(IsOk(ossicle_stream_finish(stream.get(), &waiting)));
  EXPECT_TRUE(IsRefused(ossicle_stream_push(stream.get(), samples.data(), 1, &waiting),
                        OSSICLE_SHAPE, {"after Finish"}));
  EXPECT_EQ(Pulled(stream.get(), waiting), Frontend(Preset("kaldi-fbank-80")).Run(samples));
}

TEST(CStream, RefusesASecondThread) {
  const std::vector<float> samples = Noise(16000);
  const auto stream = MakeStream(MakeFrontend("kaldi-fbank-80").get());
  std::atomic<int> taken = 0;
  std::atomic<int> refused = 0;
  const auto push_until_refused = [&] {
    for (int i = 0; i < 10000 && refused == 0; ++i) {
      const ossicle_status status =
          ossicle_stream_push(stream.get(), samples.data(), samples.size(), nullptr);
      if (status == OSSICLE_OK) {
        ++taken;
      } else {
        EXPECT_TRUE(IsRefused(status, OSSICLE_BUSY, {"one thread at a time"}));
        ++refused;
      }
    }
  };
  {
    const std::jthread one(push_until_refused);
    const std::jthread other(push_until_refused);
  }
  EXPECT_GT(refused, 0);
  EXPECT_EQ(InfoOf(stream.get()).samples, taken * 16000);
}

}  // namespace
}  // namespace ossicle
