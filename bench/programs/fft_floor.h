#pragma once

#include <algorithm>
#include <complex>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "server.h"

namespace ossicle::bench {

/// The least that a front end does: for each frame that lies within the audio, its window_samples
/// times the window, zeros up to fft_size, and the FFT of that. The spectrum is overwritten by that
/// of the next frame: the floor has no output to write.
struct FftFloor {
  std::vector<float> audio;
  std::vector<float> window;  ///< Hann, periodic
  std::int64_t hop_samples = 0;
  int fft_size = 0;

  std::int64_t frames() const {
    return 1 + static_cast<std::int64_t>(audio.size() - window.size()) / hop_samples;
  }
  int bins() const { return fft_size / 2 + 1; }
};

/// Reads --audio, --fft-size, --window-samples and --hop-samples.
FftFloor ParseFftFloor(int argc, char** argv);

/// Calls execute() for each frame, with the windowed samples in `input`.
template <class Execute>
void ForEachFrame(const FftFloor& floor, std::int64_t frames, float* input, Execute&& execute) {
  const std::size_t length = floor.window.size();
  const float* const window = floor.window.data();
  for (std::int64_t frame = 0; frame < frames; ++frame) {
    const float* const samples = floor.audio.data() + frame * floor.hop_samples;
    for (std::size_t i = 0; i < length; ++i) input[i] = samples[i] * window[i];
    execute();
  }
}

/// Serves bench/run.py until the end of input; `output` writes the first spectra, as rows of
/// interleaved real and imaginary parts.
///   members   of the first line: package and version, as JSON
///   run       goes through all frames
template <class Execute>
int ServeFloor(const FftFloor& floor, const std::string& members, float* input,
               const std::complex<float>* spectrum, const std::function<void()>& run,
               Execute&& execute) {
  constexpr std::int64_t kFramesShown = 64;
  const auto write = [&](const std::string& path) {
    std::vector<std::complex<float>> shown;
    const std::int64_t frames = std::min(kFramesShown, floor.frames());
    ForEachFrame(floor, frames, input, [&] {
      execute();
      shown.insert(shown.end(), spectrum, spectrum + floor.bins());
    });
    WriteMatrix(path, reinterpret_cast<const float*>(shown.data()), frames, 2 * floor.bins());
  };
  return Serve({members + ", \"frames\": " + std::to_string(floor.frames()), run, write});
}

}  // namespace ossicle::bench
