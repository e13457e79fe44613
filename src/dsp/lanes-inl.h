// Values of a block of frames, one frame per lane. Included once per target.
#if defined(OSSICLE_DSP_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef OSSICLE_DSP_LANES_INL_H_
#undef OSSICLE_DSP_LANES_INL_H_
#else
#define OSSICLE_DSP_LANES_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <type_traits>
#include <utility>

// After a lambda's parameters: the kernel is one straight text of instructions, and a lambda does
// not take the target from the pragma around it.
#undef OSSICLE_LAMBDA
#define OSSICLE_LAMBDA HWY_ATTR __attribute__((always_inline))

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// One value for each frame. Unlike hn::Vec it may stand in an array on every target: where the
/// vector has no size at compile time (SVE), it is kept in memory.
template <class D>
class Values {
 public:
  using T = hn::TFromD<D>;
  using V = hn::Vec<D>;
#if HWY_HAVE_SCALABLE
  using In = const Values&;
#else
  using In = Values;
#endif

  Values() = default;
#if HWY_HAVE_SCALABLE
  HWY_INLINE Values(V v) { hn::Store(v, D(), held_); }  // NOLINT(google-explicit-constructor)
  HWY_INLINE V Get() const { return hn::Load(D(), held_); }
#else
  HWY_INLINE Values(V v) : held_(v) {}  // NOLINT(google-explicit-constructor)
  HWY_INLINE V Get() const { return held_; }
#endif

  static HWY_INLINE Values Load(const T* aligned) { return hn::Load(D(), aligned); }
  static HWY_INLINE Values LoadU(const T* from) { return hn::LoadU(D(), from); }
  static HWY_INLINE Values All(T value) { return hn::Set(D(), value); }
  HWY_INLINE void Store(T* aligned) const { hn::Store(Get(), D(), aligned); }

  friend HWY_INLINE Values operator+(In a, In b) { return hn::Add(a.Get(), b.Get()); }
  friend HWY_INLINE Values operator-(In a, In b) { return hn::Sub(a.Get(), b.Get()); }
  friend HWY_INLINE Values operator*(In a, In b) { return hn::Mul(a.Get(), b.Get()); }
  friend HWY_INLINE Values operator*(In a, T b) { return hn::Mul(a.Get(), hn::Set(D(), b)); }
  friend HWY_INLINE Values operator-(In a) { return hn::Neg(a.Get()); }
  friend HWY_INLINE Values Sqrt(In a) { return hn::Sqrt(a.Get()); }

 private:
#if HWY_HAVE_SCALABLE
  alignas(64) T held_[hn::MaxLanes(D())];
#else
  V held_;
#endif
};

template <class D>
struct Complex {
  Values<D> re;
  Values<D> im;

  static HWY_INLINE Complex Load(const hn::TFromD<D>* p) {
    return {Values<D>::Load(p), Values<D>::Load(p + hn::Lanes(D()))};
  }
  HWY_INLINE void Store(hn::TFromD<D>* p) const {
    re.Store(p);
    im.Store(p + hn::Lanes(D()));
  }
  friend HWY_INLINE Complex operator+(Complex a, Complex b) { return {a.re + b.re, a.im + b.im}; }
  friend HWY_INLINE Complex operator-(Complex a, Complex b) { return {a.re - b.re, a.im - b.im}; }
  /// Times root[0] + i root[1].
  HWY_INLINE Complex Times(const hn::TFromD<D>* root) const {
    const auto cosine = Values<D>::All(root[0]), sine = Values<D>::All(root[1]);
    return {re * cosine - im * sine, re * sine + im * cosine};
  }
  HWY_INLINE Values<D> Power() const { return re * re + im * im; }
};

template <int kValue>
using Int = std::integral_constant<int, kValue>;

template <class F, int... kIndices>
HWY_INLINE void UnrollOver(F& f, std::integer_sequence<int, kIndices...>) {
  (f(Int<kIndices>()), ...);
}

/// f(Int<0>()), f(Int<1>()), ... f(Int<kCount - 1>()).
template <int kCount, class F>
HWY_INLINE void Unroll(F f) {
  UnrollOver(f, std::make_integer_sequence<int, kCount>());
}

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
