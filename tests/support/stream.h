#pragma once

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "oracle/signals.h"
#include "ossicle/frontend.h"
#include "ossicle/stream.h"

namespace ossicle::test {

template <class T>
bool SameBits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

/// frames x bands values of Frontend::Run, frames first as a stream gives them.
template <class T>
std::vector<T> RunOf(const Frontend& frontend, std::span<const float> audio) {
  const std::int64_t frames = frontend.Frames(std::ssize(audio));
  std::vector<T> values(static_cast<std::size_t>(frames * frontend.bands()));
  Scratch scratch = frontend.MakeScratch();
  frontend.Run(audio, MakeView(values.data(), frames, frontend.bands(), Layout::kFramesFirst),
               scratch);
  return values;
}

/// What `stream` gives for a whole signal in pieces of these sizes, again and again, Finish
/// included.
template <class T>
std::vector<T> Streamed(Stream<T>& stream, std::span<const float> audio,
                        const std::vector<std::size_t>& sizes) {
  std::vector<T> out;
  for (std::size_t i = 0; !audio.empty(); ++i) {
    const std::size_t count = std::min(sizes[i % sizes.size()], audio.size());
    stream.Push(audio.first(count), out);
    audio = audio.subspan(count);
  }
  stream.Finish(out);
  return out;
}

/// Noise whose level goes up and down.
inline std::vector<float> TestSignal(std::int64_t samples) {
  std::vector<float> signal = oracle::WhiteNoise(samples);
  for (std::size_t i = 0; i < signal.size(); ++i) {
    signal[i] *= static_cast<float>(i / 700 % 5 * (i / 300 % 3)) / 8.0f;
  }
  return signal;
}

/// Enough for some blocks of frames, and odd at the end.
inline std::vector<float> TestSignal(const FrontendSpec& spec) {
  return TestSignal(std::int64_t{std::max(spec.min_samples, spec.frame_samples())} +
                    40 * spec.hop_samples + 77);
}

inline std::vector<std::string> PresetNames() {
  std::vector<std::string> names;
  for (const PresetInfo& preset : Presets()) names.push_back(preset.name);
  return names;
}

/// With what a test's name may have.
inline std::string TestName(std::string name) {
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
}

/// kExact where a mode is needed.
inline StreamOptions ExactOptions(const FrontendSpec& spec, int input_rate_hz = 0) {
  StreamOptions options;
  options.input_rate_hz = input_rate_hz;
  if (NeedsStatistics(spec)) options.statistics = StreamStatistics{};
  return options;
}

}  // namespace ossicle::test
