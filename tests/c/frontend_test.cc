#include "ossicle/frontend.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <limits>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "c/support.h"
#include "ossicle/engine.h"
#include "ossicle/resampler.h"
#include "ossicle/stream.h"
#include "ossicle/version.h"
#include "support/sound.h"
#include "support/stream.h"
#include "support/temporary_folder.h"

namespace ossicle {
namespace {

using test::InfoOf;
using test::IsOk;
using test::IsRefused;
using test::MakeFrontend;
using test::Noise;
using test::RunOf;
using test::ValuesOf;
using test::Whole;
using test::WholeText;

TEST(CLibrary, SaysItsVersionAndItsPresets) {
  EXPECT_EQ(ossicle_version(), Version());
  EXPECT_EQ(ossicle_abi_version(), OSSICLE_ABI_VERSION);
  std::string names;
  for (const std::string& name : test::PresetNames()) names += name + "\n";
  EXPECT_EQ(WholeText(ossicle_preset_names), names);
  EXPECT_EQ(WholeText([](char* json, std::size_t capacity, std::size_t* needed) {
              return ossicle_preset_json("whisper-80", json, capacity, needed);
            }),
            Preset("whisper-80").ToJson());
  EXPECT_TRUE(IsRefused(ossicle_preset_json("wisper-80", nullptr, 0, nullptr), OSSICLE_INVALID_SPEC,
                        {"whisper-80"}));
}

TEST(CFrontend, GivesTheBitsOfCppForEveryPresetInFloatAndDouble) {
  for (const std::string& name : test::PresetNames()) {
    const Frontend judge(Preset(name));
    const std::vector<float> samples = test::TestSignal(judge.spec());
    const auto frontend = MakeFrontend(name);
    EXPECT_EQ(RunOf(frontend.get(), samples), judge.Run(samples)) << name;
    EXPECT_EQ(Whole<double>([&](double* features, std::size_t capacity, std::size_t* needed) {
                return ossicle_frontend_run_double(frontend.get(), samples.data(), samples.size(),
                                                   0, features, capacity, needed);
              }),
              judge.Run<double>(samples))
        << name;
  }
}

TEST(CFrontend, SaysWhatItIs) {
  for (const std::string& name : test::PresetNames()) {
    const FrontendSpec spec = Preset(name);
    const auto frontend = MakeFrontend(name);
    ossicle_frontend_info info = {};
    info.struct_size = sizeof info;
    ASSERT_TRUE(IsOk(ossicle_frontend_get_info(frontend.get(), &info)));
    EXPECT_EQ(info.sample_rate_hz, spec.sample_rate_hz) << name;
    EXPECT_EQ(info.hop_samples, spec.hop_samples) << name;
    EXPECT_EQ(info.bands, spec.bands()) << name;
    EXPECT_EQ(info.layout == OSSICLE_BANDS_FIRST, spec.layout == Layout::kBandsFirst) << name;
    EXPECT_EQ(info.min_samples, spec.min_samples) << name;
    EXPECT_EQ(info.needs_statistics == 1, NeedsStatistics(spec)) << name;
    EXPECT_EQ(WholeText([&](char* json, std::size_t capacity, std::size_t* needed) {
                return ossicle_frontend_json(frontend.get(), json, capacity, needed);
              }),
              spec.ToJson());
  }
}

TEST(CFrontend, TakesASpecAsJson) {
  const std::vector<float> samples = Noise(8000);
  const auto frontend = MakeFrontend("  {\"mel_bands\": 23, \"layout\": \"bands-first\"}");
  FrontendSpec spec;
  spec.mel_bands = 23;
  spec.layout = Layout::kBandsFirst;
  EXPECT_EQ(RunOf(frontend.get(), samples), Frontend(spec).Run(samples));
  EXPECT_EQ(RunOf(MakeFrontend(Preset("wav2lip").ToJson()).get(), samples),
            Frontend(Preset("wav2lip")).Run(samples));
}

TEST(CFrontend, ResamplesAudioOfAnotherRateAsTheSpecSays) {
  const std::vector<float> samples = Noise(44100);
  for (const char* name : {"wav2lip", "kaldi-fbank-80", "whisper-80"}) {
    const Frontend judge(Preset(name));
    const auto frontend = MakeFrontend(name);
    const std::vector<float> own_rate =
        Resample<float>(judge.spec().resampler, samples, 44100, judge.spec().sample_rate_hz);
    EXPECT_EQ(RunOf(frontend.get(), samples, 44100), judge.Run(own_rate)) << name;
    std::size_t frames = 0;
    ASSERT_TRUE(IsOk(ossicle_frontend_frames(frontend.get(), samples.size(), 44100, &frames)));
    EXPECT_EQ(frames, judge.Frames(std::ssize(own_rate))) << name;
  }
}

TEST(CFrontend, GivesTheSameBitsForEveryNumberOfWorkers) {
  const std::vector<float> samples = Noise(600000);
  const std::vector<float> one = RunOf(MakeFrontend("whisper-80", 1).get(), samples);
  for (const int workers : {0, 2, 5}) {
    EXPECT_EQ(RunOf(MakeFrontend("whisper-80", workers).get(), samples), one) << workers;
  }
}

TEST(CFrontend, StartsItsThreadsWithTheFirstRun) {
  const auto threads = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
  };
  const auto before = threads();
  const auto frontend = MakeFrontend("whisper-80", 4);
  EXPECT_EQ(threads(), before);
  RunOf(frontend.get(), Noise(16000));
  EXPECT_EQ(threads(), before + 3);
}

TEST(CFrontend, IsSharedByThreads) {
  const std::vector<float> samples = Noise(160000);
  const auto frontend = MakeFrontend("kaldi-fbank-80", 3);
  const std::vector<float> expected = RunOf(frontend.get(), samples);
  std::vector<std::vector<float>> results(4);
  {
    std::vector<std::jthread> threads;
    for (std::vector<float>& result : results) {
      threads.emplace_back([&] {
        for (int i = 0; i < 3; ++i) result = RunOf(frontend.get(), samples);
      });
    }
  }
  for (const std::vector<float>& result : results) EXPECT_EQ(result, expected);
}

TEST(CFrontend, ExtractsAFile) {
  const test::TemporaryFolder folder;
  const std::string path = folder / "noise.wav";
  test::WriteSound(path, test::kWav16, 44100, 2, Noise(88200));
  for (const char* name : {"wav2lip", "kaldi-fbank-80", "whisper-80"}) {
    const Extraction<float> judge = Extract<float>({.path = path}, Frontend(Preset(name)));
    std::vector<float> expected;
    judge.features.ForEachPiece([&](std::span<const float> piece) {
      expected.insert(expected.end(), piece.begin(), piece.end());
    });
    const auto matrix = test::Made<ossicle_matrix>([&](ossicle_matrix** handle) {
      return ossicle_frontend_extract(MakeFrontend(name, 2).get(), path.c_str(), handle);
    });
    const ossicle_matrix_info info = InfoOf(matrix.get());
    const bool is_frames_first = judge.features.layout() == Layout::kFramesFirst;
    EXPECT_EQ(is_frames_first ? info.rows : info.columns, judge.features.frames()) << name;
    EXPECT_EQ(is_frames_first ? info.columns : info.rows, judge.features.bands()) << name;
    EXPECT_EQ(ValuesOf(matrix.get()), expected) << name;
    EXPECT_EQ(info.start_s, nullptr);
    EXPECT_EQ(info.end_s, nullptr);
    EXPECT_DOUBLE_EQ(info.duration_s, 1.0);
  }
}

TEST(CFrontend, TakesNoSamples) {
  const auto frontend = MakeFrontend("whisper-80");
  EXPECT_TRUE(RunOf(frontend.get(), {}).empty());
  EXPECT_TRUE(IsOk(ossicle_frontend_run(frontend.get(), nullptr, 0, 0, nullptr, 0, nullptr)));
}

TEST(CFrontend, RefusesWhatItCannotServe) {
  ossicle_frontend* made = reinterpret_cast<ossicle_frontend*>(1);
  EXPECT_TRUE(IsRefused(ossicle_frontend_create("wav2lib", nullptr, &made), OSSICLE_INVALID_SPEC,
                        {"wav2lip"}));
  EXPECT_EQ(made, nullptr);
  EXPECT_TRUE(IsRefused(ossicle_frontend_create("{\"hop_samples\": 0}", nullptr, &made),
                        OSSICLE_INVALID_SPEC, {"hop_samples=0"}));
  EXPECT_TRUE(IsRefused(ossicle_frontend_create("{", nullptr, &made), OSSICLE_INVALID_SPEC,
                        {"not valid JSON"}));
  EXPECT_TRUE(IsRefused(ossicle_frontend_create("", nullptr, &made), OSSICLE_INVALID_SPEC));
  for (const int workers : {-1, 257}) {
    const ossicle_frontend_options options = {sizeof options, workers, 0};
    EXPECT_TRUE(IsRefused(ossicle_frontend_create("wav2lip", &options, &made), OSSICLE_INVALID_SPEC,
                          {"workers=" + std::to_string(workers), "0..256"}));
  }
}

TEST(CFrontend, RefusesBadAudioAndLeavesTheBufferAlone) {
  const auto frontend = MakeFrontend("wav2lip");
  std::vector<float> samples = Noise(16000);
  std::vector<float> features(81 * 80, -7.0f);
  const std::vector<float> before = features;
  const auto run = [&](std::size_t count, std::size_t capacity, std::int32_t rate_hz = 0) {
    return ossicle_frontend_run(frontend.get(), samples.data(), count, rate_hz, features.data(),
                                capacity, nullptr);
  };
  EXPECT_TRUE(IsRefused(run(16000, features.size() - 1), OSSICLE_SHORT_BUFFER, {"6479", "6480"}));
  EXPECT_TRUE(
      IsRefused(run(16000, features.size(), 16001), OSSICLE_INVALID_SPEC, {"16001", "16000"}));
  EXPECT_TRUE(IsRefused(run(16000, features.size(), -1), OSSICLE_INVALID_SPEC, {"-1"}));
  EXPECT_TRUE(IsRefused(run((std::size_t{1} << 40) + 1, 0), OSSICLE_INVALID_ARGUMENT, {"2^40"}));
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    samples[12345] = bad;
    EXPECT_TRUE(IsRefused(run(16000, features.size()), OSSICLE_NOT_FINITE, {"12345"}));
    EXPECT_TRUE(IsRefused(run(16000, features.size(), 32000), OSSICLE_NOT_FINITE, {"12345"}));
  }
  EXPECT_EQ(features, before);
}

TEST(CFrontend, RefusesFeaturesThatOverlapTheSamples) {
  const auto frontend = MakeFrontend("wav2lip");
  constexpr std::size_t kValues = 81 * 80;  // of 16000 samples
  const std::vector<float> sound = Noise(16000);
  std::vector<float> memory(kValues + 16000 + 2 * kValues, -7.0f);
  float* const samples = memory.data() + kValues;
  std::copy(sound.begin(), sound.end(), samples);
  const std::vector<float> before = memory;
  for (float* const features : {samples, samples - kValues + 1, samples + 100, samples + 15999}) {
    const auto refused = [&](ossicle_status status, const char* bytes) {
      return IsRefused(
          status, OSSICLE_INVALID_ARGUMENT,
          {bytes, "64000 bytes of samples", "must lie apart", "a buffer of their own"});
    };
    for (const std::int32_t rate_hz : {0, 16000}) {
      EXPECT_TRUE(refused(
          ossicle_frontend_run(frontend.get(), samples, 16000, rate_hz, features, kValues, nullptr),
          "25920 bytes of features"));
    }
    EXPECT_EQ(memory, before);
  }
  EXPECT_TRUE(IsRefused(
      ossicle_frontend_run(frontend.get(), samples, 16000, 8000, samples, 2 * kValues, nullptr),
      OSSICLE_INVALID_ARGUMENT, {"a buffer of their own"}));
  const std::vector<float> expected = RunOf(frontend.get(), sound);
  for (float* const features : {samples - kValues, samples + 16000}) {  // they touch
    EXPECT_TRUE(IsOk(
        ossicle_frontend_run(frontend.get(), samples, 16000, 0, features, kValues + 5, nullptr)));
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), features));
  }
}

TEST(CFrontend, RefusesDoubleFeaturesThatOverlapTheSamples) {
  const auto frontend = MakeFrontend("wav2lip");
  constexpr std::size_t kValues = 81 * 80;
  std::vector<double> memory(kValues + 8000);
  float* const samples = reinterpret_cast<float*>(&memory[kValues - 1]);
  EXPECT_TRUE(IsRefused(ossicle_frontend_run_double(frontend.get(), samples, 16000, 0,
                                                    memory.data(), kValues, nullptr),
                        OSSICLE_INVALID_ARGUMENT, {"51840 bytes of features", "must lie apart"}));
  EXPECT_TRUE(IsOk(ossicle_frontend_run_double(frontend.get(), samples + 2, 15998, 0, memory.data(),
                                               kValues, nullptr)));
}

TEST(CFrontend, NamesTheRateAsTheCallerKnowsIt) {
  const auto frontend = MakeFrontend("wav2lip");
  const std::vector<float> samples = Noise(16000);
  std::size_t frames = 0;
  for (const std::int32_t rate_hz : {-1, 768001, INT32_MIN, INT32_MAX}) {
    const auto refused = [&](ossicle_status status) {
      return IsRefused(status, OSSICLE_INVALID_SPEC,
                       {"input_rate_hz=" + std::to_string(rate_hz) + ",", "1..768000", "0 for"});
    };
    const ossicle_stream_options options = {sizeof options, rate_hz, 0, nullptr};
    ossicle_stream* stream = nullptr;
    EXPECT_TRUE(refused(ossicle_frontend_frames(frontend.get(), 16000, rate_hz, &frames)));
    EXPECT_TRUE(refused(
        ossicle_frontend_run(frontend.get(), samples.data(), 16000, rate_hz, nullptr, 0, nullptr)));
    EXPECT_TRUE(refused(ossicle_frontend_run_double(frontend.get(), samples.data(), 16000, rate_hz,
                                                    nullptr, 0, nullptr)));
    EXPECT_TRUE(refused(ossicle_stream_create(frontend.get(), &options, &stream)));
  }
  EXPECT_TRUE(IsOk(ossicle_frontend_frames(frontend.get(), 16000, 768000, &frames)));
}

TEST(CFrontend, RefusesFilesThatAreNoAudio) {
  const test::TemporaryFolder folder;
  const auto frontend = MakeFrontend("wav2lip");
  ossicle_matrix* matrix = reinterpret_cast<ossicle_matrix*>(1);
  EXPECT_TRUE(
      IsRefused(ossicle_frontend_extract(frontend.get(), (folder / "none.wav").c_str(), &matrix),
                OSSICLE_INPUT, {"none.wav"}));
  EXPECT_EQ(matrix, nullptr);
}

}  // namespace
}  // namespace ossicle
