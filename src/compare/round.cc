#include "compare/round.h"

#include <algorithm>
#include <cmath>

namespace ossicle::compare {

namespace {

constexpr int kMostDigits = 5;
/// FLT_EPSILON, NeMo's floor, and scales of 16 bits.
constexpr double kKnown[] = {0x1p-23, 0x1p-24, 1.0 / 32768, 32768.0, 32767.0};

}  // namespace

double AsDigits(double value, int digits) {
  if (value == 0.0) return 0.0;
  const double exponent = std::floor(std::log10(std::abs(value))) - digits + 1;
  // By a division, where the power of ten is exact: that gives the nearest double.
  const double power = std::pow(10.0, std::abs(exponent));
  return exponent < 0 ? std::round(value * power) / power : std::round(value / power) * power;
}

double Rounded(double value, double tolerance) {
  if (value == 0.0 || !std::isfinite(value)) return value;
  for (const double known : kKnown) {
    if (std::abs(value / known - 1.0) < tolerance) return known;
  }
  for (int digits = 1; digits <= kMostDigits; ++digits) {
    const double rounded = AsDigits(value, digits);
    // The more digits, the likelier is a number of so many nearby by chance.
    const double near = std::min(tolerance, std::pow(10.0, -digits - 2));
    if (std::abs(rounded / value - 1.0) < near) return rounded;
  }
  return value;
}

double Roughness(double value) {
  if (value == 0.0) return 0.0;
  for (const double known : kKnown) {
    if (value == known) return 1.0;
  }
  constexpr double kSame = 1e-12;
  for (int digits = 1; digits <= kMostDigits; ++digits) {
    if (std::abs(AsDigits(value, digits) / value - 1.0) < kSame) return digits - 1;
  }
  return 8.0;
}

}  // namespace ossicle::compare
