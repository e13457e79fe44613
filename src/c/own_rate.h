#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ossicle/spec.h"

namespace ossicle::c {

/// A whole signal on its way to the rate of a front end, by the resampler that its spec names.
class OwnRate {
 public:
  /// `rate_hz` of the input, as GivenRate() gives it; 0: it has the rate. Throws what Resampler
  /// throws.
  OwnRate(const FrontendSpec& spec, int rate_hz);

  /// Samples that `samples` become.
  std::int64_t Samples(std::int64_t samples) const;

  /// `samples` themselves where they have the rate. Valid as long as they and this object.
  std::span<const float> Convert(std::span<const float> samples);

 private:
  const FrontendSpec& spec_;
  const int rate_hz_;
  std::vector<float> converted_;
};

}  // namespace ossicle::c
