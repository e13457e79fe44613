#include "ossicle/embedding_stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/allocations.h"
#include "support/failure.h"
#include "support/files.h"
#include "support/models.h"
#include "support/onnxruntime.h"
#include "support/temporary_folder.h"

namespace ossicle {
namespace {

using test::FailureOf;
using test::HasAll;
using test::Rule;

std::vector<float> Noise(std::size_t samples, std::uint32_t state = 1) {
  std::vector<float> noise(samples);
  for (float& x : noise) {
    state = state * 1664525u + 1013904223u;
    x = static_cast<float>(static_cast<std::int32_t>(state) >> 17) * 0x1p-15f;
  }
  return noise;
}

/// What came out of a stream, one embedding after the other.
struct Collected {
  std::vector<float> values;
  std::vector<StreamEmbedding> stamps;  ///< their values are not valid any more

  EmbeddingStream::Sink Sink() {
    return [this](const StreamEmbedding& embedding) {
      values.insert(values.end(), embedding.values.begin(), embedding.values.end());
      stamps.push_back(embedding);
    };
  }
};

/// Takes `samples` in pieces of `piece` and finishes.
Collected Streamed(EmbeddingStream& stream, std::span<const float> samples, std::size_t piece) {
  Collected collected;
  const auto sink = collected.Sink();
  while (!samples.empty()) {
    const std::size_t count = std::min(piece, samples.size());
    stream.Push(samples.first(count), sink);
    samples = samples.subspan(count);
  }
  stream.Finish(sink);
  return collected;
}

/// The whole signal, where a step looks at it.
StreamOptions Exact(const Model& model) {
  StreamOptions options;
  if (NeedsStatistics(model.frontend.spec())) options.statistics = StreamStatistics{};
  return options;
}

class EmbeddingStreamTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string none = test::FindOnnxRuntime(); !none.empty()) GTEST_SKIP() << none;
  }

  Model ModelOf(const char* preset, const WindowRule& rule) {
    return Open(
        test::SaveDenseModel(folder_ / "dense.onnx", rule.length, Frontend(Preset(preset)).bands()),
        preset, rule);
  }

  static Model Open(const std::string& path, const char* preset, const WindowRule& rule) {
    ModelChoices choices;
    choices.frontend = Preset(preset);
    choices.windows = rule;
    choices.tail = rule.tail;
    return OpenModel(path, choices);
  }

  const WindowRule lips_ = Rule("16:80/25", Tail::kAlign);
  test::TemporaryFolder folder_;
};

TEST_F(EmbeddingStreamTest, GivesTheBitsOfTheWholeForEveryCut) {
  const std::vector<float> samples = Noise(40013);
  for (const char* preset : {"wav2lip", "openwakeword-embedding", "kaldi-mfcc-13"}) {
    for (const WindowRule& rule : {lips_, Rule("76:8", Tail::kDrop), Rule("5:1/3:2", Tail::kPad),
                                   Rule("20:53:3", Tail::kAlign), Rule("9:30", Tail::kPad)}) {
      const Model model = ModelOf(preset, rule);
      const std::vector<float> expected = Encode(samples, model).embeddings.values;
      const auto queue = EmbeddingStream::MakeQueue(model);
      for (const std::size_t piece : {1, 160, 1009, 20000, 50000}) {
        EmbeddingStream alone(model, Exact(model));
        EXPECT_EQ(Streamed(alone, samples, piece).values, expected)
            << preset << ", " << rule.ToString() << ", pieces of " << piece;
        EmbeddingStream shared(model, Exact(model), queue);
        EXPECT_EQ(Streamed(shared, samples, piece).values, expected)
            << preset << ", " << rule.ToString() << ", a queue, pieces of " << piece;
      }
    }
  }
}

TEST_F(EmbeddingStreamTest, GivesTheBitsOfAFileOfAnotherRate) {
  const std::vector<float> samples = Noise(100003);
  std::string bytes;
  for (const float sample : samples) {
    const auto value = static_cast<std::int16_t>(sample * 0x1p15f);
    bytes += static_cast<char>(value & 0xff);
    bytes += static_cast<char>(value >> 8);
  }
  test::WriteBytes(folder_ / "noise.raw", bytes);
  const Model model = ModelOf("wav2lip", lips_);
  const Encoding file = Encode(
      {folder_ / "noise.raw", RawFormat{RawFormat::Sample::kS16le, 44100, 1}, std::nullopt}, model);
  for (const std::size_t piece : {441, 30011}) {
    EmbeddingStream stream(model, {.input_rate_hz = 44100});
    EXPECT_EQ(Streamed(stream, samples, piece).values, file.embeddings.values);
  }
}

TEST_F(EmbeddingStreamTest, GivesEachEmbeddingAsSoonAsItsLastFrameIsKnown) {
  const std::vector<float> samples = Noise(12000);
  for (const WindowRule& rule : {lips_, Rule("8:3:5", Tail::kDrop), Rule("4:9", Tail::kPad)}) {
    const Model model = ModelOf("wav2lip", rule);
    WindowRule whole = rule;
    whole.tail = Tail::kDrop;
    EmbeddingStream stream(model);
    Stream<float> judge(model.frontend);
    std::vector<float> frames;
    Collected collected;
    const auto sink = collected.Sink();
    for (std::size_t i = 0; i < samples.size(); ++i) {
      judge.Push(std::span(samples).subspan(i, 1), frames);
      stream.Push(std::span(samples).subspan(i, 1), sink);
      ASSERT_EQ(std::ssize(collected.stamps), whole.Count(judge.frames())) << "sample " << i;
    }
    EXPECT_EQ(stream.lookahead_samples(), judge.lookahead_samples());
  }
}

TEST_F(EmbeddingStreamTest, StampsWindowsWithTheTimeOfTheirFrames) {
  const std::vector<float> samples = Noise(20000);
  for (const WindowRule& rule : {lips_, Rule("16:7:3", Tail::kPad), Rule("16:7", Tail::kDrop)}) {
    const Model model = ModelOf("wav2lip", rule);
    EmbeddingStream stream(model);
    const Collected collected = Streamed(stream, samples, 777);
    const std::int64_t frames = model.frontend.Frames(std::ssize(samples));
    ASSERT_EQ(std::ssize(collected.stamps), rule.Count(frames));
    for (std::int64_t i = 0; i < rule.Count(frames); ++i) {
      const StreamEmbedding& stamp = collected.stamps[static_cast<std::size_t>(i)];
      const std::int64_t start = rule.Start(i, frames);
      EXPECT_EQ(stamp.window, i);
      EXPECT_DOUBLE_EQ(stamp.start_s, static_cast<double>(start) * 200 / 16000);
      EXPECT_DOUBLE_EQ(stamp.end_s,
                       static_cast<double>(std::min(start + 16, frames)) * 200 / 16000);
    }
  }
}

/// Pushes and finishes while every second call fails; `limits` is what makes it fail.
Collected StreamedWithFailures(EmbeddingStream& stream, std::span<const float> samples,
                               const EncodeLimits& limits, Code code) {
  Collected collected;
  const auto sink = collected.Sink();
  int failures = 0;
  const auto call = [&](bool fails, const auto& work) {
    try {
      work(fails ? limits : EncodeLimits{});
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
      EXPECT_TRUE(fails);
      ++failures;
    }
  };
  for (int i = 0; !samples.empty(); ++i) {
    // The last of them takes several pieces of its own.
    const std::size_t count = std::min<std::size_t>(i < 10 ? 997 : 100000, samples.size());
    call(i % 2 == 0,
         [&](const EncodeLimits& now) { stream.Push(samples.first(count), sink, now); });
    samples = samples.subspan(count);
  }
  for (const bool fails : {true, true, false}) {
    call(fails, [&](const EncodeLimits& now) { stream.Finish(sink, now); });
  }
  EXPECT_GE(failures, 5);
  return collected;
}

TEST_F(EmbeddingStreamTest, TriesAgainWhatWasNotEncodedAndLosesNothing) {
  const std::vector<float> samples = Noise(90000);
  const Model model = ModelOf("wav2lip", lips_);
  const std::vector<float> expected = Encode(samples, model).embeddings.values;
  std::stop_source stopped;
  stopped.request_stop();
  EncodeLimits stop;
  stop.stop = stopped.get_token();
  EncodeLimits late;
  late.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  EmbeddingStream stream(model, {}, EmbeddingStream::MakeQueue(model));
  EXPECT_EQ(StreamedWithFailures(stream, samples, stop, Code::kInterrupted).values, expected);
  stream.Reset();
  EXPECT_EQ(StreamedWithFailures(stream, samples, late, Code::kTimeout).values, expected);
}

TEST_F(EmbeddingStreamTest, FitsIntoAQueueThatIsShorterThanABatch) {
  const std::vector<float> samples = Noise(90000);
  const Model model = ModelOf("wav2lip", lips_);
  EmbeddingStream stream(model, {}, EmbeddingStream::MakeQueue(model, {.max_waiting = 3}));
  EXPECT_EQ(Streamed(stream, samples, samples.size()).values,
            Encode(samples, model).embeddings.values);
}

TEST_F(EmbeddingStreamTest, GoesOnBehindWhatTheSinkHasSeenWhenItThrew) {
  const std::vector<float> samples = Noise(30000);
  const Model model = ModelOf("wav2lip", lips_);
  EmbeddingStream stream(model);
  Collected collected;
  const auto collect = collected.Sink();
  const auto sink = [&](const StreamEmbedding& embedding) {
    collect(embedding);
    if (embedding.window == 3) throw std::runtime_error("no more");
  };
  EXPECT_THROW(stream.Push(samples, sink), std::runtime_error);
  EXPECT_EQ(collected.stamps.size(), 4u);
  stream.Finish(sink);
  EXPECT_EQ(collected.values, Encode(samples, model).embeddings.values);
}

TEST_F(EmbeddingStreamTest, BeginsAnewAfterReset) {
  const std::vector<float> samples = Noise(30000);
  const Model model = ModelOf("wav2lip", lips_);
  EmbeddingStream stream(model, {.input_rate_hz = 24000});
  const std::vector<float> expected = Streamed(stream, samples, 700).values;
  stream.Reset();
  EXPECT_EQ(Streamed(stream, samples, 700).values, expected);
  stream.Reset();
  stream.Push(std::span(samples).first(12345), [](const StreamEmbedding&) {});
  stream.Reset();
  const Collected again = Streamed(stream, samples, 5000);
  EXPECT_EQ(again.values, expected);
  EXPECT_EQ(again.stamps.front().window, 0);
  EXPECT_EQ(again.stamps.front().start_s, 0.0);
}

TEST_F(EmbeddingStreamTest, TakesNothingOfAPieceWithANaN) {
  std::vector<float> samples = Noise(50000);
  const Model model = ModelOf("wav2lip", lips_);
  const std::vector<float> expected = Encode(samples, model).embeddings.values;
  EmbeddingStream stream(model);
  Collected collected;
  const auto sink = collected.Sink();
  stream.Push(std::span(samples).first(100), sink);
  std::vector<float> damaged(samples.begin() + 100, samples.end());
  damaged[49000] = std::numeric_limits<float>::quiet_NaN();
  const test::Failure failure = FailureOf([&] { stream.Push(damaged, sink); });
  EXPECT_EQ(failure.code, Code::kNotFinite);
  EXPECT_TRUE(HasAll(failure.message, {"49100"})) << failure.message;
  stream.Push(std::span(samples).subspan(100), sink);
  stream.Finish(sink);
  EXPECT_EQ(collected.values, expected);
}

TEST_F(EmbeddingStreamTest, RefusesASignalThatIsTooShortAndSamplesBehindTheEnd) {
  const Model model = ModelOf("wav2lip", lips_);
  EmbeddingStream stream(model);
  const auto sink = [](const StreamEmbedding&) { FAIL(); };
  const std::vector<float> samples = Noise(14 * 200);
  stream.Push(samples, sink);
  const test::Failure failure = FailureOf([&] { stream.Finish(sink); });
  EXPECT_EQ(failure.code, Code::kShape);
  EXPECT_TRUE(HasAll(failure.message, {"15 frames", "\"16:80/25\" needs 16"}));
  EXPECT_EQ(FailureOf([&] { stream.Push(samples, sink); }).code, Code::kShape);
}

TEST_F(EmbeddingStreamTest, WantsAModeWhereAStepLooksAtTheWholeSignal) {
  const Model model = ModelOf("whisper-80", Rule("20:5", Tail::kDrop));
  EXPECT_EQ(FailureOf([&] { EmbeddingStream stream(model); }).code, Code::kInvalidSpec);
  const std::vector<float> samples = Noise(40000);
  EmbeddingStream stream(model, Exact(model));
  EXPECT_EQ(Streamed(stream, samples, 1000).values, Encode(samples, model).embeddings.values);
}

TEST_F(EmbeddingStreamTest, CountsWhatIsNoNumber) {
  const int bands = Frontend(Preset("wav2lip")).bands();
  const Model model = Open(test::OnnxWriter()
                               .Input("x", {test::OnnxWriter::kFree, 16, bands})
                               .Output("y", {test::OnnxWriter::kFree, 16, bands})
                               .Node("Log", {"x"}, "y")
                               .Save(folder_ / "log.onnx"),
                           "wav2lip", lips_);
  EmbeddingStream stream(model);
  const Collected collected = Streamed(stream, Noise(16000), 1000);  // features are -4..4
  EXPECT_GT(stream.not_finite(), 0);
  EXPECT_EQ(stream.not_finite(), std::ssize(collected.stamps));
  stream.Reset();
  EXPECT_EQ(stream.not_finite(), 0);
}

/// Streams of different signals on threads of their own, all through one queue.
void ExpectAllToBeAsAlone(const Model& model, int streams, std::size_t samples) {
  const auto queue = EmbeddingStream::MakeQueue(model, {.max_delay_us = 200});
  std::atomic<int> equal = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < streams; ++i) {
    threads.emplace_back([&, i] {
      const std::vector<float> signal = Noise(samples, static_cast<std::uint32_t>(i));
      EmbeddingStream stream(model, Exact(model), queue);
      equal += Streamed(stream, signal, 640 + 100 * static_cast<std::size_t>(i)).values ==
               Encode(signal, model).embeddings.values;
    });
  }
  threads.clear();
  EXPECT_EQ(equal, streams);
  EXPECT_EQ(queue->waiting(), 0);
  EXPECT_LE(queue->runs(), queue->windows());
}

TEST_F(EmbeddingStreamTest, ManyShareOneQueue) {
  ExpectAllToBeAsAlone(ModelOf("wav2lip", lips_), 8, 40000);
}

TEST_F(EmbeddingStreamTest, SeveralShareOneSpeechEmbeddingModel) {
  const std::string path = OSSICLE_FETCHED "/models/embedding_model.onnx";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path << ": run scripts/fetch.py";
  ExpectAllToBeAsAlone(Open(path, "openwakeword-embedding", Rule("76:8", Tail::kAlign)), 4, 30000);
}

/// Calls of operator new, ONNX Runtime's own among them where it uses the program's.
template <class Work>
int AllocationsOf(const Work& work) {
  test::allocations = 0;
  test::counting = true;
  work();
  test::counting = false;
  return test::allocations;
}

TEST_F(EmbeddingStreamTest, AllocatesNothingOfItsOwnOnceItIsWarm) {
  const std::vector<float> samples = Noise(16000);
  const Model model = ModelOf("wav2lip", Rule("16:4", Tail::kDrop));
  const auto ignore = [](const StreamEmbedding&) {};
  for (const auto& queue : {std::shared_ptr<EncoderQueue>(), EmbeddingStream::MakeQueue(model)}) {
    EmbeddingStream stream(model, {}, queue);
    for (int second = 0; second < 3; ++second) stream.Push(samples, ignore);

    // A window for each 800 samples; the model alone, on one such window.
    const std::vector<float> features = model.frontend.Run(samples);
    const FeatureView<const float> view =
        MakeView(features.data(), model.frontend.Frames(16000), 80, Layout::kBandsFirst);
    const WindowView window = {view.Rows(10, 16)};
    std::vector<float> out;
    out.reserve(100);
    const auto run = [&] {
      model.encoder.Encode({&window, 1}, model.windows, 80, Layout::kBandsFirst, out);
    };
    run();
    const int of_the_model = AllocationsOf(run);
    for (int i = 0; i < 40; ++i) {
      const auto piece = std::span(samples).subspan(static_cast<std::size_t>(i) * 400, 400);
      EXPECT_LE(AllocationsOf([&] { stream.Push(piece, ignore); }), of_the_model) << i;
    }
  }
}

}  // namespace
}  // namespace ossicle
