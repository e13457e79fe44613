#include "dsp/finite.h"

#include <cstddef>
#include <cstdint>

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
  auto even = hn::Zero(d), odd = hn::Zero(d);
  std::size_t i = 0;
  for (; i + 2 * lanes <= count; i += 2 * lanes) {
    even = hn::Max(even, hn::And(hn::LoadU(d, bits + i), magnitude));
    odd = hn::Max(odd, hn::And(hn::LoadU(d, bits + i + lanes), magnitude));
  }
  std::int32_t largest = hn::GetLane(hn::MaxOfLanes(d, hn::Max(even, odd)));
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

}  // namespace ossicle::dsp
#endif  // HWY_ONCE
