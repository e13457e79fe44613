// What tests/instructions/count.py runs under callgrind: every preset and every resampler in float
// and in double, on a short and on a longer signal, and a preset with few and with many zeros
// behind it. Prints "built COMPILER BUILD_TYPE", then a line "NAME PRECISION FRAMES" for each call
// of CountedRun, in their order; a resampler's frames are its outputs.

#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "ossicle/frontend.h"
#include "ossicle/resampler.h"
#include "ossicle/spec.h"
#include "ossicle/version.h"

#ifdef __clang__
#define COMPILER "Clang"
#define COMPILER_VERSION __clang_major__
#else
#define COMPILER "GCC"
#define COMPILER_VERSION __GNUC__
#endif

/// callgrind counts what happens in it and writes a dump at its end.
extern "C" __attribute__((noinline)) void CountedRun(const std::function<void()>& run) { run(); }

namespace ossicle {
namespace {

constexpr int kShortHops = 256;
constexpr int kLongHops = kShortHops + 512;  // whole blocks more for every number of lanes

/// White noise within half of full scale.
std::vector<float> Noise(int samples) {
  std::vector<float> noise;
  std::uint32_t state = 1;
  for (int i = 0; i < samples; ++i) {
    state = state * 1664525u + 1013904223u;
    noise.push_back(static_cast<float>(state >> 8) / static_cast<float>(1 << 24) - 0.5f);
  }
  return noise;
}

template <class T>
void CountRun(const std::string& name, const char* precision, const Frontend& frontend,
              const std::vector<float>& audio) {
  Scratch scratch = frontend.MakeScratch();
  const std::int64_t frames = frontend.Frames(std::ssize(audio));
  std::vector<T> values(static_cast<std::size_t>(frames * frontend.bands()));
  const FeatureView<T> out =
      MakeView(values.data(), frames, frontend.bands(), frontend.spec().layout);
  CountedRun([&] { frontend.Run(std::span<const float>(audio), out, scratch); });
  std::printf("%s %s %lld\n", name.c_str(), precision, static_cast<long long>(frames));
}

template <class T>
void Count(const Frontend& frontend, const char* precision) {
  for (const int hops : {kShortHops, kLongHops}) {
    CountRun<T>(frontend.spec().name, precision, frontend,
                Noise(hops * frontend.spec().hop_samples));
  }
}

/// Frames of zeros that the front end puts after the signal.
template <class T>
void CountAppended(FrontendSpec spec, const char* precision) {
  const std::vector<float> audio = Noise(kShortHops * spec.hop_samples);
  for (const int hops : {kShortHops, kLongHops}) {
    spec.append_zeros_samples = hops * spec.hop_samples;
    CountRun<T>("zeros:" + spec.name, precision, Frontend(spec), audio);
  }
}

template <class T>
void Count(const std::string& resampler, const char* precision) {
  const Resampler<T> tables(resampler, 44100, 16000);
  for (const int seconds : {1, 3}) {
    const std::vector<float> noise = Noise(44100 * seconds);
    const std::vector<T> audio(noise.begin(), noise.end());
    Resampler<T> resampling(tables);
    std::vector<T> out;
    out.reserve(audio.size());
    CountedRun([&] {
      resampling.Push(audio, out);
      resampling.Finish(out);
    });
    std::printf("resampler:%s %s %zu\n", resampler.c_str(), precision, out.size());
  }
}

}  // namespace
}  // namespace ossicle

int main() {
  using namespace ossicle;
  try {
    std::printf("built %s-%d %s\n", COMPILER, COMPILER_VERSION, BuildType().c_str());
    SetInstructionSet("AVX2");
    for (const PresetInfo& preset : Presets()) {
      const Frontend frontend(Preset(preset.name));
      Count<float>(frontend, "float");
      Count<double>(frontend, "double");
    }
    CountAppended<float>(Preset("whisper-80@transcribe"), "float");
    CountAppended<double>(Preset("whisper-80@transcribe"), "double");
    for (const ResamplerInfo& resampler : Resamplers()) {
      Count<float>(resampler.name, "float");
      Count<double>(resampler.name, "double");
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
