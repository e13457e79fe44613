#include "compare/sound.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "ossicle/error.h"
#include "ossicle/resampler.h"

namespace ossicle::compare {

namespace {

/// Copies of the audio that are kept.
constexpr std::size_t kMostResampled = 24;

std::int64_t LoudestOf(std::span<const float> samples) {
  const auto quieter = [](float a, float b) { return std::abs(a) < std::abs(b); };
  return std::max_element(samples.begin(), samples.end(), quieter) - samples.begin();
}

/// Each is what a 16-bit integer becomes.
bool Is16Bit(std::span<const float> samples) {
  return std::all_of(samples.begin(), samples.end(), [](float x) {
    const float scaled = x * 32768.0f;
    return scaled == std::trunc(scaled) && scaled >= -32768.0f && scaled <= 32767.0f;
  });
}

}  // namespace

Sound::Sound(std::span<const float> samples, int sample_rate_hz) : rate_hz_(sample_rate_hz) {
  if (sample_rate_hz < 1 || sample_rate_hz > 768000) {
    throw Error(Code::kInvalidSpec,
                "sample_rate_hz=" + std::to_string(sample_rate_hz) + ", but it must be 1..768000");
  }
  if (samples.empty()) {
    throw Error(Code::kShape, "the audio has 0 samples; pass that of which the features were made");
  }
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (std::isfinite(samples[i])) continue;
    throw Error(Code::kNotFinite, "the audio holds " + std::to_string(samples[i]) + " at sample " +
                                      std::to_string(i) + ", but every sample must be finite");
  }
  own_ = {{samples.begin(), samples.end()}, LoudestOf(samples)};
  is_16_bit_ = Is16Bit(samples);
}

Sound Sound::WithoutMean() const {
  std::vector<float> samples = own_.samples;
  double sum = 0.0;
  for (const float x : samples) sum += x;
  const double mean = sum / static_cast<double>(samples.size());
  for (float& x : samples) x = static_cast<float>(x - mean);
  return {samples, rate_hz_};
}

const Sound::Copy& Sound::Find(const FrontendSpec& spec) {
  if (!IsResampledFor(spec)) return own_;
  // As Resampled() does it.
  const bool in_float = spec.resampler == "swr-s16" && !is_16_bit_;
  const std::string resampler = in_float ? "swr-float-s16" : spec.resampler;
  const auto key = std::pair(spec.sample_rate_hz, resampler);
  const auto found = resampled_.find(key);
  if (found != resampled_.end()) return found->second;
  if (resampled_.size() == kMostResampled) resampled_.clear();
  Copy copy;
  copy.samples = Resample<float>(resampler, own_.samples, rate_hz_, spec.sample_rate_hz);
  if (!copy.samples.empty()) copy.loudest = LoudestOf(copy.samples);
  return resampled_[key] = std::move(copy);
}

std::span<const float> Sound::For(const FrontendSpec& spec) { return Find(spec).samples; }

std::int64_t Sound::LoudestFor(const FrontendSpec& spec) { return Find(spec).loudest; }

}  // namespace ossicle::compare
