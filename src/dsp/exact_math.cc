#include "dsp/exact_math.h"

#include <algorithm>
#include <cmath>

namespace ossicle::dsp {

namespace {

/// An unevaluated sum of two doubles, |low| <= ulp(high) / 2 (Dekker 1971).
struct DoubleDouble {
  double high = 0.0;
  double low = 0.0;
};

DoubleDouble Normalized(double high, double low) {
  const double sum = high + low;
  return {sum, low - (sum - high)};
}

DoubleDouble Add(DoubleDouble a, DoubleDouble b) {
  const double sum = a.high + b.high;
  const double part = sum - a.high;
  const double error = (a.high - (sum - part)) + (b.high - part);
  return Normalized(sum, error + (a.low + b.low));
}

DoubleDouble Negated(DoubleDouble a) { return {-a.high, -a.low}; }

/// The product of two doubles without error (Veltkamp's split: no fused multiply-add needed).
DoubleDouble ExactProduct(double a, double b) {
  constexpr double kSplit = 134217729.0;  // 2^27 + 1
  const double a_scaled = kSplit * a;
  const double a_high = a_scaled - (a_scaled - a);
  const double a_low = a - a_high;
  const double b_scaled = kSplit * b;
  const double b_high = b_scaled - (b_scaled - b);
  const double b_low = b - b_high;
  const double product = a * b;
  const double error =
      ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
  return {product, error};
}

DoubleDouble Multiply(DoubleDouble a, DoubleDouble b) {
  const DoubleDouble product = ExactProduct(a.high, b.high);
  return Normalized(product.high, product.low + (a.high * b.low + a.low * b.high));
}

DoubleDouble Divide(DoubleDouble a, double b) {
  const double quotient = a.high / b;
  const DoubleDouble rest = Add(a, Negated(ExactProduct(quotient, b)));
  return Normalized(quotient, (rest.high + rest.low) / b);
}

constexpr DoubleDouble kTwoPi = {6.283185307179586, 2.4492935982947064e-16};
constexpr DoubleDouble kLn2 = {0.6931471805599453, 2.3190468138462996e-17};

// Taylor series; the arguments stay below pi / 2.

DoubleDouble SinSeries(DoubleDouble x) {
  const DoubleDouble minus_square = Negated(Multiply(x, x));
  DoubleDouble term = x;
  DoubleDouble sum = x;
  for (int i = 2; i < 30; i += 2) {
    term = Divide(Multiply(term, minus_square), i * (i + 1));
    sum = Add(sum, term);
  }
  return sum;
}

DoubleDouble CosSeries(DoubleDouble x) {
  const DoubleDouble minus_square = Negated(Multiply(x, x));
  DoubleDouble term = {1.0, 0.0};
  DoubleDouble sum = term;
  for (int i = 1; i < 30; i += 2) {
    term = Divide(Multiply(term, minus_square), i * (i + 1));
    sum = Add(sum, term);
  }
  return sum;
}

DoubleDouble Turn(long long k, long long n) {
  return Divide(Multiply(kTwoPi, {static_cast<double>(k), 0.0}), static_cast<double>(n));
}

DoubleDouble ExpDoubleDouble(DoubleDouble x) {
  const double twos = std::floor(x.high / kLn2.high + 0.5);
  const DoubleDouble rest = Add(x, Negated(Multiply(kLn2, {twos, 0.0})));
  DoubleDouble term = {1.0, 0.0};
  DoubleDouble sum = term;
  for (int i = 1; i < 30; ++i) {
    term = Divide(Multiply(term, rest), i);
    sum = Add(sum, term);
  }
  const int exponent = static_cast<int>(twos);
  return {std::ldexp(sum.high, exponent), std::ldexp(sum.low, exponent)};
}

DoubleDouble LogDoubleDouble(double x) {
  int exponent = 0;
  const double mantissa = std::frexp(x, &exponent);
  // ln(m) = 2 atanh((m - 1) / (m + 1)) for a start, then two Newton steps y += m e^-y - 1.
  const double ratio = (mantissa - 1.0) / (mantissa + 1.0);
  double start = 0.0;
  for (int i = 19; i > 0; i -= 2) start = start * (ratio * ratio) + 1.0 / i;
  DoubleDouble y = {2.0 * ratio * start, 0.0};
  for (int i = 0; i < 2; ++i) {
    const DoubleDouble product = Multiply(ExpDoubleDouble(Negated(y)), {mantissa, 0.0});
    y = Add(y, Add(product, {-1.0, 0.0}));
  }
  return Add(y, Multiply(kLn2, {static_cast<double>(exponent), 0.0}));
}

}  // namespace

double CosTurn(long long k, long long n) {
  k %= n;
  if (2 * k > n) k = n - k;                          // cos(-a) = cos(a)
  if (4 * k > n) return -CosTurn(n - 2 * k, 2 * n);  // cos(pi - a) = -cos(a)
  if (8 * k > n) return SinTurn(n - 4 * k, 4 * n);   // cos(pi/2 - a) = sin(a)
  return CosSeries(Turn(k, n)).high;
}

double SinTurn(long long k, long long n) {
  k %= n;
  if (2 * k > n) return -SinTurn(n - k, n);
  if (4 * k > n) return SinTurn(n - 2 * k, 2 * n);
  if (8 * k > n) return CosTurn(n - 4 * k, 4 * n);
  return SinSeries(Turn(k, n)).high;
}

double SinPi(double x) {
  const double rest = x - 2.0 * std::floor(x / 2.0);
  if (rest > 1.0) return -SinPi(rest - 1.0);
  return SinSeries(Multiply(kTwoPi, {std::min(rest, 1.0 - rest) / 2.0, 0.0})).high;
}

double Exp(double x) { return ExpDoubleDouble({x, 0.0}).high; }

double Log(double x) { return LogDoubleDouble(x).high; }

double Pow(double x, double y) {
  if (x == 0.0) return 0.0;
  return ExpDoubleDouble(Multiply(LogDoubleDouble(x), {y, 0.0})).high;
}

}  // namespace ossicle::dsp
