#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "ossicle/engine.h"
#include "ossicle/resampler.h"
#include "ossicle/stream.h"
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

class Encode : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string none = test::FindOnnxRuntime(); !none.empty()) GTEST_SKIP() << none;
  }

  /// Noise as raw PCM of 16 bits.
  InputRequest Pcm(std::int64_t samples, int rate_hz = 16000) {
    std::string bytes;
    std::uint32_t state = 1;
    for (std::int64_t i = 0; i < samples; ++i) {
      state = state * 1664525u + 1013904223u;
      bytes += static_cast<char>(state >> 16);
      bytes += static_cast<char>(state >> 27);
    }
    test::WriteBytes(folder_ / "noise.raw", bytes);
    return {folder_ / "noise.raw", RawFormat{RawFormat::Sample::kS16le, rate_hz, 1}, std::nullopt};
  }

  Model ModelOf(const char* preset, const WindowRule& rule) {
    ModelChoices choices;
    choices.frontend = Preset(preset);
    choices.windows = rule;
    choices.tail = rule.tail;
    const int bands = Frontend(*choices.frontend).bands();
    return OpenModel(test::SaveDenseModel(folder_ / "dense.onnx", rule.length, bands), choices);
  }

  test::TemporaryFolder folder_;
};

const std::vector<WindowRule>& Rules() {
  static const std::vector<WindowRule> rules = {
      Rule("16:80/25", Tail::kAlign), Rule("76:8", Tail::kDrop), Rule("5:1/3:2", Tail::kPad),
      Rule("40:133:3", Tail::kAlign), Rule("700:1", Tail::kPad)};
  return rules;
}

/// Some blocks of the pipeline, and odd at the end.
constexpr std::int64_t kSamples = 5 * 65536 + 1234;

/// Features, then embeddings, one after the other.
Encoder::Result OneAfterTheOther(const InputRequest& input, const Model& model) {
  return model.encoder.Encode(Extract<float>(input, model.frontend).features, model.windows);
}

TEST_F(Encode, GivesWhatExtractAndThenTheEncoderGive) {
  const InputRequest input = Pcm(kSamples);
  for (const char* preset : {"wav2lip", "whisper-80", "kaldi-mfcc-13"}) {
    for (const WindowRule& rule : Rules()) {
      const Model model = ModelOf(preset, rule);
      const Encoder::Result expected = OneAfterTheOther(input, model);
      for (const int count : {0, 1, 3}) {
        std::optional<Workers> workers;
        if (count > 0) workers.emplace(count);
        const Encoding found = ossicle::Encode(input, model, workers ? &*workers : nullptr);
        const std::string what = std::string(preset) + ", " + rule.ToString() + ", " +
                                 std::to_string(count) + " workers";
        EXPECT_EQ(found.embeddings.values, expected.values) << what;
        EXPECT_EQ(found.embeddings.windows, expected.windows) << what;
        EXPECT_EQ(found.embeddings.embedding_size, 8) << what;
        EXPECT_EQ(found.frames, model.frontend.Frames(kSamples)) << what;
        EXPECT_EQ(found.duration_s, kSamples / 16000.0) << what;
      }
    }
  }
}

TEST_F(Encode, ResamplesAsExtractDoes) {
  const InputRequest input = Pcm(kSamples, 44100);
  const Model model = ModelOf("wav2lip", Rules().front());
  Workers workers(2);
  const Encoding found = ossicle::Encode(input, model, &workers);
  EXPECT_EQ(found.embeddings.values, OneAfterTheOther(input, model).values);
  EXPECT_EQ(found.input.sample_rate_hz, 44100);
  EXPECT_EQ(found.input.resampler, Extract<float>(input, model.frontend).input.resampler);
}

TEST_F(Encode, OfSamplesInMemoryGivesWhatItGivesOfAFile) {
  const InputRequest input = Pcm(kSamples);
  const std::vector<float> samples = ReadSignal(input).samples;
  for (const char* preset : {"wav2lip", "whisper-80"}) {
    for (const WindowRule& rule : Rules()) {
      const Model model = ModelOf(preset, rule);
      const Encoder::Result expected = OneAfterTheOther(input, model);
      for (const int count : {1, 3}) {
        Workers workers(count);
        const Encoding found = ossicle::Encode(samples, model, &workers);
        EXPECT_EQ(found.embeddings.values, expected.values) << preset << ", " << rule.ToString();
        EXPECT_EQ(found.embeddings.windows, expected.windows);
        EXPECT_EQ(found.embeddings.embedding_size, 8);
        EXPECT_EQ(found.frames, model.frontend.Frames(kSamples));
        EXPECT_EQ(found.duration_s, kSamples / 16000.0);
      }
    }
  }
}

TEST_F(Encode, OfSamplesAtAnotherRateResamplesThemAsTheFrontEndSays) {
  const std::vector<float> samples = ReadSignal(Pcm(kSamples, 44100)).samples;
  const Model model = ModelOf("wav2lip", Rules().front());
  const std::string resampler = model.frontend.spec().resampler;
  const std::vector<float> resampled =
      Resample(resampler, std::span<const float>(samples), 44100, 16000);
  const Encoding found = ossicle::Encode(samples, model, nullptr, 44100);
  EXPECT_EQ(found.embeddings.values, ossicle::Encode(resampled, model).embeddings.values);
  EXPECT_EQ(found.input.sample_rate_hz, 44100);
  EXPECT_EQ(found.input.resampler, resampler);
  EXPECT_EQ(found.duration_s, kSamples / 44100.0);
  EXPECT_EQ(FailureOf([&] { ossicle::Encode(samples, model, nullptr, -1); }).code,
            Code::kInvalidSpec);
}

TEST_F(Encode, KnowsWhenEachWindowIsWithoutFramesThatAreRepeated) {
  const Model model = ModelOf("wav2lip", Rule("16:5", Tail::kPad));
  const std::vector<float> samples(30 * 200);  // 31 frames of 12.5 ms
  const std::vector<WindowTime> times = WindowTimes(model, ossicle::Encode(samples, model));
  ASSERT_EQ(times.size(), 7U);
  for (int i = 0; i < 7; ++i) {
    EXPECT_DOUBLE_EQ(times[i].start_s, 5 * i * 0.0125);
    EXPECT_DOUBLE_EQ(times[i].end_s, std::min(5 * i + 16, 31) * 0.0125);
  }
}

TEST_F(Encode, ReportsFromTheCallingThreadToTheEnd) {
  const Model model = ModelOf("wav2lip", Rules().front());
  Workers workers(2);
  const std::thread::id caller = std::this_thread::get_id();
  double last_s = 0.0;
  ossicle::Encode(Pcm(kSamples), model, &workers, [&](double done_s, double total_s) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    EXPECT_GT(done_s, last_s);
    EXPECT_EQ(total_s, kSamples / 16000.0);
    last_s = done_s;
  });
  EXPECT_EQ(last_s, kSamples / 16000.0);
}

TEST_F(Encode, OfSamplesInMemoryReportsFromTheCallingThreadToTheEnd) {
  const std::vector<float> samples(4 * kSamples, 0.25f);
  const double total = static_cast<double>(samples.size()) / 44100;
  const Model model = ModelOf("wav2lip", Rules().front());
  for (const int count : {1, 2}) {
    Workers workers(count);
    std::vector<double> reports;
    const std::thread::id caller = std::this_thread::get_id();
    ossicle::Encode(samples, model, &workers, 44100, [&](double done_s, double total_s) {
      EXPECT_EQ(std::this_thread::get_id(), caller);
      EXPECT_EQ(total_s, total);
      reports.push_back(done_s);
    });
    EXPECT_TRUE(std::ranges::is_sorted(reports));
    EXPECT_GE(std::ranges::count_if(reports, [&](double s) { return s > 0 && s < total; }), 1);
    EXPECT_EQ(reports.back(), total);
  }
}

TEST_F(Encode, OfSamplesInMemoryStopsBetweenItsSteps) {
  const std::vector<float> samples(4 * kSamples, 0.25f);
  const Model model = ModelOf("wav2lip", Rules().front());
  for (const int count : {1, 2}) {
    Workers workers(count);
    for (const int last : {1, 2, 3}) {  // while it resamples, before the encoder, within it
      int calls = 0;
      const auto stop = [&](double, double) {
        if (++calls == last) throw std::runtime_error("stop");
      };
      EXPECT_THROW(ossicle::Encode(samples, model, &workers, 44100, stop), std::runtime_error);
      EXPECT_EQ(calls, last);
    }
  }
}

TEST_F(Encode, StopsWithinTheEncoderWhereAStepLooksAtTheWholeSignal) {
  const Model model = ModelOf("whisper-80", Rules().front());
  int complete = 0;
  const auto stop = [&](double done_s, double total_s) {
    if (done_s == total_s && ++complete == 2) throw std::runtime_error("stop");
  };
  EXPECT_THROW(ossicle::Encode(Pcm(4 * kSamples), model, nullptr, stop), std::runtime_error);
}

TEST_F(Encode, ReadsNoFurtherWhereTheCallerThrows) {
  double read_s = 0.0;
  const auto stop = [&](double done_s, double) {
    read_s = done_s;
    throw std::runtime_error("stop");
  };
  EXPECT_THROW(ReadSignal(Pcm(200000), Downmix::kMean, stop), std::runtime_error);
  EXPECT_GT(read_s, 0.0);
  EXPECT_LT(read_s, 200000 / 16000.0);
}

TEST_F(Encode, EndsAllStagesWhereTheCallerThrows) {
  const Model model = ModelOf("wav2lip", Rules().front());
  const InputRequest input = Pcm(kSamples);
  for (const int count : {1, 2, 4}) {
    Workers workers(count);
    int calls = 0;
    const auto stop = [&](double, double) {
      if (++calls == 2) throw std::runtime_error("stop");
    };
    EXPECT_THROW(ossicle::Encode(input, model, &workers, stop), std::runtime_error);
    EXPECT_EQ(calls, 2);
  }
}

TEST_F(Encode, EndsAllStagesWhereTheModelFails) {
  const WindowRule rule = Rules().front();
  const Frontend frontend(Preset("wav2lip"));
  const Encoder encoder(test::SaveFailingModel(folder_ / "failing.onnx", 16, frontend.bands()));
  const InputRequest input = Pcm(20 * kSamples);
  for (const int count : {1, 2, 4}) {
    Workers workers(count);
    double done_s = 0.0;
    const auto report = [&](double now_s, double) { done_s = now_s; };
    const test::Failure failure =
        FailureOf([&] { ossicle::Encode(input, frontend, encoder, rule, &workers, report); });
    EXPECT_EQ(failure.code, Code::kModel);
    EXPECT_LT(done_s, 10 * kSamples / 16000.0) << "it went on to the end";
  }
}

TEST_F(Encode, EndsAllStagesWhereTheInputFails) {
  InputRequest input = Pcm(4 * 65536);
  std::string bytes = test::ReadBytes(input.path);
  bytes.replace(bytes.size() - 8, 4, "\xff\xff\xff\xff");  // a NaN
  test::WriteBytes(input.path, bytes);
  input.raw->sample = RawFormat::Sample::kF32le;
  const Model model = ModelOf("wav2lip", Rules().front());
  for (const int count : {1, 2, 4}) {
    Workers workers(count);
    EXPECT_EQ(FailureOf([&] { ossicle::Encode(input, model, &workers); }).code, Code::kNotFinite);
  }
}

TEST_F(Encode, NamesAnInputThatIsTooShort) {
  const Model model = ModelOf("wav2lip", Rules().front());
  for (const int count : {1, 2}) {
    Workers workers(count);
    const InputRequest input = Pcm(14 * 200);
    const test::Failure failure = FailureOf([&] { ossicle::Encode(input, model, &workers); });
    EXPECT_EQ(failure.code, Code::kShape);
    EXPECT_TRUE(HasAll(failure.message,
                       {"\"" + input.path + "\": there are 15 frames", "\"16:80/25\" needs 16"}));
  }
  EXPECT_EQ(FailureOf([&] { ossicle::Encode(std::vector<float>(14 * 200), model); }).code,
            Code::kShape);
}

TEST_F(Encode, SaysHowMuchOfTheTimeOverlaps) {
  const Model model = ModelOf("wav2lip", Rules().front());
  const StageSeconds alone = ossicle::Encode(Pcm(kSamples), model).seconds;
  EXPECT_GT(alone.features, 0.0);
  EXPECT_GT(alone.encoder, 0.0);
  EXPECT_EQ(alone.overlap, 0.0);
  Workers workers(2);
  const StageSeconds both = ossicle::Encode(Pcm(kSamples), model, &workers).seconds;
  EXPECT_GE(both.overlap, 0.0);
  EXPECT_LE(both.overlap, both.decode + both.features + both.encoder);
}

}  // namespace
}  // namespace ossicle
