#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ossicle/resampler.h"
#include "ossicle/spec.h"

namespace ossicle::compare {

/// The audio at any rate, by any resampler. What was resampled is kept, up to a limit.
class Sound {
 public:
  /// Checks the audio: Error(kShape) if empty, Error(kNotFinite), Error(kInvalidSpec) for the rate.
  Sound(std::span<const float> samples, int sample_rate_hz);

  /// The same without the mean of all samples.
  Sound WithoutMean() const;

  int sample_rate_hz() const noexcept { return rate_hz_; }
  std::size_t samples() const noexcept { return own_.size(); }
  /// A spec's rate is another one: what its resampler does shows.
  bool IsResampledFor(const FrontendSpec& spec) const { return spec.sample_rate_hz != rate_hz_; }

  // All that follows: at the spec's rate, by its resampler. Throws Error(kInvalidSpec) for a ratio
  // that no resampler takes. A span is valid until the next call.

  std::int64_t Samples(const FrontendSpec& spec);
  std::span<const float> For(const FrontendSpec& spec);
  /// So many samples from `first` on. Of a long sound, no more than is needed is resampled: but for
  /// rounding, the same samples.
  std::span<const float> Part(const FrontendSpec& spec, std::int64_t first, std::int64_t count);
  /// About where the sample with the largest magnitude is.
  std::int64_t LoudestFor(const FrontendSpec& spec) const;

 private:
  using Key = std::pair<int, std::string>;                      // rate and resampler
  using PartKey = std::tuple<Key, std::int64_t, std::int64_t>;  // and the samples

  Key KeyOf(const FrontendSpec& spec) const;
  const Resampler<float>& ResamplerFor(const Key& key);
  std::vector<float> Resample(const Key& key, std::int64_t first, std::int64_t count);
  const std::vector<float>& Resampled(const Key& key, std::int64_t first, std::int64_t count);

  int rate_hz_;
  std::vector<float> own_;
  std::int64_t loudest_ = 0;
  bool is_16_bit_ = false;
  std::map<Key, Resampler<float>> resamplers_;
  std::map<PartKey, std::vector<float>> resampled_;
  std::size_t kept_ = 0;  // samples in resampled_
};

}  // namespace ossicle::compare
