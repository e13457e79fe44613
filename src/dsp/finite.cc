#include "dsp/finite.h"

#include <bit>
#include <cstdint>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/finite.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::uint32_t kExponent = 0x7f800000;
constexpr std::uint32_t kLowestOfExponent = 0x00800000;
constexpr std::uint32_t kSign = 0x80000000;

/// An exponent of ones, and no other, carries into the sign when its lowest bit is added.
bool Finite(const float* x, std::size_t count) {
  const hn::CappedTag<std::uint32_t, 16> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto exponent = hn::Set(d, kExponent), lowest = hn::Set(d, kLowestOfExponent);
  const hn::Rebind<float, decltype(d)> df;
  const auto carry = [&](std::size_t i) HWY_ATTR {
    return hn::Add(hn::And(hn::BitCast(d, hn::LoadU(df, x + i)), exponent), lowest);
  };
  auto any0 = hn::Zero(d), any1 = any0;
  std::size_t i = 0;
  for (; i + 2 * lanes <= count; i += 2 * lanes) {
    any0 = hn::Or(any0, carry(i));
    any1 = hn::Or(any1, carry(i + lanes));
  }
  HWY_ALIGN std::uint32_t of_lane[16];
  hn::Store(hn::Or(any0, any1), d, of_lane);
  std::uint32_t any = 0;
  for (std::size_t lane = 0; lane < lanes; ++lane) any |= of_lane[lane];
  for (; i < count; ++i) {
    any |= (std::bit_cast<std::uint32_t>(x[i]) & kExponent) + kLowestOfExponent;
  }
  return (any & kSign) == 0;
}

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ossicle::dsp {

namespace {
HWY_EXPORT(Finite);
}  // namespace

bool AllFinite(const float* x, std::size_t count) { return HWY_DYNAMIC_DISPATCH(Finite)(x, count); }

}  // namespace ossicle::dsp
#endif  // HWY_ONCE
