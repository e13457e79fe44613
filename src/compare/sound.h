#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace ossicle::compare {

/// The audio at any rate; resampled once for each.
class Sound {
 public:
  /// Checks the audio: Error(kShape) if empty, Error(kNotFinite), Error(kInvalidSpec) for the rate.
  Sound(std::span<const float> samples, int sample_rate_hz);

  /// The same without the mean of all samples.
  Sound WithoutMean() const;

  int sample_rate_hz() const noexcept { return rate_hz_; }
  std::span<const float> At(int sample_rate_hz);
  /// The sample with the largest magnitude, at that rate.
  std::int64_t Loudest(int sample_rate_hz);

 private:
  struct Copy {
    std::vector<float> samples;
    std::int64_t loudest = 0;
  };
  const Copy& Find(int sample_rate_hz);

  int rate_hz_;
  std::map<int, Copy> copies_;
};

}  // namespace ossicle::compare
