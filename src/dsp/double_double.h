#pragma once

namespace ossicle::dsp {

/// An unevaluated sum of two doubles, |low| <= ulp(high) / 2 (Dekker 1971).
struct DoubleDouble {
  double high = 0.0;
  double low = 0.0;
};

constexpr DoubleDouble Normalized(double high, double low) {
  const double sum = high + low;
  return {sum, low - (sum - high)};
}

constexpr DoubleDouble Add(DoubleDouble a, DoubleDouble b) {
  const double sum = a.high + b.high;
  const double part = sum - a.high;
  const double error = (a.high - (sum - part)) + (b.high - part);
  return Normalized(sum, error + (a.low + b.low));
}

constexpr DoubleDouble Negated(DoubleDouble a) { return {-a.high, -a.low}; }

/// The product of two doubles without error (Veltkamp's split: no fused multiply-add needed).
constexpr DoubleDouble ExactProduct(double a, double b) {
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

constexpr DoubleDouble Multiply(DoubleDouble a, DoubleDouble b) {
  const DoubleDouble product = ExactProduct(a.high, b.high);
  return Normalized(product.high, product.low + (a.high * b.low + a.low * b.high));
}

constexpr DoubleDouble Divide(DoubleDouble a, double b) {
  const double quotient = a.high / b;
  const DoubleDouble rest = Add(a, Negated(ExactProduct(quotient, b)));
  return Normalized(quotient, (rest.high + rest.low) / b);
}

}  // namespace ossicle::dsp
