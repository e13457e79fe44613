#pragma once

#include <array>
#include <cstddef>

#include "ossicle/enums.h"

namespace ossicle::compare {

// What sentences call the values of enums; JSON has other names.

inline const char* Name(Downmix downmix) {
  return downmix == Downmix::kMean ? "their mean" : "mixed as ffmpeg does";
}

inline const char* Name(Window window) {
  constexpr std::array kNames = {"rectangular", "Hann", "Hamming", "Povey"};
  return kNames[static_cast<std::size_t>(window)];
}

inline const char* Name(MelScale scale) {
  constexpr std::array kNames = {"Slaney's", "HTK's", "Kaldi's"};
  return kNames[static_cast<std::size_t>(scale)];
}

inline const char* Name(Log log) {
  constexpr std::array kNames = {"no logarithm", "ln", "log10", "10 log10 (dB of a power)",
                                 "20 log10 (dB of a magnitude)"};
  return kNames[static_cast<std::size_t>(log)];
}

inline const char* Name(Spectrum spectrum) {
  constexpr std::array kNames = {"magnitude", "power", "the waveform itself"};
  return kNames[static_cast<std::size_t>(spectrum)];
}

inline const char* Name(MelInterpolation interpolation) {
  return interpolation == MelInterpolation::kHz ? "Hz" : "mel";
}

inline const char* Name(Edge edge) {
  constexpr std::array kNames = {"zeros", "mirrored", "mirrored with the edge sample twice"};
  return kNames[static_cast<std::size_t>(edge)];
}

inline const char* Name(PreEmphasis preemphasis) {
  constexpr std::array kNames = {"none", "over the signal", "in each frame"};
  return kNames[static_cast<std::size_t>(preemphasis)];
}

}  // namespace ossicle::compare
