#include "dsp/exact_math.h"

#include <algorithm>
#include <cmath>

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

}  // namespace ossicle::dsp
