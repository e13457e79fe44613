#include "c/own_rate.h"

#include "ossicle/resampler.h"

namespace ossicle::c {

OwnRate::OwnRate(const FrontendSpec& spec, int rate_hz)
    : spec_(spec), rate_hz_(rate_hz == 0 ? spec.sample_rate_hz : rate_hz) {}

std::int64_t OwnRate::Samples(std::int64_t samples) const {
  if (rate_hz_ == spec_.sample_rate_hz) return samples;
  return Resampler<float>(spec_.resampler, rate_hz_, spec_.sample_rate_hz).OutputSamples(samples);
}

std::span<const float> OwnRate::Convert(std::span<const float> samples) {
  if (rate_hz_ == spec_.sample_rate_hz) return samples;
  converted_ = Resample(spec_.resampler, samples, rate_hz_, spec_.sample_rate_hz);
  return converted_;
}

}  // namespace ossicle::c
