#include "compare/fit.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace ossicle::compare {

namespace {

double Quantile(std::vector<double>& values, double part) {
  const auto place = static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + place, values.end());
  return values[static_cast<std::size_t>(place)];
}

/// Least squares over the points whose `weight` is at most `limit`.
Line LeastSquares(std::span<const double> x, std::span<const double> y,
                  std::span<const double> weight, double limit) {
  double count = 0, sx = 0, sy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (weight[i] > limit) continue;
    count += 1;
    sx += x[i];
    sy += y[i];
  }
  if (count == 0) return {};
  const double mx = sx / count, my = sy / count;
  double xx = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (weight[i] > limit) continue;
    xx += (x[i] - mx) * (x[i] - mx);
    xy += (x[i] - mx) * (y[i] - my);
  }
  const double scale = xx > 1e-20 * count * (mx * mx + 1e-30) ? xy / xx : 0.0;
  return {scale, my - scale * mx};
}

/// The quantile of at most kSample of the values.
double NearQuantile(const std::vector<double>& values, double part, std::vector<double>& sample) {
  constexpr std::size_t kSample = 40;
  const std::size_t stride = (values.size() + kSample - 1) / kSample;
  sample.clear();
  for (std::size_t i = 0; i < values.size(); i += stride) sample.push_back(values[i]);
  return Quantile(sample, part);
}

}  // namespace

Line FitLine(std::span<const double> x, std::span<const double> y) {
  if (x.empty()) return {};
  std::vector<double> distance(x.begin(), x.end());
  std::vector<double> sample;
  // The first line leaves out what lies far from the middle of x: values of digital silence.
  const double middle = NearQuantile(distance, 0.5, sample);
  for (double& value : distance) value = std::abs(value - middle);
  Line line = LeastSquares(x, y, distance, NearQuantile(distance, 0.9, sample));
  for (int round = 0; round < 3; ++round) {
    for (std::size_t i = 0; i < x.size(); ++i) distance[i] = std::abs(y[i] - line(x[i]));
    line = LeastSquares(x, y, distance, NearQuantile(distance, 0.6, sample));
  }
  return line;
}

double ResidualScore(std::vector<double>& residuals) {
  if (residuals.empty()) return 0.0;
  double score = 0.0;
  auto end = residuals.end();
  for (const double part : {0.9, 0.6, 0.3}) {
    const auto last = static_cast<double>(residuals.size() - 1);
    const auto place = residuals.begin() + static_cast<std::ptrdiff_t>(part * last);
    std::nth_element(residuals.begin(), place, end);
    score += std::log(std::max(*place, kLeastResidual));
    if (place != residuals.begin()) end = place;  // smaller ones stand before it
  }
  return score / 3;
}

}  // namespace ossicle::compare
