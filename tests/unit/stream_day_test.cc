// What a stream holds in the long run.

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ossicle/stream.h"
#include "support/allocations.h"
#include "support/stream.h"

namespace ossicle {
namespace {

using test::TestSignal;

/// Pushes `piece` again and again, into an empty `out` of constant memory.
template <class T>
void PushMany(Stream<T>& stream, const std::vector<float>& piece, int times, std::vector<T>& out) {
  for (int i = 0; i < times; ++i) {
    out.clear();
    stream.Push(piece, out);
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
  const std::int64_t held = test::living_bytes;
  PushMany(stream, second, 24 * 3600 - 60, out);
  EXPECT_EQ(test::living_bytes, held);
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
