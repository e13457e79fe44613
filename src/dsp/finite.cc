#include "dsp/finite.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include "ossicle/error.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/finite.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// The largest of the samples' bits without their signs: those of numbers come before infinity's.
std::int32_t LargestMagnitudeBits(const float* samples, std::size_t count) {
  const hn::ScalableTag<std::int32_t> d;
  const std::size_t lanes = hn::Lanes(d);
  constexpr std::int32_t kMagnitude = 0x7fffffff;
  const auto* bits = reinterpret_cast<const std::int32_t*>(samples);
  const auto magnitude = hn::Set(d, kMagnitude);
  const auto magnitude_at = [&](std::size_t at)
                                HWY_ATTR { return hn::And(hn::LoadU(d, bits + at), magnitude); };
  auto a = hn::Zero(d), b = a, c = a, e = a;
  std::size_t i = 0;
  for (; i + 4 * lanes <= count; i += 4 * lanes) {
    a = hn::Max(a, magnitude_at(i));
    b = hn::Max(b, magnitude_at(i + lanes));
    c = hn::Max(c, magnitude_at(i + 2 * lanes));
    e = hn::Max(e, magnitude_at(i + 3 * lanes));
  }
  std::int32_t largest = hn::GetLane(hn::MaxOfLanes(d, hn::Max(hn::Max(a, b), hn::Max(c, e))));
  for (; i < count; ++i) {
    const std::int32_t of_one = bits[i] & kMagnitude;
    if (of_one > largest) largest = of_one;
  }
  return largest;
}

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ossicle::dsp {

HWY_EXPORT(LargestMagnitudeBits);

bool AllFinite(std::span<const float> samples) noexcept {
  constexpr std::int32_t kInfinity = 0x7f800000;
  return HWY_DYNAMIC_DISPATCH(LargestMagnitudeBits)(samples.data(), samples.size()) < kInfinity;
}

bool AllFinite(std::span<const double> samples) noexcept {
  bool finite = true;
  for (const double x : samples) finite &= std::abs(x) <= std::numeric_limits<double>::max();
  return finite;
}

namespace {

template <class T>
[[noreturn]] void Throw(std::span<const T> samples, std::int64_t first, int sample_rate_hz) {
  const auto bad =
      std::find_if(samples.begin(), samples.end(), [](T x) { return !std::isfinite(x); });
  const std::int64_t index = first + (bad - samples.begin());
  throw Error(Code::kNotFinite,
              "sample " + std::to_string(index) + " (at " +
                  std::to_string(static_cast<double>(index) / sample_rate_hz) +
                  " s) is a NaN or an infinity, but every sample must be finite; mend the audio");
}

}  // namespace

void ThrowNotFinite(std::span<const float> samples, std::int64_t first, int sample_rate_hz) {
  Throw(samples, first, sample_rate_hz);
}

void ThrowNotFinite(std::span<const double> samples, std::int64_t first, int sample_rate_hz) {
  Throw(samples, first, sample_rate_hz);
}

}  // namespace ossicle::dsp
#endif  // HWY_ONCE
