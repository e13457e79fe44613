#pragma once

#include "dsp/double_double.h"

namespace ossicle::dsp {

inline constexpr DoubleDouble kTwoPi = {6.283185307179586, 2.4492935982947064e-16};

// Taylor series; the arguments stay below pi / 2.

constexpr DoubleDouble SinSeries(DoubleDouble x) {
  const DoubleDouble minus_square = Negated(Multiply(x, x));
  DoubleDouble term = x;
  DoubleDouble sum = x;
  for (int i = 2; i < 30; i += 2) {
    term = Divide(Multiply(term, minus_square), i * (i + 1));
    sum = Add(sum, term);
  }
  return sum;
}

constexpr DoubleDouble CosSeries(DoubleDouble x) {
  const DoubleDouble minus_square = Negated(Multiply(x, x));
  DoubleDouble term = {1.0, 0.0};
  DoubleDouble sum = term;
  for (int i = 1; i < 30; i += 2) {
    term = Divide(Multiply(term, minus_square), i * (i + 1));
    sum = Add(sum, term);
  }
  return sum;
}

constexpr DoubleDouble Turn(long long k, long long n) {
  return Divide(Multiply(kTwoPi, {static_cast<double>(k), 0.0}), static_cast<double>(n));
}

constexpr double SinTurn(long long k, long long n);

/// cos(2 pi k / n) and sin(2 pi k / n), for 0 <= k and 1 <= n, rounded once. Also at compile time.
constexpr double CosTurn(long long k, long long n) {
  k %= n;
  if (2 * k > n) k = n - k;                          // cos(-a) = cos(a)
  if (4 * k > n) return -CosTurn(n - 2 * k, 2 * n);  // cos(pi - a) = -cos(a)
  if (8 * k > n) return SinTurn(n - 4 * k, 4 * n);   // cos(pi/2 - a) = sin(a)
  return CosSeries(Turn(k, n)).high;
}

constexpr double SinTurn(long long k, long long n) {
  k %= n;
  if (2 * k > n) return -SinTurn(n - k, n);
  if (4 * k > n) return SinTurn(n - 2 * k, 2 * n);
  if (8 * k > n) return CosTurn(n - 4 * k, 4 * n);
  return SinSeries(Turn(k, n)).high;
}

}  // namespace ossicle::dsp
