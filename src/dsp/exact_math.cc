#include "dsp/exact_math.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "dsp/double_double.h"

namespace ossicle::dsp {

namespace {

constexpr DoubleDouble kLn2 = {0.6931471805599453, 2.3190468138462996e-17};

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

constexpr double kPi = 3.141592653589793;

/// Taylor series of sin(pi x) and cos(pi x) for |x| <= 1/4.
double SinOfPi(double x) {
  const double angle = kPi * x;
  const double square = angle * angle;
  double sum = 1.0;
  for (int i = 18; i > 0; i -= 2) sum = 1.0 - square / (i * (i + 1)) * sum;
  return angle * sum;
}

double CosOfPi(double x) {
  const double square = kPi * x * (kPi * x);
  double sum = 1.0;
  for (int i = 17; i > 0; i -= 2) sum = 1.0 - square / (i * (i + 1)) * sum;
  return sum;
}

}  // namespace

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

double QuickSinPi(double x) {
  const double turns = std::floor(x + 0.5);
  const double rest = x - turns;  // -1/2..1/2, exact
  const double sine =
      std::abs(rest) <= 0.25 ? SinOfPi(rest) : std::copysign(CosOfPi(0.5 - std::abs(rest)), rest);
  const bool is_odd = turns - 2.0 * std::floor(turns / 2.0) != 0.0;
  return is_odd ? -sine : sine;
}

double QuickCosPi(double x) {
  const double rest = std::abs(x - 2.0 * std::floor(x / 2.0 + 0.5));  // 0..1, exact
  return rest <= 0.25 ? CosOfPi(rest) : QuickSinPi(0.5 - rest);
}

double Sinc(double x) { return x == 0.0 ? 1.0 : QuickSinPi(x) / (kPi * x); }

namespace {

/// 1 / (k!)^2
constexpr auto kBesselTerms = [] {
  std::array<double, 76> terms{};
  double term = 1.0;
  for (std::size_t k = 0; k < terms.size(); ++k) {
    if (k > 0) term /= static_cast<double>(k) * static_cast<double>(k);
    terms[k] = term;
  }
  return terms;
}();

}  // namespace

double BesselI0(double x) {
  // The sum over k of (x^2 / 4)^k / (k!)^2 from its last term inwards, even and odd k apart: two
  // chains of operations that do not wait for one another.
  const std::size_t terms = 2 * (13 + static_cast<std::size_t>(0.6 * x));
  const double square = x * x / 4.0;
  const double step = square * square;
  double even = 0.0, odd = 0.0;
  for (std::size_t k = terms; k > 0; k -= 2) {
    even = even * step + kBesselTerms[k];
    odd = odd * step + kBesselTerms[k - 1];
  }
  return (even * step + 1.0) + square * odd;
}

}  // namespace ossicle::dsp
