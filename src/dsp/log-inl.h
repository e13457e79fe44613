// The natural logarithm for any vector type. Included once per target.
#if defined(OSSICLE_DSP_LOG_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef OSSICLE_DSP_LOG_INL_H_
#undef OSSICLE_DSP_LOG_INL_H_
#else
#define OSSICLE_DSP_LOG_INL_H_
#endif

#include <hwy/highway.h>

#include <cstdint>
#include <type_traits>

#include "dsp/lanes-inl.h"
#include "dsp/log.h"

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// In double: constants of the argument reduction x = 2^k m, sqrt(1/2) <= m < sqrt(2), and of the
// polynomial R(z) ~ (ln(1 + f) - 2 s) / s in z = s^2, s = f / (2 + f), as FreeBSD's msun has them.
struct LogConstants {
  static constexpr std::uint64_t kOneMinusSqrtHalf = 0x3ff0000000000000u - 0x3fe6a09e667f3bcdu;
  static constexpr std::uint64_t kSqrtHalf = 0x3fe6a09e667f3bcdu;
  static constexpr std::uint64_t kMantissa = 0x000fffffffffffffu;
  static constexpr std::uint64_t kMagicBits = 0x4330000000000000u;  // 2^52
  static constexpr double kMagic = 4503599627370496.0 + 1023.0;
  static constexpr int kMantissaBits = 52;
  static constexpr double kLn2High = 6.93147180369123816490e-01;
  static constexpr double kLn2Low = 1.90821492927058770002e-10;
  static constexpr double kEven[] = {3.999999999940941908e-01, 2.222219843214978396e-01,
                                     1.531383769920937332e-01};
  static constexpr double kOdd[] = {6.666666666666735130e-01, 2.857142874366239149e-01,
                                    1.818357216161805012e-01, 1.479819860511658591e-01};
};

/// Horner's rule in w: c[0] + w (c[1] + w (...)).
template <class D, std::size_t kCount, class V = hn::Vec<D>>
HWY_INLINE V Polynomial(D d, const double (&c)[kCount], V w) {
  V sum = hn::Set(d, c[kCount - 1]);
  for (std::size_t i = kCount - 1; i > 0; --i) {
    sum = hn::Add(hn::Mul(w, sum), hn::Set(d, c[i - 1]));
  }
  return sum;
}

/// scale * ln(x) + offset of positive normal numbers.
template <class D, std::enable_if_t<sizeof(hn::TFromD<D>) == 8>* = nullptr, class V = hn::Vec<D>>
HWY_INLINE V ScaledLn(D d, V x, const ScaledLog<double>& log) {
  using C = LogConstants;
  const hn::RebindToUnsigned<D> du;
  const auto shifted = hn::Add(hn::BitCast(du, x), hn::Set(du, C::kOneMinusSqrtHalf));
  const auto exponent = hn::ShiftRight<C::kMantissaBits>(shifted);
  const V k =
      hn::Sub(hn::BitCast(d, hn::Or(exponent, hn::Set(du, C::kMagicBits))), hn::Set(d, C::kMagic));
  const V m = hn::BitCast(
      d, hn::Add(hn::And(shifted, hn::Set(du, C::kMantissa)), hn::Set(du, C::kSqrtHalf)));
  const V f = hn::Sub(m, hn::Set(d, 1));
  const V s = hn::Div(f, hn::Add(f, hn::Set(d, 2)));
  const V z = hn::Mul(s, s);
  const V w = hn::Mul(z, z);
  const V r =
      hn::Add(hn::Mul(z, Polynomial(d, C::kOdd, w)), hn::Mul(w, Polynomial(d, C::kEven, w)));
  const V half_square = hn::Mul(hn::Mul(f, f), hn::Set(d, 0.5));
  const V low = hn::Add(hn::Mul(k, hn::Set(d, C::kLn2Low)), hn::Mul(s, hn::Add(half_square, r)));
  const V rest = hn::Add(hn::Sub(low, half_square), f);
  const V ln = hn::Add(rest, hn::Mul(k, hn::Set(d, C::kLn2High)));
  return hn::Add(hn::Mul(hn::Set(d, log.scale), ln), hn::Set(d, log.offset));
}

/// The same in float: x = 2^k (1 + f) with 2/3 <= 1 + f < 4/3, without a division.
template <class D, std::enable_if_t<sizeof(hn::TFromD<D>) == 4>* = nullptr, class V = hn::Vec<D>>
HWY_INLINE V ScaledLn(D d, V x, const ScaledLog<float>& log) {
  constexpr std::int32_t kOne = 0x3f800000, kTwoThirds = 0x3f2aaaab, kMantissa = 0x007fffff;
  const hn::RebindToSigned<D> di;
  const auto shifted = hn::Add(hn::BitCast(di, x), hn::Set(di, kOne - kTwoThirds));
  const V k = hn::ConvertTo(d, hn::Sub(hn::ShiftRight<23>(shifted), hn::Set(di, 127)));
  const V m =
      hn::BitCast(d, hn::Add(hn::And(shifted, hn::Set(di, kMantissa)), hn::Set(di, kTwoThirds)));
  const V f = hn::Sub(m, hn::Set(d, 1.0f));
  const V f2 = hn::Mul(f, f);
  const auto& c = log.polynomial;
  const auto pair = [&](std::size_t i) OSSICLE_LAMBDA {
    return hn::Add(hn::Set(d, c[i]), hn::Mul(hn::Set(d, c[i + 1]), f));
  };
  const V low = hn::Add(pair(0), hn::Mul(f2, pair(2)));
  const V high = hn::Add(pair(4), hn::Mul(f2, pair(6)));
  const V q = hn::Add(low, hn::Mul(hn::Mul(f2, f2), high));
  const V whole = hn::Add(hn::Mul(k, hn::Set(d, log.ln2)), hn::Set(d, log.offset));
  return hn::Add(whole, hn::Add(hn::Mul(hn::Set(d, log.scale), f), hn::Mul(f2, q)));
}

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
