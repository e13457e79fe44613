// What a stream holds and allocates.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ossicle/resampler.h"
#include "ossicle/stream.h"
#include "support/allocations.h"
#include "support/stream.h"

namespace ossicle {
namespace {

using test::TestSignal;

constexpr std::int64_t kMostBytes = 256 * 1024;

class EachMemoryOf : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Memory, EachMemoryOf, testing::ValuesIn(test::PresetNames()),
                         [](const auto& info) { return test::TestName(info.param); });

/// Pushes `piece` again and again, into an empty `out` of constant memory.
template <class T>
void PushMany(Stream<T>& stream, const std::vector<float>& piece, int times, std::vector<T>& out) {
  for (int i = 0; i < times; ++i) {
    out.clear();
    stream.Push(piece, out);
  }
}

/// A stream that holds nothing back.
StreamOptions Running(const FrontendSpec& spec, int rate_hz) {
  StreamOptions options;
  options.input_rate_hz = rate_hz;
  if (NeedsStatistics(spec)) {
    options.statistics = StreamStatistics{StatisticsMode::kRunning, 0.0, {}};
  }
  return options;
}

template <class T>
void ExpectLittleAndConstantMemory(const Frontend& frontend, int rate_hz) {
  const FrontendSpec& spec = frontend.spec();
  SCOPED_TRACE(std::to_string(rate_hz) + " Hz");
  // Streams of the same rates share the tables.
  std::optional<Resampler<float>> other;
  if (rate_hz != spec.sample_rate_hz) other.emplace(spec.resampler, rate_hz, spec.sample_rate_hz);
  std::vector<T> out;
  out.reserve(std::size_t{1} << 16);
  const std::vector<float> piece = TestSignal(rate_hz / 100);
  const std::int64_t before = test::held_bytes;
  Stream<T> stream(frontend, Running(spec, rate_hz));
  PushMany(stream, piece, 100, out);
  const std::int64_t held = test::held_bytes - before;
  EXPECT_LE(held, kMostBytes);
  test::allocations = 0;
  test::counting = true;
  PushMany(stream, piece, 100, out);
  test::counting = false;
  EXPECT_EQ(test::allocations, 0);
  EXPECT_EQ(test::held_bytes - before, held);
  std::printf("%s %d %s %lld\n", spec.name.c_str(), rate_hz, sizeof(T) == 4 ? "float" : "double",
              (long long)held);
}

TEST_P(EachMemoryOf, IsLittleAndConstant) {
  const Frontend frontend(Preset(GetParam()));
  for (const int rate_hz : {frontend.spec().sample_rate_hz, 44100, 48000, 8000}) {
    ExpectLittleAndConstantMemory<float>(frontend, rate_hz);
    ExpectLittleAndConstantMemory<double>(frontend, rate_hz);
  }
}

/// Cheap frames far apart, as long as a second.
FrontendSpec Cheap() {
  FrontendSpec spec = Preset("kaldi-fbank-23");
  spec.sample_rate_hz = 8000;
  spec.high_hz = 4000;
  spec.hop_samples = 8000;
  spec.window_samples = 32;
  spec.fft_size = 64;
  spec.mel_bands = 4;
  return spec;
}

TEST(Stream, HoldsAsMuchAfterADayAsAfterAMinute) {
  const Frontend frontend(Cheap());
  const std::vector<float> second = TestSignal(8000);
  Stream<float> stream(frontend);
  std::vector<float> out, first;
  PushMany(stream, second, 60, out);
  first = out;
  const std::int64_t held = test::held_bytes;
  PushMany(stream, second, 24 * 3600 - 60, out);
  EXPECT_EQ(test::held_bytes, held);
  EXPECT_EQ(out, first);
  EXPECT_EQ(stream.samples(), std::int64_t{24} * 3600 * 8000);
  EXPECT_EQ(stream.frames(), 24 * 3600);
}

TEST(Stream, MakesSegmentsInTheMemoryOfTheFirstOne) {
  for (const char* preset : {"nemo-80@2.5", "librosa-mfcc@0.9"}) {
    const Frontend frontend(Preset(preset));
    StreamOptions options;
    options.statistics = StreamStatistics{StatisticsMode::kSegment, 0.5, {}};
    Stream<float> stream(frontend, options);
    std::vector<float> out;
    out.reserve(std::size_t{1} << 16);
    const std::vector<float> piece = TestSignal(frontend.spec().sample_rate_hz / 100);
    PushMany(stream, piece, 200, out);
    test::allocations = 0;
    test::counting = true;
    PushMany(stream, piece, 200, out);
    test::counting = false;
    EXPECT_EQ(test::allocations, 0) << preset;
  }
}

}  // namespace
}  // namespace ossicle
