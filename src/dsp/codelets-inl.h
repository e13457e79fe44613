// Small Fourier transforms as straight code, one frame per lane. Included once per target.
#if defined(OSSICLE_DSP_CODELETS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef OSSICLE_DSP_CODELETS_INL_H_
#undef OSSICLE_DSP_CODELETS_INL_H_
#else
#define OSSICLE_DSP_CODELETS_INL_H_
#endif

#include "dsp/lanes-inl.h"
#include "dsp/turn.h"

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

/// a e^(-2 pi i kTurn / kN).
template <int kTurn, int kN, class D>
HWY_INLINE Complex<D> Rotate(Complex<D> a) {
  using T = hn::TFromD<D>;
  constexpr int kStep = kTurn % kN;
  if constexpr (kStep == 0) {
    return a;
  } else if constexpr (4 * kStep == kN) {
    return {a.im, -a.re};
  } else if constexpr (8 * kStep == kN) {
    constexpr T kHalfRoot = static_cast<T>(CosTurn(1, 8));
    return {(a.re + a.im) * kHalfRoot, (a.im - a.re) * kHalfRoot};
  } else if constexpr (8 * kStep == 3 * kN) {
    constexpr T kHalfRoot = static_cast<T>(CosTurn(1, 8));
    return {(a.im - a.re) * kHalfRoot, (a.re + a.im) * -kHalfRoot};
  } else {
    constexpr T kCosine = static_cast<T>(CosTurn(kStep, kN));
    constexpr T kSine = static_cast<T>(SinTurn(kStep, kN));
    return {a.re * kCosine + a.im * kSine, a.im * kCosine - a.re * kSine};
  }
}

// A transform calls load(Int<j>()) once for each input j and store(Int<k>(), X[k]) once for each
// output. All loads come before the first store, so that both may use the same memory.

template <class D, class Load, class Store>
HWY_INLINE void Dft2(Load load, Store store) {
  const Complex<D> a = load(Int<0>()), b = load(Int<1>());
  store(Int<0>(), a + b);
  store(Int<1>(), a - b);
}

template <class D, class Load, class Store>
HWY_INLINE void Dft3(Load load, Store store) {
  using T = hn::TFromD<D>;
  constexpr T kSine = static_cast<T>(SinTurn(1, 3));
  const Complex<D> a = load(Int<0>()), b = load(Int<1>()), c = load(Int<2>());
  const Complex<D> sum = b + c, difference = b - c;
  const Complex<D> middle = {a.re - sum.re * T(0.5), a.im - sum.im * T(0.5)};
  const Complex<D> turned = {difference.im * kSine, difference.re * kSine};
  store(Int<0>(), a + sum);
  store(Int<1>(), Complex<D>{middle.re + turned.re, middle.im - turned.im});
  store(Int<2>(), Complex<D>{middle.re - turned.re, middle.im + turned.im});
}

template <class D, class Load, class Store>
HWY_INLINE void Dft4(Load load, Store store) {
  const Complex<D> a = load(Int<0>()), b = load(Int<1>());
  const Complex<D> c = load(Int<2>()), e = load(Int<3>());
  const Complex<D> s = a + c, t = a - c, u = b + e, v = b - e;
  store(Int<0>(), s + u);
  store(Int<2>(), s - u);
  store(Int<1>(), Complex<D>{t.re + v.im, t.im - v.re});
  store(Int<3>(), Complex<D>{t.re - v.im, t.im + v.re});
}

template <class D, class Load, class Store>
HWY_INLINE void Dft5(Load load, Store store) {
  using T = hn::TFromD<D>;
  constexpr T kRoot = static_cast<T>(0.55901699437494742410);  // sqrt(5) / 4
  constexpr T kSine1 = static_cast<T>(SinTurn(1, 5)), kSine2 = static_cast<T>(SinTurn(2, 5));
  const Complex<D> a = load(Int<0>()), b = load(Int<1>()), c = load(Int<2>());
  const Complex<D> e = load(Int<3>()), f = load(Int<4>());
  const Complex<D> p1 = b + f, m1 = b - f, p2 = c + e, m2 = c - e;
  const Complex<D> sum = p1 + p2, difference = p1 - p2;
  const Complex<D> middle = {a.re - sum.re * T(0.25), a.im - sum.im * T(0.25)};
  const Complex<D> spread = {difference.re * kRoot, difference.im * kRoot};
  const Complex<D> u1 = middle + spread, u2 = middle - spread;
  const Complex<D> v1 = {m1.im * kSine1 + m2.im * kSine2, m1.re * kSine1 + m2.re * kSine2};
  const Complex<D> v2 = {m1.im * kSine2 - m2.im * kSine1, m1.re * kSine2 - m2.re * kSine1};
  store(Int<0>(), a + sum);
  store(Int<1>(), Complex<D>{u1.re + v1.re, u1.im - v1.im});
  store(Int<4>(), Complex<D>{u1.re - v1.re, u1.im + v1.im});
  store(Int<2>(), Complex<D>{u2.re + v2.re, u2.im - v2.im});
  store(Int<3>(), Complex<D>{u2.re - v2.re, u2.im + v2.im});
}

template <int kN, class D, class Load, class Store>
HWY_INLINE void Dft(Load load, Store store);

/// kN = kA kB: kB transforms of size kA, rotations, kA transforms of size kB.
template <int kA, int kB, class D, class Load, class Store>
HWY_INLINE void DftOfProduct(Load load, Store store) {
  Complex<D> part[kA][kB];
  Unroll<kB>([&](auto b) OSSICLE_LAMBDA {
    Dft<kA, D>([&](auto a) OSSICLE_LAMBDA { return load(Int<b + kB * a>()); },
               [&](auto k, Complex<D> x)
                   OSSICLE_LAMBDA { part[k][b] = Rotate<k * b, kA * kB>(x); });
  });
  Unroll<kA>([&](auto k) OSSICLE_LAMBDA {
    Dft<kB, D>([&](auto b) OSSICLE_LAMBDA { return part[k][b]; },
               [&](auto m, Complex<D> x) OSSICLE_LAMBDA { store(Int<k + kA * m>(), x); });
  });
}

/// The same for coprime kA and kB by Good and Thomas: no rotations.
template <int kA, int kB, class D, class Load, class Store>
HWY_INLINE void DftOfCoprimes(Load load, Store store) {
  constexpr int kN = kA * kB;
  constexpr auto kPlace = [](int k_a, int k_b) {
    int k = k_a;
    while (k % kB != k_b) k += kA;
    return k;
  };
  Complex<D> part[kA][kB];
  Unroll<kB>([&](auto b) OSSICLE_LAMBDA {
    Dft<kA, D>([&](auto a) OSSICLE_LAMBDA { return load(Int<(kB * a + kA * b) % kN>()); },
               [&](auto k, Complex<D> x) OSSICLE_LAMBDA { part[k][b] = x; });
  });
  Unroll<kA>([&](auto k) OSSICLE_LAMBDA {
    Dft<kB, D>([&](auto b) OSSICLE_LAMBDA { return part[k][b]; },
               [&](auto m, Complex<D> x) OSSICLE_LAMBDA { store(Int<kPlace(k, m)>(), x); });
  });
}

template <int kN, class D, class Load, class Store>
HWY_INLINE void DftInline(Load load, Store store) {
  if constexpr (kN == 1) store(Int<0>(), load(Int<0>()));
  if constexpr (kN == 2) Dft2<D>(load, store);
  if constexpr (kN == 3) Dft3<D>(load, store);
  if constexpr (kN == 4) Dft4<D>(load, store);
  if constexpr (kN == 5) Dft5<D>(load, store);
  if constexpr (kN == 8) DftOfProduct<2, 4, D>(load, store);
  if constexpr (kN == 15) DftOfCoprimes<3, 5, D>(load, store);
  if constexpr (kN == 16) DftOfProduct<4, 4, D>(load, store);
  if constexpr (kN == 25) DftOfProduct<5, 5, D>(load, store);
  if constexpr (kN == 32) DftOfProduct<4, 8, D>(load, store);
}

#if HWY_HAVE_SCALABLE
template <int kN, class D>
HWY_NOINLINE void DftOfArray(Complex<D>* x) {
  DftInline<kN, D>([&](auto j) OSSICLE_LAMBDA { return x[j]; },
                   [&](auto k, const Complex<D>& value) OSSICLE_LAMBDA { x[k] = value; });
}
#endif

template <int kN, class D, class Load, class Store>
HWY_INLINE void Dft(Load load, Store store) {
#if HWY_HAVE_SCALABLE
  // Values are in memory anyway, and code for each use would take minutes to compile.
  Complex<D> x[kN];
  Unroll<kN>([&](auto j) OSSICLE_LAMBDA { x[j] = load(j); });
  DftOfArray<kN, D>(x);
  Unroll<kN>([&](auto k) OSSICLE_LAMBDA { store(k, x[k]); });
#else
  DftInline<kN, D>(load, store);
#endif
}

// Real transforms. Of each pair X[k], X[kN - k], which are conjugate, one comes out: as column c,
// 1 <= c < kN / 2, with the k that RealColumnBins (fft.h) lists. Even sizes give the sums of the
// even inputs and of the odd ones, whose sum and difference are X[0] and X[kN / 2].

/// (x - i y) e^(-2 pi i kTurn / kN).
template <int kTurn, int kN, class D>
HWY_INLINE Complex<D> RotateFolded(Values<D> x, Values<D> y) {
  using T = hn::TFromD<D>;
  if constexpr (kTurn == 0) {
    return {x, -y};
  } else if constexpr (8 * kTurn == kN) {
    constexpr T kHalfRoot = static_cast<T>(CosTurn(1, 8));
    return {(x - y) * kHalfRoot, (x + y) * -kHalfRoot};
  } else {
    constexpr T kCosine = static_cast<T>(CosTurn(kTurn, kN));
    constexpr T kSine = static_cast<T>(SinTurn(kTurn, kN));
    return {x * kCosine - y * kSine, y * -kCosine - x * kSine};
  }
}

/// The bins 1, 5, 9, ... of kN, from the kN / 2 differences x[j] - x[j + kN / 2].
template <int kN, int kFirstColumn, class D, class Column>
HWY_INLINE void OddBins(const Values<D> (&x)[kN / 2], Column column) {
  constexpr int kQuarter = kN / 4;
  Dft<kQuarter, D>(
      [&](auto j) OSSICLE_LAMBDA { return RotateFolded<j, kN>(x[j], x[j + kQuarter]); },
      [&](auto m, Complex<D> value) OSSICLE_LAMBDA { column(Int<kFirstColumn + m>(), value); });
}

template <int kN, int kFirstColumn, class D, class Sums, class Column>
HWY_INLINE void RealDftOfValues(const Values<D> (&x)[kN], Sums sums, Column column) {
  if constexpr (kN == 2) {
    sums(x[0], x[1]);
  } else {
    Values<D> even[kN / 2], odd[kN / 2];
    Unroll<kN / 2>([&](auto j) OSSICLE_LAMBDA {
      even[j] = x[j] + x[j + kN / 2];
      odd[j] = x[j] - x[j + kN / 2];
    });
    OddBins<kN, kFirstColumn, D>(odd, column);
    RealDftOfValues<kN / 2, kFirstColumn + kN / 4, D>(even, sums, column);
  }
}

template <class D, class Load, class Sums, class Column>
HWY_INLINE void RealDft3(Load load, Sums sums, Column column) {
  using T = hn::TFromD<D>;
  constexpr T kSine = static_cast<T>(SinTurn(1, 3));
  const Values<D> a = load(Int<0>()), b = load(Int<1>()), c = load(Int<2>());
  const Values<D> sum = b + c;
  sums(a + sum, Values<D>::All(0));
  column(Int<1>(), Complex<D>{a - sum * T(0.5), (c - b) * kSine});
}

template <class D, class Load, class Sums, class Column>
HWY_INLINE void RealDft5(Load load, Sums sums, Column column) {
  using T = hn::TFromD<D>;
  constexpr T kRoot = static_cast<T>(0.55901699437494742410);  // sqrt(5) / 4
  constexpr T kSine1 = static_cast<T>(SinTurn(1, 5)), kSine2 = static_cast<T>(SinTurn(2, 5));
  const Values<D> a = load(Int<0>()), b = load(Int<1>()), c = load(Int<2>());
  const Values<D> e = load(Int<3>()), f = load(Int<4>());
  const Values<D> p1 = b + f, m1 = f - b, p2 = c + e, m2 = e - c;
  const Values<D> sum = p1 + p2, middle = a - sum * T(0.25), spread = (p1 - p2) * kRoot;
  sums(a + sum, Values<D>::All(0));
  column(Int<1>(), Complex<D>{middle + spread, m1 * kSine1 + m2 * kSine2});
  column(Int<2>(), Complex<D>{middle - spread, m1 * kSine2 - m2 * kSine1});
}

/// kN is 3, 5 or a power of 2; load(Int<j>()) gives input j < kInputs, the others are 0.
template <int kN, int kInputs, class D, class Load, class Sums, class Column>
HWY_INLINE void RealDft(Load load, Sums sums, Column column) {
  if constexpr (kN == 2) {
    const Values<D> even = load(Int<0>());
    sums(even, load(Int<1>()));
  } else if constexpr (kN == 3) {
    RealDft3<D>(load, sums, column);
  } else if constexpr (kN == 5) {
    RealDft5<D>(load, sums, column);
  } else {
    constexpr int kHalf = kN / 2;
    Values<D> even[kHalf], odd[kHalf];
    Unroll<kHalf>([&](auto j) OSSICLE_LAMBDA {
      const Values<D> low = load(j);
      if constexpr (j + kHalf < kInputs) {
        const Values<D> high = load(Int<j + kHalf>());
        even[j] = low + high;
        odd[j] = low - high;
      } else {
        even[j] = odd[j] = low;
      }
    });
    OddBins<kN, 1, D>(odd, column);
    RealDftOfValues<kHalf, 1 + kN / 4, D>(even, sums, column);
  }
}

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
