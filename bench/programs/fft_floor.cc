#include "fft_floor.h"

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace ossicle::bench {

FftFloor ParseFftFloor(int argc, char** argv) {
  const auto arguments = ParseArguments(argc, argv);
  FftFloor floor;
  floor.audio = LoadAudio(arguments.at("audio"));
  floor.fft_size = std::stoi(arguments.at("fft-size"));
  floor.hop_samples = std::stoll(arguments.at("hop-samples"));
  const int length = std::stoi(arguments.at("window-samples"));
  if (length > floor.fft_size || static_cast<std::size_t>(length) > floor.audio.size()) {
    throw std::runtime_error("the window is longer than the FFT or the audio");
  }
  for (int i = 0; i < length; ++i) {
    floor.window.push_back(
        static_cast<float>(0.5 - 0.5 * std::cos(2 * std::numbers::pi * i / length)));
  }
  return floor;
}

}  // namespace ossicle::bench
