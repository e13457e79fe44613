#include "ossicle/stream.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "ossicle/error.h"
#include "ossicle/resampler.h"
#include "support/failure.h"
#include "support/stream.h"

namespace ossicle {
namespace {

using test::ExactOptions;
using test::Failure;
using test::FailureOf;
using test::HasAll;
using test::RunOf;
using test::SameBits;
using test::Streamed;
using test::TestSignal;

class EachLivePreset : public testing::TestWithParam<std::string> {
 protected:
  const FrontendSpec spec_ = Preset(GetParam());
  const Frontend frontend_{spec_};
};

INSTANTIATE_TEST_SUITE_P(Streams, EachLivePreset, testing::ValuesIn(test::PresetNames()),
                         [](const auto& info) { return test::TestName(info.param); });

/// Sizes of pieces: single samples, a few, a hop, 10 ms, 100 ms, all, and a mixture.
std::vector<std::vector<std::size_t>> Cuts(const FrontendSpec& spec) {
  const auto rate = static_cast<std::size_t>(spec.sample_rate_hz);
  return {{1},
          {7},
          {static_cast<std::size_t>(spec.hop_samples)},
          {rate / 100},
          {rate / 10},
          {std::numeric_limits<std::size_t>::max()},
          {1, 3000, 0, 17, 401, 160, 5}};
}

template <class T>
void ExpectBitsOfRun(const Frontend& frontend) {
  const FrontendSpec& spec = frontend.spec();
  const std::vector<float> audio = TestSignal(spec);
  const std::vector<T> whole = RunOf<T>(frontend, audio);
  Stream<T> stream(frontend, ExactOptions(spec));
  for (const std::vector<std::size_t>& sizes : Cuts(spec)) {
    EXPECT_TRUE(SameBits(whole, Streamed(stream, audio, sizes))) << "pieces of " << sizes[0];
    EXPECT_EQ(stream.samples(), std::ssize(audio));
    EXPECT_EQ(stream.frames(), frontend.Frames(std::ssize(audio)));
    stream.Reset();
  }
}

TEST_P(EachLivePreset, GivesTheBitsOfRunForEveryCut) {
  ExpectBitsOfRun<float>(frontend_);
  ExpectBitsOfRun<double>(frontend_);
}

TEST_P(EachLivePreset, GivesTheBitsOfResampleAndRun) {
  for (const int rate_hz : {44100, 48000, 8000}) {
    const std::vector<float> audio =
        TestSignal(std::ssize(TestSignal(spec_)) * rate_hz / spec_.sample_rate_hz + 50);
    const std::vector<float> whole = RunOf<float>(
        frontend_, Resample<float>(spec_.resampler, audio, rate_hz, spec_.sample_rate_hz));
    Stream<float> stream(frontend_, ExactOptions(spec_, rate_hz));
    for (const std::vector<std::size_t>& sizes :
         {std::vector<std::size_t>{441}, {std::size_t{1} << 20}, {1, 2000, 0, 33}}) {
      EXPECT_TRUE(SameBits(whole, Streamed(stream, audio, sizes)))
          << rate_hz << " Hz in pieces of " << sizes[0];
      EXPECT_EQ(stream.samples(), std::ssize(audio));
      stream.Reset();
    }
  }
}

/// Then what the edge mirrors lies before the window of the next frame.
TEST(Stream, MirrorsAnEdgeThatIsDeeperThanTheWindow) {
  FrontendSpec spec;
  spec.fft_size = spec.window_samples = 5;
  spec.hop_samples = 1;
  spec.window = Window::kRectangular;
  spec.mel_bands = 2;
  spec.framing = Framing::kExplicit;
  spec.pad_right_samples = 60;
  spec.preemphasis = PreEmphasis::kSignal;
  for (const Edge edge : {Edge::kReflect, Edge::kReflectRepeat}) {
    spec.edge = edge;
    const Frontend frontend(spec);
    const std::vector<float> audio = TestSignal(1500);
    Stream<float> stream(frontend);
    EXPECT_TRUE(SameBits(RunOf<float>(frontend, audio), Streamed(stream, audio, {1})));
  }
}

TEST(Stream, GivesNothingForNothing) {
  for (const int rate_hz : {0, 44100}) {
    StreamOptions options;
    options.input_rate_hz = rate_hz;
    Stream<float> stream(Frontend(Preset("kaldi-fbank-80")), options);
    EXPECT_TRUE(Streamed(stream, {}, {1}).empty());
    EXPECT_EQ(stream.frames(), 0);
  }
}

TEST(Stream, AppendsToWhatIsThere) {
  const Frontend frontend(Preset("kaldi-fbank-80"));
  Stream<float> stream(frontend);
  std::vector<float> out = {1.5f};
  stream.Push(TestSignal(400), out);
  EXPECT_EQ(out.size(), 81U);
  EXPECT_EQ(out[0], 1.5f);
  EXPECT_EQ(stream.frames(), 1);
}

TEST(Stream, IsNewAfterReset) {
  const Frontend frontend(Preset("wav2lip"));
  StreamOptions options;
  options.input_rate_hz = 44100;
  Stream<float> fresh(frontend, options), used(frontend, options);
  const std::vector<float> audio = TestSignal(30000);
  std::vector<float> out;
  used.Push(TestSignal(12345), out);
  used.Reset();
  EXPECT_EQ(used.samples(), 0);
  EXPECT_EQ(used.frames(), 0);
  EXPECT_TRUE(SameBits(Streamed(fresh, audio, {441}), Streamed(used, audio, {441})));
}

TEST(Stream, MayBeMoved) {
  const Frontend frontend(Preset("wav2lip"));
  const std::vector<float> audio = TestSignal(5000);
  Stream<float> stream(frontend);
  std::vector<float> out;
  stream.Push(audio, out);
  Stream<float> moved(std::move(stream));
  moved.Finish(out);
  EXPECT_TRUE(SameBits(RunOf<float>(frontend, audio), out));
}

TEST(Stream, NamesABadSampleAndTakesNothingThen) {
  const Frontend frontend(Preset("wav2lip"));
  StreamOptions options;
  options.input_rate_hz = 48000;
  Stream<float> stream(frontend, options);
  const std::vector<float> audio = TestSignal(9000);
  std::vector<float> out;
  stream.Push(std::span(audio).first(5000), out);
  std::vector<float> bad(audio.begin() + 5000, audio.end());
  bad[3999] = std::numeric_limits<float>::quiet_NaN();
  const std::size_t size = out.size();
  const Failure failure = FailureOf([&] { stream.Push(bad, out); });
  EXPECT_EQ(failure.code, Code::kNotFinite);
  EXPECT_TRUE(HasAll(failure.message, {"sample 8999 (at 0.187479 s)", "mend the audio"}));
  EXPECT_EQ(out.size(), size);
  stream.Push(std::span(audio).subspan(5000), out);
  stream.Finish(out);
  EXPECT_TRUE(SameBits(
      RunOf<float>(frontend, Resample<float>(frontend.spec().resampler, audio, 48000, 16000)),
      out));
}

TEST(Stream, TakesNothingAfterFinishUntilReset) {
  Stream<float> stream{Frontend(Preset("wav2lip"))};
  std::vector<float> out;
  stream.Push(TestSignal(3000), out);
  stream.Finish(out);
  const std::size_t size = out.size();
  stream.Finish(out);
  EXPECT_EQ(out.size(), size);
  const Failure failure = FailureOf([&] { stream.Push(TestSignal(1), out); });
  EXPECT_EQ(failure.code, Code::kShape);
  EXPECT_TRUE(HasAll(failure.message, {"Reset"}));
  stream.Reset();
  stream.Push(TestSignal(3000), out);
  EXPECT_EQ(stream.samples(), 3000);
}

TEST_P(EachLivePreset, GivesNothingOfASignalThatFinishRefuses) {
  FrontendSpec spec = spec_;
  spec.min_samples = std::max(spec.min_samples, spec.frame_samples() + 1000);
  Stream<float> stream(Frontend(spec), ExactOptions(spec));
  std::vector<float> out;
  stream.Push(TestSignal(spec.min_samples - 1), out);
  const Failure failure = FailureOf([&] { stream.Finish(out); });
  EXPECT_EQ(failure.code, Code::kShape);
  EXPECT_TRUE(HasAll(failure.message, {"at least " + std::to_string(spec.min_samples)}));
  EXPECT_TRUE(out.empty());
}

TEST(Stream, RefusesRatesThatCannotBeResampled) {
  const Frontend frontend(Preset("wav2lip"));
  StreamOptions options;
  for (const int rate_hz : {-1, 768001}) {
    options.input_rate_hz = rate_hz;
    const Failure failure = FailureOf([&] { Stream<float>(frontend, options); });
    EXPECT_EQ(failure.code, Code::kInvalidSpec);
    EXPECT_TRUE(HasAll(failure.message, {std::to_string(rate_hz)}));
  }
}

}  // namespace
}  // namespace ossicle
