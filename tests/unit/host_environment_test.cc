// A host that has set another rounding mode, flush-to-zero or traps gets our bits, and keeps its
// own.

#include <gtest/gtest.h>

#include <cctype>
#include <cstring>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "frontend/frame_stream.h"
#include "oracle/signals.h"
#include "ossicle/error.h"
#include "ossicle/frontend.h"
#include "support/host_floating_point.h"

namespace ossicle {
namespace {

using internal::FrameStream;

/// Samples, power and features that are subnormal numbers.
FrontendSpec Subnormal() {
  FrontendSpec spec;
  spec.name = "subnormal power";
  spec.log = Log::kNone;
  spec.steps = {SubtractMean{}};
  return spec;
}

std::vector<FrontendSpec> AllSpecs() {
  std::vector<FrontendSpec> specs = {Subnormal()};
  for (const PresetInfo& preset : Presets()) specs.push_back(Preset(preset.name));
  return specs;
}

/// Speech, then noise around the smallest float, then noise whose power is around it.
std::vector<float> QuietAudio() {
  std::vector<float> audio = oracle::Speech(1.0);
  for (const float x : oracle::WhiteNoise(8000)) audio.push_back(x * 0x1p-126F);
  for (const float x : oracle::WhiteNoise(8000, 2)) audio.push_back(x * 0x1p-66F);
  return audio;
}

template <class T>
std::vector<T> ComputedAsAWhole(const Frontend& frontend, std::span<const float> audio,
                                int worker_count) {
  const std::int64_t frames = frontend.Frames(static_cast<std::int64_t>(audio.size()));
  std::vector<T> values(static_cast<std::size_t>(frames * frontend.bands()));
  Scratch scratch = frontend.MakeScratch(worker_count);
  Workers workers(worker_count, Workers::Use::kAll);
  frontend.Run(audio, MakeView(values.data(), frames, frontend.bands(), Layout::kFramesFirst),
               scratch, &workers);
  return values;
}

template <class T>
void Stream(FrameStream<T>& stream, std::span<const float> audio, Features<T>& features) {
  for (; audio.size() > 5000; audio = audio.subspan(5000)) stream.Push(audio.first(5000), features);
  stream.Push(audio, features);
  stream.Finish(features);
}

template <class T>
std::vector<T> ComputedAsAStream(const Frontend& frontend, std::span<const float> audio) {
  Features<T> features(frontend.bands(), Layout::kFramesFirst);
  double peak = 0.0;
  if (FrameStream<T>::NeedsTwoPasses(frontend)) {
    FrameStream<T> first(frontend, nullptr, FrameStream<T>::Mode::kFindPeak);
    Stream(first, audio, features);
    peak = first.peak();
  }
  FrameStream<T> stream(frontend, nullptr, FrameStream<T>::Mode::kCompute, peak);
  Stream(stream, audio, features);
  std::vector<T> values(static_cast<std::size_t>(features.frames() * features.bands()));
  features.Copy(0, features.frames(), Layout::kFramesFirst, values);
  return values;
}

template <class T>
bool SameBits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

class EachHost : public testing::TestWithParam<HostFloatingPoint> {};
INSTANTIATE_TEST_SUITE_P(All, EachHost, testing::ValuesIn(AllHosts()),
                         [](const auto& info) { return info.param.name; });

template <class T>
void ExpectOurBits(const HostFloatingPoint& host, const FrontendSpec& spec,
                   const std::vector<float>& audio) {
  const std::vector<T> expected = ComputedAsAWhole<T>(Frontend(spec), audio, 1);
  std::vector<T> alone, together, streamed;
  bool unchanged = false;
  {
    const AsHost as(host);
    const Frontend frontend(spec);
    alone = ComputedAsAWhole<T>(frontend, audio, 1);
    together = ComputedAsAWhole<T>(frontend, audio, 3);
    streamed = ComputedAsAStream<T>(frontend, audio);
    unchanged = as.Unchanged();
  }
  EXPECT_TRUE(SameBits(alone, expected)) << spec.name;
  EXPECT_TRUE(SameBits(together, expected)) << spec.name << ", 3 workers";
  EXPECT_TRUE(SameBits(streamed, expected)) << spec.name << ", streamed";
  EXPECT_TRUE(unchanged) << spec.name;
}

TEST_P(EachHost, GetsOurBitsAndKeepsItsEnvironment) {
  const std::vector<float> audio = QuietAudio();
  for (const FrontendSpec& spec : AllSpecs()) {
    ExpectOurBits<float>(GetParam(), spec, audio);
    ExpectOurBits<double>(GetParam(), spec, audio);
  }
}

/// Workers that were made before the host changed its mind, and the other way round.
TEST_P(EachHost, GetsOurBitsFromWorkersOfAnotherEnvironment) {
  const std::vector<float> audio = QuietAudio();
  const Frontend frontend(Subnormal());
  const std::vector<float> expected = ComputedAsAWhole<float>(frontend, audio, 1);
  std::vector<float> values(expected.size());
  const auto view = MakeView(values.data(), frontend.Frames(std::ssize(audio)), frontend.bands(),
                             Layout::kFramesFirst);
  Scratch scratch = frontend.MakeScratch(3);
  Workers before(3, Workers::Use::kAll);
  {
    const AsHost as(GetParam());
    frontend.Run(audio, view, scratch, &before);
  }
  EXPECT_TRUE(SameBits(values, expected));
  std::unique_ptr<Workers> after;
  {
    const AsHost as(GetParam());
    after = std::make_unique<Workers>(3, Workers::Use::kAll);
  }
  frontend.Run(audio, view, scratch, after.get());
  EXPECT_TRUE(SameBits(values, expected));
}

TEST_P(EachHost, KeepsItsEnvironmentWhenWeThrow) {
  const Frontend frontend(Preset("whisper-80"));
  std::vector<float> audio(16000, std::numeric_limits<float>::quiet_NaN());
  std::vector<float> values(static_cast<std::size_t>(frontend.Frames(16000) * frontend.bands()));
  const auto view =
      MakeView(values.data(), frontend.Frames(16000), frontend.bands(), Layout::kFramesFirst);
  Scratch scratch = frontend.MakeScratch();
  FrontendSpec wrong;
  wrong.hop_samples = 0;
  Features<float> features(frontend.bands(), Layout::kFramesFirst);
  FrameStream<float> stream(frontend);
  int thrown = 0;
  bool unchanged = false;
  {
    const AsHost as(GetParam());
    try {
      frontend.Run<float>(audio, view, scratch);
    } catch (const Error&) {
      ++thrown;
    }
    try {
      stream.Push(audio, features);
    } catch (const Error&) {
      ++thrown;
    }
    try {
      const Frontend refused(wrong);
    } catch (const Error&) {
      ++thrown;
    }
    unchanged = as.Unchanged();
  }
  EXPECT_EQ(thrown, 3);
  EXPECT_TRUE(unchanged);
}

TEST_P(EachHost, ReadsTheSameSpec) {
  FrontendSpec spec = Preset("wav2lip");
  spec.spectrum_epsilon = 0.1 + 0x1p-50;
  const std::string json = spec.ToJson();
  FrontendSpec parsed;
  bool unchanged = false;
  {
    const AsHost as(GetParam());
    parsed = FrontendSpec::FromJson(json);
    unchanged = as.Unchanged();
  }
  EXPECT_TRUE(parsed == spec);
  EXPECT_TRUE(unchanged);
}

}  // namespace
}  // namespace ossicle
