#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ossicle/spec.h"

/// The signals that front ends are tested with: mono, full scale 1.0, the same bits on every
/// machine.
namespace oracle {

enum class SignalKind {
  kBroadband,  ///< speech, noise, silence, an impulse: no band is far below the others for long
  kTone,       ///< a full-scale sine or square: bands that hold nothing but rounding errors
};

struct Signal {
  std::string name;
  std::vector<float> samples;
  SignalKind kind = SignalKind::kBroadband;
};

/// The first `seconds` (at most all) of real speech, 16 kHz, 16 bits. The folder is that of
/// Debian's package pocketsphinx-testdata, or the environment variable OSSICLE_SPEECH_DIR. Throws
/// std::runtime_error that names the file and the package when it cannot be read.
std::vector<float> Speech(double seconds);

/// Uniform in -1..1, from a fixed integer generator; different for each seed.
std::vector<float> WhiteNoise(std::int64_t count, std::uint32_t seed = 1);

std::vector<float> Silence(std::int64_t count);
/// 1.0 in the middle.
std::vector<float> Impulse(std::int64_t count);
/// A period of `period_samples`, amplitude 1.0.
std::vector<float> Sine(std::int64_t count, double period_samples);
std::vector<float> Square(std::int64_t count, std::int64_t period_samples);

/// All of the above, and noise of 1 sample, of one less than a window and than an FFT, exactly as
/// many, one more, and other odd lengths.
std::vector<Signal> TestSignals(const ossicle::FrontendSpec& spec);

}  // namespace oracle
