#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "ossicle/stream.h"
#include "support/allocations.h"
#include "support/stream.h"

namespace ossicle {
namespace {

constexpr std::int64_t kMostBytes = 256 * 1024;
constexpr int kRates[] = {8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000, 96000};

/// In the mode that holds nothing back, where a mode is needed.
StreamOptions OptionsOf(const FrontendSpec& spec, int input_rate_hz) {
  StreamOptions options;
  options.input_rate_hz = input_rate_hz;
  if (NeedsStatistics(spec)) {
    options.statistics = StreamStatistics{};
    options.statistics->mode = StatisticsMode::kRunning;
  }
  return options;
}

template <class T>
void Push(Stream<T>& stream, std::span<const float> audio, int samples, std::vector<T>& out) {
  while (!audio.empty()) {
    const std::size_t count = std::min(static_cast<std::size_t>(samples), audio.size());
    stream.Push(audio.first(count), out);
    audio = audio.subspan(count);
  }
}

template <class T>
void ExpectLittleAndConstantMemory(const Frontend& frontend, int rate_hz) {
  const StreamOptions options = OptionsOf(frontend.spec(), rate_hz);
  const std::vector<float> second = test::TestSignal(rate_hz);
  const std::int64_t frames = frontend.Frames(frontend.spec().sample_rate_hz);
  std::vector<T> out;
  out.reserve(static_cast<std::size_t>((6 * frames + 500) * frontend.bands()));
  const Stream<T> keeps_the_tables(frontend, options);
  const std::int64_t before = test::living_bytes;

  Stream<T> stream(frontend, options);
  Push(stream, second, rate_hz / 100, out);
  const std::int64_t warm = test::living_bytes - before;
  EXPECT_LE(warm, kMostBytes) << rate_hz << " Hz";
  test::allocations = 0;
  test::counting = true;
  for (const int samples : {1, rate_hz / 10 + 7, rate_hz}) Push(stream, second, samples, out);
  test::counting = false;
  EXPECT_EQ(test::allocations, 0) << rate_hz << " Hz";
  stream.Finish(out);
  stream.Reset();
  out.clear();
  Push(stream, second, rate_hz / 100, out);
  EXPECT_EQ(test::living_bytes - before, warm) << rate_hz << " Hz, a second signal";
  testing::Test::RecordProperty(
      std::to_string(rate_hz) + "_Hz_" + std::to_string(sizeof(T)) + "_bytes_a_value",
      std::to_string(warm));
}

class MemoryOfEachLivePreset : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Streams, MemoryOfEachLivePreset, testing::ValuesIn(test::PresetNames()),
                         [](const auto& info) { return test::TestName(info.param); });

TEST_P(MemoryOfEachLivePreset, IsLittleAndConstantAtEveryRate) {
  const Frontend frontend(Preset(GetParam()));
  for (const int rate_hz : kRates) {
    ExpectLittleAndConstantMemory<float>(frontend, rate_hz);
    ExpectLittleAndConstantMemory<double>(frontend, rate_hz);
  }
}

}  // namespace
}  // namespace ossicle
