#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ossicle/spec.h"

namespace ossicle::compare {

/// The audio at any rate; resampled once for each rate and resampler.
class Sound {
 public:
  /// Checks the audio: Error(kShape) if empty, Error(kNotFinite), Error(kInvalidSpec) for the rate.
  Sound(std::span<const float> samples, int sample_rate_hz);

  /// The same without the mean of all samples.
  Sound WithoutMean() const;

  int sample_rate_hz() const noexcept { return rate_hz_; }
  std::size_t samples() const noexcept { return own_.samples.size(); }
  /// A spec's rate is another one: what its resampler does shows.
  bool IsResampledFor(const FrontendSpec& spec) const { return spec.sample_rate_hz != rate_hz_; }

  /// At the spec's rate, by its resampler; valid until the next call for another spec.
  std::span<const float> For(const FrontendSpec& spec);
  /// The sample of these with the largest magnitude.
  std::int64_t LoudestFor(const FrontendSpec& spec);

 private:
  struct Copy {
    std::vector<float> samples;
    std::int64_t loudest = 0;
  };
  const Copy& Find(const FrontendSpec& spec);

  int rate_hz_;
  Copy own_;
  bool is_16_bit_;
  std::map<std::pair<int, std::string>, Copy> resampled_;
};

}  // namespace ossicle::compare
