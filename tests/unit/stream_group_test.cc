#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ossicle/error.h"
#include "ossicle/stream.h"
#include "support/allocations.h"
#include "support/stream.h"
#include "support/stream_group.h"

namespace ossicle {
namespace {

using test::ExactOptions;
using test::GroupBesideStreams;
using test::SameBits;
using test::TestSignal;

/// While up to `most_streams` streams join and leave.
template <class T>
void ExpectFramesOfEachStream(const Frontend& frontend, const StreamOptions& options,
                              std::size_t most_streams, int pushes) {
  GroupBesideStreams<T> group(frontend, options, static_cast<unsigned>(most_streams));
  for (int push = 0; push < pushes; ++push) {
    const bool grows = push % 16 < 12;
    while (grows && group.streams() < most_streams * static_cast<std::size_t>(push % 16 + 1) / 12) {
      group.Add();
    }
    if (!grows && group.streams() > 1) group.RemoveAny();
    ASSERT_TRUE(group.PushGivesTheFramesOfEachStream()) << "push " << push;
    ASSERT_EQ(group.group().streams(), static_cast<int>(group.streams()));
  }
  EXPECT_GT(group.frames(), 0);
}

class EachGroupedPreset : public testing::TestWithParam<std::string> {
 protected:
  /// Few where 30 s of zeros follow each signal.
  std::size_t most_streams() const { return frontend_.spec().append_zeros_samples > 0 ? 3 : 20; }

  const Frontend frontend_{Preset(GetParam())};
};

INSTANTIATE_TEST_SUITE_P(Groups, EachGroupedPreset, testing::ValuesIn(test::PresetNames()),
                         [](const auto& info) { return test::TestName(info.param); });

TEST_P(EachGroupedPreset, GivesTheFramesOfEachStreamAlone) {
  const StreamOptions options = ExactOptions(frontend_.spec());
  for (const std::size_t streams : {1U, 3U, 20U}) {
    if (streams <= most_streams()) ExpectFramesOfEachStream<float>(frontend_, options, streams, 40);
  }
  ExpectFramesOfEachStream<double>(frontend_, options, std::min<std::size_t>(most_streams(), 5),
                                   40);
}

TEST_P(EachGroupedPreset, DoesTheSameInEveryMode) {
  if (!NeedsStatistics(frontend_.spec())) GTEST_SKIP() << "no step looks at the whole signal";
  for (const char* mode : {"running", "segment:0.2"}) {
    StreamOptions options;
    options.statistics = StreamStatistics::Parse(mode);
    ExpectFramesOfEachStream<float>(frontend_, options, std::min<std::size_t>(most_streams(), 10),
                                    40);
  }
}

TEST(StreamGroup, GivesTheFramesOfManyStreams) {
  ExpectFramesOfEachStream<float>(Frontend(Preset("kaldi-fbank-80")), {}, 70, 100);
  ExpectFramesOfEachStream<float>(Frontend(Preset("wav2lip")), {}, 70, 50);
}

TEST(StreamGroup, ResamplesEachStream) {
  for (const char* preset : {"kaldi-fbank-80", "wav2lip", "whisper-80"}) {
    const Frontend frontend((Preset(preset)));
    for (const int rate_hz : {8000, 44100, 48000}) {
      ExpectFramesOfEachStream<float>(frontend, ExactOptions(frontend.spec(), rate_hz), 10, 40);
    }
  }
}

TEST(StreamGroup, GivesTheFramesOfAStreamInOrderHoweverLargeItsPiece) {
  const Frontend frontend(Preset("kaldi-fbank-80"));
  const std::vector<float> audio = TestSignal(160000);
  StreamGroup<float> group(frontend);
  const StreamPiece pieces[] = {{group.Add(), audio, true},
                                {group.Add(), std::span(audio).first(100000), true}};
  std::vector<float> found[2];
  group.Push(pieces, [&](int stream, std::span<const float> frames) {
    auto& of_stream = found[stream == pieces[0].stream ? 0 : 1];
    of_stream.insert(of_stream.end(), frames.begin(), frames.end());
  });
  EXPECT_TRUE(SameBits(found[0], test::RunOf<float>(frontend, audio)));
  EXPECT_TRUE(SameBits(found[1], test::RunOf<float>(frontend, pieces[1].samples)));
}

TEST(StreamGroup, LooksAheadAsAStreamDoes) {
  StreamOptions options;
  for (const int rate_hz : {0, 44100}) {
    options.input_rate_hz = rate_hz;
    const Frontend frontend(Preset("wav2lip"));
    EXPECT_EQ(StreamGroup<float>(frontend, options).lookahead_samples(),
              Stream<float>(frontend, options).lookahead_samples());
  }
}

TEST(StreamGroup, GivesAFreedNumberToTheNextStreamWhichIsNew) {
  const Frontend frontend(Preset("kaldi-fbank-80"));
  StreamGroup<float> group(frontend);
  const int first = group.Add(), second = group.Add();
  EXPECT_NE(first, second);
  EXPECT_EQ(group.streams(), 2);
  const std::vector<float> audio = TestSignal(399);
  const auto unexpected = [](int, std::span<const float>) { ADD_FAILURE() << "a frame"; };
  group.Push(std::vector<StreamPiece>{{first, audio}}, unexpected);
  group.Remove(first);
  EXPECT_EQ(group.streams(), 1);
  EXPECT_EQ(group.Add(), first);
  group.Push(std::vector<StreamPiece>{{first, audio}}, unexpected);
}

template <class Action>
std::string MessageOf(Code code, Action action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return "";
}

/// A group of three streams, of which the last was removed.
class RefusedPieces : public testing::Test {
 protected:
  RefusedPieces() {
    for (int i = 0; i < 3; ++i) group_.Add();
    group_.Remove(2);
    Push(std::vector<StreamPiece>{{0, Signal(1000)}, {1, Signal(300)}});
  }

  std::span<const float> Signal(std::size_t samples) const {
    return std::span(audio_).first(samples);
  }

  void Push(const std::vector<StreamPiece>& pieces) {
    group_.Push(pieces, [this](int stream, std::span<const float> frames) {
      auto& found = found_[static_cast<std::size_t>(stream)];
      found.insert(found.end(), frames.begin(), frames.end());
    });
  }

  /// Both streams go on as if nothing had been pushed since.
  ~RefusedPieces() override {
    Push({{0, std::span(audio_).subspan(1000), true}, {1, std::span(audio_).subspan(300), true}});
    const std::vector<float> whole = test::RunOf<float>(frontend_, audio_);
    EXPECT_TRUE(SameBits(found_[0], whole));
    EXPECT_TRUE(SameBits(found_[1], whole));
  }

  static FrontendSpec Spec() {
    FrontendSpec spec = Preset("kaldi-fbank-80");
    spec.min_samples = 500;
    return spec;
  }

  const std::vector<float> audio_ = TestSignal(5000);
  const Frontend frontend_{Spec()};
  StreamGroup<float> group_{frontend_};
  std::vector<float> found_[2];
};

TEST_F(RefusedPieces, WithASampleThatIsNotFiniteAreNamed) {
  std::vector<float> bad(audio_.begin() + 300, audio_.end());
  bad[1700] = std::numeric_limits<float>::infinity();
  const std::string message =
      MessageOf(Code::kNotFinite, [&] { Push({{0, Signal(3000)}, {1, bad}}); });
  EXPECT_EQ(message.find("stream 1: sample 2000 "), 0U) << message;
}

TEST_F(RefusedPieces, OfAStreamThatIsNotThereAreNamed) {
  for (const int stream : {-1, 2, 3, std::numeric_limits<int>::max()}) {
    const std::string message =
        MessageOf(Code::kShape, [&] { Push({{0, Signal(3000)}, {stream, Signal(10)}}); });
    EXPECT_EQ(message.find("stream " + std::to_string(stream) + " is not in the group"), 0U)
        << message;
    MessageOf(Code::kShape, [&] { group_.Remove(stream); });
  }
}

TEST_F(RefusedPieces, OfOneStreamTwiceAreNamed) {
  const std::string message =
      MessageOf(Code::kShape, [&] { Push({{1, Signal(3000)}, {0, Signal(1)}, {1, Signal(10)}}); });
  EXPECT_EQ(message.find("stream 1 has two pieces"), 0U) << message;
}

TEST_F(RefusedPieces, ThatEndASignalTooEarlyAreNamed) {
  const std::string message =
      MessageOf(Code::kShape, [&] { Push({{0, Signal(3000)}, {1, Signal(199), true}}); });
  EXPECT_EQ(message.find("stream 1: "), 0U) << message;
}

TEST(StreamGroup, ThrowsOnWhatTheSinkThrowsAndTakesOtherStreamsThen) {
  const Frontend frontend(Preset("kaldi-fbank-80"));
  StreamGroup<float> group(frontend);
  const int first = group.Add(), second = group.Add(), third = group.Add();
  const std::vector<float> audio = TestSignal(2000);
  const std::vector<StreamPiece> pieces = {{first, audio}, {second, audio}};
  EXPECT_THROW(group.Push(pieces, [](int, std::span<const float>) { throw 1; }), int);
  group.Remove(first);
  group.Remove(second);
  std::vector<float> found;
  const std::vector<StreamPiece> other = {{third, audio, true}};
  group.Push(other, [&](int stream, std::span<const float> frames) {
    EXPECT_EQ(stream, third);
    found.insert(found.end(), frames.begin(), frames.end());
  });
  EXPECT_TRUE(SameBits(found, test::RunOf<float>(frontend, audio)));
}

TEST(StreamGroup, MayBeMoved) {
  const Frontend frontend(Preset("kaldi-fbank-80"));
  const std::vector<float> audio = TestSignal(400);
  StreamGroup<float> group(frontend);
  const int stream = group.Add();
  StreamGroup<float> moved(std::move(group));
  int frames = 0;
  moved.Push(std::vector<StreamPiece>{{stream, audio}}, [&](int, auto) { ++frames; });
  EXPECT_EQ(frames, 1);
}

/// Allocations of a second of pushes, all streams the same way, after a first second.
int AllocationsOncePushed(const Frontend& frontend, const StreamOptions& options) {
  StreamGroup<float> group(frontend, options);
  const std::vector<float> audio = TestSignal(frontend.spec().sample_rate_hz * 4);
  const int rate_hz =
      options.input_rate_hz == 0 ? frontend.spec().sample_rate_hz : options.input_rate_hz;
  std::vector<StreamPiece> pieces;
  for (int i = 0; i < 11; ++i) pieces.push_back({group.Add(), {}, false});
  std::size_t place = 0;
  const auto second = [&](bool last) {
    for (int push = 0; push < 100; ++push) {
      for (StreamPiece& piece : pieces) {
        piece.samples =
            std::span(audio).subspan(place % 1000, static_cast<std::size_t>(rate_hz / 100));
        piece.last = last && push == 50;
        place += 7;
      }
      group.Push(pieces, [](int, std::span<const float>) {});
    }
  };
  second(true);
  test::allocations = 0;
  test::counting = true;
  second(true);
  for (const StreamPiece& piece : pieces) group.Remove(piece.stream);
  for (StreamPiece& piece : pieces) piece.stream = group.Add();
  second(false);
  test::counting = false;
  return test::allocations;
}

TEST_P(EachGroupedPreset, AllocatesNothingOnceItRuns) {
  StreamOptions options;
  if (NeedsStatistics(frontend_.spec())) options.statistics = StreamStatistics::Parse("running");
  EXPECT_EQ(AllocationsOncePushed(frontend_, options), 0);
  options.input_rate_hz = 44100;
  EXPECT_EQ(AllocationsOncePushed(frontend_, options), 0) << "resampled";
}

}  // namespace
}  // namespace ossicle
