// FFT passes over a block of frames, one frame per lane. Included once per target.
// A complex element is two vectors: real parts, imaginary parts.
#if defined(OSSICLE_DSP_FFT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef OSSICLE_DSP_FFT_INL_H_
#undef OSSICLE_DSP_FFT_INL_H_
#else
#define OSSICLE_DSP_FFT_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>

#include "dsp/fft.h"

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

template <class D>
HWY_INLINE void StoreComplex(D d, hn::Vec<D> re, hn::Vec<D> im, hn::TFromD<D>* HWY_RESTRICT p) {
  hn::Store(re, d, p);
  hn::Store(im, d, p + hn::Lanes(d));
}

/// Loads element p, times the twiddle at w unless kFirst (then every twiddle is 1).
template <bool kFirst, class D>
HWY_INLINE void LoadTwiddled(D d, const hn::TFromD<D>* HWY_RESTRICT p,
                             const hn::TFromD<D>* HWY_RESTRICT w, hn::Vec<D>& re, hn::Vec<D>& im) {
  re = hn::Load(d, p);
  im = hn::Load(d, p + hn::Lanes(d));
  if constexpr (!kFirst) {
    const auto cosine = hn::Set(d, w[0]);
    const auto sine = hn::Set(d, w[1]);
    const auto turned = hn::Sub(hn::Mul(re, cosine), hn::Mul(im, sine));
    im = hn::Add(hn::Mul(re, sine), hn::Mul(im, cosine));
    re = turned;
  }
}

// Butterflies in place on elements p, p + step, ...: element q is first multiplied by twiddle q.

template <bool kFirst, class D, class T = hn::TFromD<D>>
HWY_INLINE void Butterfly2(D d, T* HWY_RESTRICT p, std::size_t step, const T* HWY_RESTRICT w) {
  auto ar = hn::Zero(d), ai = ar, br = ar, bi = ar;
  LoadTwiddled<true>(d, p, w, ar, ai);
  LoadTwiddled<kFirst>(d, p + step, w, br, bi);
  StoreComplex(d, hn::Add(ar, br), hn::Add(ai, bi), p);
  StoreComplex(d, hn::Sub(ar, br), hn::Sub(ai, bi), p + step);
}

template <bool kFirst, class D, class T = hn::TFromD<D>>
HWY_INLINE void Butterfly3(D d, T* HWY_RESTRICT p, std::size_t step, const T* HWY_RESTRICT w) {
  const auto half = hn::Set(d, T(0.5));
  const auto sine = hn::Set(d, T(0.86602540378443864676L));  // sin(2 pi / 3)
  auto ar = hn::Zero(d), ai = ar, br = ar, bi = ar, cr = ar, ci = ar;
  LoadTwiddled<true>(d, p, w, ar, ai);
  LoadTwiddled<kFirst>(d, p + step, w, br, bi);
  LoadTwiddled<kFirst>(d, p + 2 * step, w + 2, cr, ci);
  const auto sum_r = hn::Add(br, cr), sum_i = hn::Add(bi, ci);
  const auto dif_r = hn::Mul(hn::Sub(br, cr), sine), dif_i = hn::Mul(hn::Sub(bi, ci), sine);
  const auto mid_r = hn::Sub(ar, hn::Mul(sum_r, half)), mid_i = hn::Sub(ai, hn::Mul(sum_i, half));
  StoreComplex(d, hn::Add(ar, sum_r), hn::Add(ai, sum_i), p);
  StoreComplex(d, hn::Add(mid_r, dif_i), hn::Sub(mid_i, dif_r), p + step);
  StoreComplex(d, hn::Sub(mid_r, dif_i), hn::Add(mid_i, dif_r), p + 2 * step);
}

template <bool kFirst, class D, class T = hn::TFromD<D>>
HWY_INLINE void Butterfly4(D d, T* HWY_RESTRICT p, std::size_t step, const T* HWY_RESTRICT w) {
  auto ar = hn::Zero(d), ai = ar, br = ar, bi = ar, cr = ar, ci = ar, er = ar, ei = ar;
  LoadTwiddled<true>(d, p, w, ar, ai);
  LoadTwiddled<kFirst>(d, p + step, w, br, bi);
  LoadTwiddled<kFirst>(d, p + 2 * step, w + 2, cr, ci);
  LoadTwiddled<kFirst>(d, p + 3 * step, w + 4, er, ei);
  const auto s_r = hn::Add(ar, cr), s_i = hn::Add(ai, ci);
  const auto t_r = hn::Sub(ar, cr), t_i = hn::Sub(ai, ci);
  const auto u_r = hn::Add(br, er), u_i = hn::Add(bi, ei);
  const auto v_r = hn::Sub(br, er), v_i = hn::Sub(bi, ei);
  StoreComplex(d, hn::Add(s_r, u_r), hn::Add(s_i, u_i), p);
  StoreComplex(d, hn::Add(t_r, v_i), hn::Sub(t_i, v_r), p + step);
  StoreComplex(d, hn::Sub(s_r, u_r), hn::Sub(s_i, u_i), p + 2 * step);
  StoreComplex(d, hn::Sub(t_r, v_i), hn::Add(t_i, v_r), p + 3 * step);
}

template <bool kFirst, class D, class T = hn::TFromD<D>>
HWY_INLINE void Butterfly5(D d, T* HWY_RESTRICT p, std::size_t step, const T* HWY_RESTRICT w) {
  const auto quarter = hn::Set(d, T(0.25));
  const auto root = hn::Set(d, T(0.55901699437494742410L));   // sqrt(5) / 4
  const auto sine1 = hn::Set(d, T(0.95105651629515357212L));  // sin(2 pi / 5)
  const auto sine2 = hn::Set(d, T(0.58778525229247312917L));  // sin(4 pi / 5)
  auto ar = hn::Zero(d), ai = ar, br = ar, bi = ar, cr = ar, ci = ar;
  auto er = ar, ei = ar, fr = ar, fi = ar;
  LoadTwiddled<true>(d, p, w, ar, ai);
  LoadTwiddled<kFirst>(d, p + step, w, br, bi);
  LoadTwiddled<kFirst>(d, p + 2 * step, w + 2, cr, ci);
  LoadTwiddled<kFirst>(d, p + 3 * step, w + 4, er, ei);
  LoadTwiddled<kFirst>(d, p + 4 * step, w + 6, fr, fi);
  const auto p1_r = hn::Add(br, fr), p1_i = hn::Add(bi, fi);
  const auto m1_r = hn::Sub(br, fr), m1_i = hn::Sub(bi, fi);
  const auto p2_r = hn::Add(cr, er), p2_i = hn::Add(ci, ei);
  const auto m2_r = hn::Sub(cr, er), m2_i = hn::Sub(ci, ei);
  const auto sum_r = hn::Add(p1_r, p2_r), sum_i = hn::Add(p1_i, p2_i);
  const auto mid_r = hn::Sub(ar, hn::Mul(sum_r, quarter));
  const auto mid_i = hn::Sub(ai, hn::Mul(sum_i, quarter));
  const auto dif_r = hn::Mul(hn::Sub(p1_r, p2_r), root);
  const auto dif_i = hn::Mul(hn::Sub(p1_i, p2_i), root);
  const auto u1_r = hn::Add(mid_r, dif_r), u1_i = hn::Add(mid_i, dif_i);
  const auto u2_r = hn::Sub(mid_r, dif_r), u2_i = hn::Sub(mid_i, dif_i);
  const auto v1_r = hn::Add(hn::Mul(m1_r, sine1), hn::Mul(m2_r, sine2));
  const auto v1_i = hn::Add(hn::Mul(m1_i, sine1), hn::Mul(m2_i, sine2));
  const auto v2_r = hn::Sub(hn::Mul(m1_r, sine2), hn::Mul(m2_r, sine1));
  const auto v2_i = hn::Sub(hn::Mul(m1_i, sine2), hn::Mul(m2_i, sine1));
  StoreComplex(d, hn::Add(ar, sum_r), hn::Add(ai, sum_i), p);
  StoreComplex(d, hn::Add(u1_r, v1_i), hn::Sub(u1_i, v1_r), p + step);
  StoreComplex(d, hn::Add(u2_r, v2_i), hn::Sub(u2_i, v2_r), p + 2 * step);
  StoreComplex(d, hn::Sub(u2_r, v2_i), hn::Add(u2_i, v2_r), p + 3 * step);
  StoreComplex(d, hn::Sub(u1_r, v1_i), hn::Add(u1_i, v1_r), p + 4 * step);
}

template <int kRadix, bool kFirst, class D, class T = hn::TFromD<D>>
HWY_INLINE void Butterfly(D d, T* HWY_RESTRICT p, std::size_t step, const T* HWY_RESTRICT w) {
  if constexpr (kRadix == 2) Butterfly2<kFirst>(d, p, step, w);
  if constexpr (kRadix == 3) Butterfly3<kFirst>(d, p, step, w);
  if constexpr (kRadix == 4) Butterfly4<kFirst>(d, p, step, w);
  if constexpr (kRadix == 5) Butterfly5<kFirst>(d, p, step, w);
}

template <int kRadix, class D, class T = hn::TFromD<D>>
HWY_NOINLINE void RunStage(D d, std::size_t elements, std::size_t span, const T* HWY_RESTRICT w,
                           T* HWY_RESTRICT buffer) {
  const std::size_t element = 2 * hn::Lanes(d);
  const std::size_t step = span * element;
  const std::size_t group = kRadix * step;
  const T* const end = buffer + elements * element;
  for (T* p = buffer; p < end; p += group) Butterfly<kRadix, true>(d, p, step, w);
  for (std::size_t j = 1; j < span; ++j) {
    w += 2 * (kRadix - 1);
    for (T* p = buffer + j * element; p < end; p += group) Butterfly<kRadix, false>(d, p, step, w);
  }
}

/// Transforms complex_size elements, in place, from FftPlan::input_order to natural order.
template <class D, class T = hn::TFromD<D>>
void RunFft(D d, const FftPlan<T>& plan, T* buffer) {
  const auto elements = static_cast<std::size_t>(plan.complex_size);
  for (const FftStage& stage : plan.stages) {
    const T* w = plan.twiddles.data() + stage.first_twiddle;
    const auto span = static_cast<std::size_t>(stage.span);
    if (stage.radix == 2) RunStage<2>(d, elements, span, w, buffer);
    if (stage.radix == 3) RunStage<3>(d, elements, span, w, buffer);
    if (stage.radix == 4) RunStage<4>(d, elements, span, w, buffer);
    if (stage.radix == 5) RunStage<5>(d, elements, span, w, buffer);
  }
}

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
