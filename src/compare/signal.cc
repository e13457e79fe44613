#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "ossicle/spec_difference.h"

namespace ossicle {
namespace {

constexpr double kRateHz = kComparisonSignalRateHz;
constexpr double kSeconds = 4.0;
constexpr double kSilenceFrom = 3.6;
constexpr double kClickAt = 2.2;

/// White, -0.5..0.5.
class Noise {
 public:
  double Next() {
    state_ = state_ * 1664525u + 1013904223u;
    return static_cast<std::int32_t>(state_) * 0x1p-32;
  }

 private:
  std::uint32_t state_ = 20220825;
};

/// A voice whose pitch glides from 90 to 270 Hz, with harmonics up to the end of hearing.
double Voice(double time_s) {
  const double cycles = 90.0 * time_s + 25.0 * time_s * time_s;
  double sum = 0.0;
  for (int harmonic = 1; harmonic <= 60; ++harmonic) {
    sum += std::sin(2.0 * std::numbers::pi * harmonic * cycles + harmonic * harmonic) / harmonic;
  }
  return 0.2 * sum;
}

/// Four syllables a second, every other one quieter.
double Loudness(double time_s) {
  const double rise = std::sin(4.0 * std::numbers::pi * time_s);
  return rise * rise * (std::fmod(time_s, 0.5) < 0.25 ? 1.0 : 0.1);
}

}  // namespace

std::vector<float> ComparisonSignal() {
  Noise noise;
  std::vector<float> samples(static_cast<std::size_t>(kSeconds * kRateHz));
  const auto silence = static_cast<std::size_t>(kSilenceFrom * kRateHz);
  for (std::size_t i = 0; i < silence; ++i) {
    const double time_s = static_cast<double>(i) / kRateHz;
    const double loudness = Loudness(time_s);
    samples[i] = static_cast<float>(0.01 + loudness * Voice(time_s) +
                                    (0.1 * loudness + 0.002) * noise.Next());
  }
  samples[static_cast<std::size_t>(kClickAt * kRateHz)] = 0.9f;
  return samples;
}

}  // namespace ossicle
