#include "bits/signal.h"

#include <cstdint>

namespace ossicle::bits {

namespace {

constexpr std::size_t kSectionSamples = 1201;
constexpr float kTwoToMinus15 = 1.0f / 32768.0f;
constexpr float kTwoToMinus64 = 1.0f / 18446744073709551616.0f;

/// SplitMix64 of the sample's index.
std::uint64_t Hash(std::uint64_t index) {
  std::uint64_t z = (index + 1) * 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/// -32768..32767, all alike.
int Noise(std::uint64_t index) { return static_cast<int>(Hash(index) >> 48) - 32768; }

/// A triangle wave of amplitude 16384 whose frequency rises with n.
int Chirp(std::uint64_t n) {
  const auto phase = static_cast<int>((n * n * 5 + n * 400) % 65536);
  return phase < 32768 ? phase - 16384 : 49151 - phase;
}

float Sample(std::uint64_t index) {
  const std::uint64_t n = index % kSectionSamples;
  switch (index / kSectionSamples % 8) {
    case 0:
      return static_cast<float>(Noise(index)) * (kTwoToMinus15 / 16);
    case 1:
      return static_cast<float>(Chirp(n)) * kTwoToMinus15;
    case 2:
      return n < kSectionSamples / 2 ? 0.0f : -0.0f;
    case 3:
      return n % 500 == 250 ? 1.0f : 0.0f;
    case 4:
      return n / 23 % 2 == 0 ? 0.5f : -0.25f;
    case 5:
      return static_cast<float>(Noise(index)) * kTwoToMinus15 * kTwoToMinus64;
    case 6:
      return static_cast<float>(Noise(index) >> 12) * (kTwoToMinus15 / 4);
    default:
      return static_cast<float>(Noise(index)) * kTwoToMinus15;
  }
}

}  // namespace

std::vector<float> MakeSignal(std::size_t samples) {
  std::vector<float> signal(samples);
  for (std::size_t i = 0; i < samples; ++i) signal[i] = Sample(i);
  return signal;
}

}  // namespace ossicle::bits
