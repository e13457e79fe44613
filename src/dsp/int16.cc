#include "dsp/int16.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/int16.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// A zero is added, since instruction sets differ in the sign of what they round to 0.

template <class T>
HWY_INLINE T OneScaled(T x) {
  return std::nearbyint(std::clamp(x * T(32768), T(-32768), T(32767))) + T(0);
}

template <class D>
HWY_INLINE hn::Vec<D> Scaled(D d, const float* samples) {
  const auto x = hn::Mul(hn::LoadU(d, samples), hn::Set(d, 32768.0f));
  const auto clipped = hn::Min(hn::Max(x, hn::Set(d, -32768.0f)), hn::Set(d, 32767.0f));
  return hn::Add(hn::Round(clipped), hn::Zero(d));
}

void FloatsToInt16(std::span<const float> samples, std::int16_t* to) {
  const hn::ScalableTag<float> d;
  const hn::Rebind<std::int32_t, decltype(d)> d32;
  const hn::Rebind<std::int16_t, decltype(d)> d16;
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= samples.size(); i += hn::Lanes(d)) {
    const auto whole = hn::ConvertTo(d32, Scaled(d, samples.data() + i));
    hn::StoreU(hn::DemoteTo(d16, whole), d16, to + i);
  }
  for (; i < samples.size(); ++i) to[i] = static_cast<std::int16_t>(OneScaled(samples[i]));
}

void FloatsRoundedToInt16(std::span<float> samples) {
  const hn::ScalableTag<float> d;
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= samples.size(); i += hn::Lanes(d)) {
    float* const at = samples.data() + i;
    hn::StoreU(hn::Mul(Scaled(d, at), hn::Set(d, 0x1p-15f)), d, at);
  }
  for (; i < samples.size(); ++i) samples[i] = OneScaled(samples[i]) * 0x1p-15f;
}

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ossicle::dsp {

namespace {
HWY_EXPORT(FloatsToInt16);
HWY_EXPORT(FloatsRoundedToInt16);

double OneScaled(double x) {
  return std::nearbyint(std::clamp(x * 32768.0, -32768.0, 32767.0)) + 0.0;
}
}  // namespace

void ToInt16(std::span<const float> samples, std::int16_t* to) {
  HWY_DYNAMIC_DISPATCH(FloatsToInt16)(samples, to);
}

void RoundToInt16(std::span<float> samples) { HWY_DYNAMIC_DISPATCH(FloatsRoundedToInt16)(samples); }

void ToInt16(std::span<const double> samples, std::int16_t* to) {
  for (const double x : samples) *to++ = static_cast<std::int16_t>(OneScaled(x));
}

void RoundToInt16(std::span<double> samples) {
  for (double& x : samples) x = OneScaled(x) * 0x1p-15;
}

}  // namespace ossicle::dsp
#endif  // HWY_ONCE
