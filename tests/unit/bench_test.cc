#include "ossicle/bench.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>

#include "ossicle/error.h"
#include "support/failure.h"
#include "support/models.h"
#include "support/onnxruntime.h"
#include "support/temporary_folder.h"

namespace ossicle {
namespace {

constexpr double kShort = 0.01;

template <class Work>
double SecondsOf(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

template <class T>
void ExpectRatesToAgree(const Frontend& frontend, const BenchResult& result) {
  const auto samples =
      static_cast<std::int64_t>(std::llround(result.audio_s * frontend.spec().sample_rate_hz));
  EXPECT_EQ(result.frames, frontend.Frames(samples));
  const double run_s = result.us_per_frame * 1e-6 * static_cast<double>(result.frames);
  EXPECT_NEAR(result.times_real_time, result.audio_s / run_s, 1e-9 * result.times_real_time);
  const double bytes =
      static_cast<double>(samples) * sizeof(float) +
      static_cast<double>(result.frames) * frontend.bands() * static_cast<double>(sizeof(T));
  EXPECT_NEAR(result.gb_per_s, bytes / run_s * 1e-9, 1e-9 * result.gb_per_s);
}

TEST(BenchFrontend, MeasuresEveryPresetInRatesThatAgree) {
  for (const PresetInfo& preset : Presets()) {
    const Frontend frontend(Preset(preset.name));
    const BenchResult in_float = BenchFrontend<float>(frontend, {1, kShort});
    const BenchResult in_double = BenchFrontend<double>(frontend, {2, kShort});
    EXPECT_EQ(in_float.frontend, preset.name);
    EXPECT_EQ(in_float.precision, "float");
    EXPECT_EQ(in_double.precision, "double");
    EXPECT_EQ(in_float.workers, 1);
    EXPECT_EQ(in_double.workers, 2);
    EXPECT_GT(in_float.us_per_frame, 0.0);
    EXPECT_LE(in_float.audio_s, 60.0);
    EXPECT_GE(in_float.repetitions, 3);
    ExpectRatesToAgree<float>(frontend, in_float);
    ExpectRatesToAgree<double>(frontend, in_double);
  }
}

TEST(BenchFrontend, GivesSharesThatMakeOneOrNone) {
  const auto stages = BenchFrontend<float>(Frontend(Preset("wav2lip")), {1, kShort}).stages;
  const double sum =
      std::accumulate(stages.begin(), stages.end(), 0.0,
                      [](double total, const StageShare& stage) { return total + stage.share; });
  EXPECT_NEAR(sum, stages.empty() ? 0.0 : 1.0, 1e-6);
}

TEST(BenchFrontend, MeasuresTheInstructionSetInUseAndLeavesItSo) {
  const Frontend frontend(Preset("kaldi-fbank-80"));
  for (const std::string& name : InstructionSets()) {
    SetInstructionSet(name);
    EXPECT_EQ(BenchFrontend<float>(frontend, {1, kShort}).instruction_set, name);
    EXPECT_EQ(InstructionSet(), name);
    EXPECT_EQ(ThisMachine().instruction_set, name);
  }
  SetInstructionSet("");
}

TEST(BenchFrontend, TakesAboutTheSecondsThatItIsGiven) {
  const Frontend frontend(Preset("whisper-80"));
  const double spent_s = SecondsOf([&] { BenchFrontend<float>(frontend, {1, 0.2}); });
  EXPECT_GE(spent_s, 0.2);
  EXPECT_LE(spent_s, 5.0) << "a busy machine, or the repetitions do not end";
}

/// A minute of it takes minutes.
FrontendSpec SlowSpec() {
  FrontendSpec spec;
  spec.fft_size = 65536;
  spec.window_samples = 65536;
  spec.hop_samples = 16;
  return spec;
}

TEST(BenchFrontend, TakesLessAudioOfASlowFrontEnd) {
  const Frontend frontend(SlowSpec());
  BenchResult result;
  const double spent_s = SecondsOf([&] { result = BenchFrontend<float>(frontend, {1, kShort}); });
  EXPECT_LT(result.audio_s, 60.0);
  EXPECT_LE(spent_s, 30.0);
  ExpectRatesToAgree<float>(frontend, result);
}

TEST(BenchFrontend, HasAFrameWhereAMinuteWouldHaveNone) {
  FrontendSpec spec;
  spec.sample_rate_hz = 5;
  spec.high_hz = 2.5;
  spec.framing = Framing::kNoPadding;
  const Frontend frontend(spec);
  ASSERT_EQ(frontend.Frames(60 * 5), 0);
  const BenchResult result = BenchFrontend<float>(frontend, {1, kShort});
  EXPECT_GE(result.frames, 1);
  ExpectRatesToAgree<float>(frontend, result);
}

TEST(BenchFrontend, ReportsToTheEndAndPassesOnWhatTheCallerThrows) {
  const Frontend frontend(Preset("wav2lip"));
  double done_s = -1.0;
  BenchFrontend<float>(frontend, {1, kShort}, [&](double done, double total) {
    EXPECT_GE(done, done_s);
    EXPECT_EQ(total, kShort);
    done_s = done;
  });
  EXPECT_GE(done_s, kShort);
  const auto stop = [](double, double) { throw std::runtime_error("stop"); };
  EXPECT_THROW(BenchFrontend<float>(frontend, {2, 600.0}, stop), std::runtime_error);
}

void ExpectRefused(const BenchOptions& options, const std::string& words) {
  try {
    BenchFrontend<float>(Frontend(Preset("wav2lip")), options);
    ADD_FAILURE() << words;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kInvalidSpec);
    EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
  }
}

TEST(BenchFrontend, RefusesOptionsOutOfRange) {
  ExpectRefused({0, 1.0}, "workers=0, but it must be 1..256");
  ExpectRefused({257, 1.0}, "workers=257, but it must be 1..256");
  for (const double seconds : {-1.0, 0.0, 601.0, std::numeric_limits<double>::quiet_NaN()}) {
    ExpectRefused({1, seconds}, "but it must be 0.01..600");
  }
}

class BenchModelTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string none = test::FindOnnxRuntime(); !none.empty()) GTEST_SKIP() << none;
  }

  Model ModelOf(const char* preset, const char* windows, Tail tail) {
    ModelChoices choices;
    choices.frontend = Preset(preset);
    choices.windows = WindowRule::Parse(windows);
    choices.tail = tail;
    const int bands = Frontend(*choices.frontend).bands();
    return OpenModel(test::SaveDenseModel(folder_ / "dense.onnx", choices.windows->length, bands),
                     choices);
  }

  test::TemporaryFolder folder_;
};

TEST_F(BenchModelTest, MeasuresRequestsOfAsManyWindowsAsWereAskedFor) {
  for (const char* preset : {"wav2lip", "kaldi-fbank-80", "whisper-80"}) {
    for (const Tail tail : {Tail::kDrop, Tail::kAlign, Tail::kPad}) {
      const Model model = ModelOf(preset, "16:80/25", tail);
      for (const int windows : {2, 8, 25}) {
        const ModelBenchResult result = BenchModel(model, {windows, 2, kShort});
        EXPECT_EQ(result.windows, windows) << preset << " " << ToString(tail);
        EXPECT_EQ(result.model, "dense.onnx");
        EXPECT_EQ(result.frontend, model.frontend.spec().name);
        EXPECT_EQ(result.workers, 2);
        EXPECT_GE(result.repetitions, 3);
        EXPECT_GT(result.features_ms, 0.0);
        EXPECT_GT(result.encoder_ms, 0.0);
        EXPECT_LE(result.features_ms + result.encoder_ms, result.ms_per_request);
        EXPECT_NEAR(result.windows_per_second * result.ms_per_request, 1e3 * windows,
                    1e-6 * windows);
      }
    }
  }
}

TEST_F(BenchModelTest, TakesTheFewestWindowsThatThereCanBe) {
  EXPECT_EQ(BenchModel(ModelOf("wav2lip", "16:80/25", Tail::kAlign), {1, 1, kShort}).windows, 2);
}

TEST_F(BenchModelTest, RefusesOptionsOutOfRange) {
  const Model model = ModelOf("wav2lip", "16:1048576", Tail::kDrop);
  const auto refused = [&](const ModelBenchOptions& options, const std::string& words) {
    const test::Failure failure = test::FailureOf([&] { BenchModel(model, options); });
    EXPECT_EQ(failure.code, Code::kInvalidSpec);
    EXPECT_TRUE(test::HasAll(failure.message, {words})) << failure.message;
  };
  refused({0, 1, 1.0}, "request_windows=0, but it must be 1..65536");
  refused({65537, 1, 1.0}, "request_windows=65537, but it must be 1..65536");
  refused({65536, 1, 1.0}, "request_windows=65536, but");
  refused({25, 0, 1.0}, "workers=0, but it must be 1..256");
  refused({25, 1, 0.0}, "but it must be 0.01..600");
}

TEST_F(BenchModelTest, ReportsAndPassesOnWhatTheCallerThrows) {
  const Model model = ModelOf("wav2lip", "16:4", Tail::kDrop);
  double done_s = 0.0;
  BenchModel(model, {25, 1, kShort}, [&](double done, double total) {
    EXPECT_GT(done, done_s);
    EXPECT_EQ(total, kShort);
    done_s = done;
  });
  EXPECT_GE(done_s, kShort);
  const auto stop = [](double, double) { throw std::runtime_error("stop"); };
  EXPECT_THROW(BenchModel(model, {25, 2, 600.0}, stop), std::runtime_error);
}

TEST(ThisMachine, IsDescribedInFull) {
  const Machine machine = ThisMachine();
  EXPECT_EQ(machine.cores, Workers::HardwareCount());
  for (const std::string& text : {machine.cpu, machine.instruction_set, machine.compiler,
                                  machine.version, machine.git_hash}) {
    EXPECT_FALSE(text.empty());
    EXPECT_EQ(text.find('\n'), std::string::npos) << text;
  }
  EXPECT_NE(machine.compiler.find_first_of("0123456789"), std::string::npos) << machine.compiler;
}

}  // namespace
}  // namespace ossicle
