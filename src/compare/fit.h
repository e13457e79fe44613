#pragma once

#include <span>
#include <vector>

namespace ossicle::compare {

/// y = scale * x + offset.
struct Line {
  double scale = 0.0;
  double offset = 0.0;
  double operator()(double x) const { return scale * x + offset; }
};

/// The line through most of the points: least squares, then three times again without the 40 % that
/// lie farthest off. A few values at a floor do not bend it.
Line FitLine(std::span<const double> x, std::span<const double> y);

/// How large residuals are, by a logarithm that sees an exact match of a part: the mean of
/// ln(quantile) at 30, 60 and 90 %, each quantile at least kLeastResidual. Reorders `residuals`.
double ResidualScore(std::vector<double>& residuals);

inline constexpr double kLeastResidual = 1e-7;

}  // namespace ossicle::compare
