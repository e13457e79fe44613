#include "io/finite_samples.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "dsp/finite.h"
#include "io/file_descriptor.h"
#include "ossicle/error.h"

namespace ossicle {
namespace {

std::string Seconds(std::int64_t samples, int sample_rate_hz) {
  char text[48];
  std::snprintf(text, sizeof text, "%.6f", static_cast<double>(samples) / sample_rate_hz);
  return text;
}

}  // namespace

template <class T>
void CheckFiniteSamples(std::span<const T> samples, std::int64_t first, const AudioInfo& input) {
  if (dsp::AllFinite(samples)) return;
  const auto bad =
      std::find_if(samples.begin(), samples.end(), [](T x) { return !std::isfinite(x); });
  const std::int64_t sample = first + (bad - samples.begin());
  throw Error(Code::kNotFinite,
              InputName(input.name) + " holds " + (std::isnan(*bad) ? "a NaN" : "an infinity") +
                  " at " + Seconds(sample, input.sample_rate_hz) + " s (sample " +
                  std::to_string(sample) +
                  ", counted from 0); audio must be finite numbers: repair the file, or convert "
                  "it to 16-bit PCM");
}

template void CheckFiniteSamples(std::span<const float>, std::int64_t, const AudioInfo&);
template void CheckFiniteSamples(std::span<const double>, std::int64_t, const AudioInfo&);

}  // namespace ossicle
