#include "compare/target.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "ossicle/error.h"

namespace ossicle::compare {

namespace {

constexpr std::int64_t kFewestFrames = 8;
/// So many equal values at the end of the range are no accident: the same steps give the same bits.
constexpr int kFloorFrames = 4;

std::string Shape(const UnknownFeatures& features) {
  return std::to_string(features.rows) + " x " + std::to_string(features.columns);
}

/// The least and the largest value and how often they are there.
struct Extremes {
  double low = 0.0, high = 0.0;
  int lows = 0, highs = 0;
};

Extremes ExtremesOf(const Target& target, int first_band, int end_band) {
  Extremes found;
  found.low = found.high = target.at(0, first_band);
  for (std::int64_t t = 0; t < target.frames; ++t) {
    for (int b = first_band; b < end_band; ++b) {
      const double x = target.at(t, b);
      if (x < found.low) found.lows = 0;
      if (x > found.high) found.highs = 0;
      found.low = std::min(found.low, x);
      found.high = std::max(found.high, x);
      found.lows += x == found.low ? 1 : 0;
      found.highs += x == found.high ? 1 : 0;
    }
  }
  return found;
}

/// A floor of all bands counts for a band that reaches it but once.
void FindLimits(Target& target) {
  const Extremes all = ExtremesOf(target, 0, target.bands);
  for (int b = 0; b < target.bands; ++b) {
    const Extremes own = ExtremesOf(target, b, b + 1);
    Target::Band& band = target.band[static_cast<std::size_t>(b)];
    band.floor = own.low;
    band.ceiling = own.high;
    band.has_floor = (own.low == all.low ? all.lows : own.lows) >= kFloorFrames;
    band.has_ceiling = (own.high == all.high ? all.highs : own.highs) >= kFloorFrames;
  }
}

double Deviation(double sum, double squares, double count) {
  if (count < 2) return 0.0;
  const double variance = (squares - sum * sum / count) / count;
  return variance > 1e-24 * squares / count ? std::sqrt(variance) : 0.0;
}

/// With values relative to the first, so that squares of a large offset do not hide the variance.
void FindSpread(const Target& target, int b, Target::Band& band) {
  double sum = 0.0, squares = 0.0, count = 0.0;
  for (std::int64_t t = 0; t < target.frames; ++t) {
    if (!target.IsFree(t, b)) continue;
    const double x = target.at(t, b) - target.at(0, b);
    sum += x;
    squares += x * x;
    count += 1;
  }
  band.spread = Deviation(sum, squares, count);
}

double Skewness(const Target& target) {
  std::vector<double> all;
  for (int b = 0; b < target.bands; ++b) {
    const double spread = target.band[static_cast<std::size_t>(b)].spread;
    if (spread == 0.0) continue;
    double count = 0.0, mean = 0.0, cubes = 0.0;
    for (std::int64_t t = 0; t < target.frames; ++t) {
      if (!target.IsFree(t, b)) continue;
      count += 1;
      mean += target.at(t, b);
    }
    mean /= count;
    for (std::int64_t t = 0; t < target.frames; ++t) {
      if (!target.IsFree(t, b)) continue;
      const double x = (target.at(t, b) - mean) / spread;
      cubes += x * x * x;
    }
    all.push_back(cubes / count);
  }
  if (all.empty()) return 0.0;
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  std::nth_element(all.begin(), middle, all.end());
  return *middle;
}

void FindRepeated(Target& target) {
  target.repeated.assign(static_cast<std::size_t>(target.frames), false);
  for (std::int64_t t = 1; t < target.frames; ++t) {
    const auto frame = target.values.begin() + t * target.bands;
    target.repeated[static_cast<std::size_t>(t)] =
        std::equal(frame, frame + target.bands, frame - target.bands);
  }
}

void Measure(Target& target) {
  FindRepeated(target);
  double sum = 0.0, squares = 0.0;
  for (const double x : target.values) {
    sum += x - target.values[0];
    squares += (x - target.values[0]) * (x - target.values[0]);
  }
  target.spread = Deviation(sum, squares, static_cast<double>(target.values.size()));
  target.band.resize(static_cast<std::size_t>(target.bands));
  target.smallest = *std::min_element(target.values.begin(), target.values.end());
  FindLimits(target);
  for (int b = 0; b < target.bands; ++b) {
    FindSpread(target, b, target.band[static_cast<std::size_t>(b)]);
  }
  target.skewness = Skewness(target);
}

}  // namespace

bool Target::IsFree(std::int64_t frame, int b) const {
  const Band& limits = band[static_cast<std::size_t>(b)];
  const double x = at(frame, b);
  return !repeated[static_cast<std::size_t>(frame)] && !(limits.has_floor && x <= limits.floor) &&
         !(limits.has_ceiling && x >= limits.ceiling);
}

void CheckFeatures(const UnknownFeatures& features) {
  if (features.rows < 1 || features.columns < 1 ||
      static_cast<std::int64_t>(features.values.size()) != features.rows * features.columns) {
    throw Error(Code::kShape, "the features are " + Shape(features) + " with " +
                                  std::to_string(features.values.size()) +
                                  " values, but rows * columns values are needed, at least 1");
  }
  if (std::max(features.rows, features.columns) < kFewestFrames) {
    throw Error(Code::kShape, "the features are " + Shape(features) + ", but at least " +
                                  std::to_string(kFewestFrames) +
                                  " frames are needed; pass those of a longer recording");
  }
  for (std::size_t i = 0; i < features.values.size(); ++i) {
    if (std::isfinite(features.values[i])) continue;
    const auto place = static_cast<std::int64_t>(i);
    throw Error(Code::kNotFinite, "the features hold " + std::to_string(features.values[i]) +
                                      " at row " + std::to_string(place / features.columns) +
                                      ", column " + std::to_string(place % features.columns) +
                                      ", but every value must be finite; leave such frames out");
  }
}

Target MakeTarget(const UnknownFeatures& features, Layout layout) {
  Target target;
  target.layout = layout;
  const bool frames_first = layout == Layout::kFramesFirst;
  target.frames = frames_first ? features.rows : features.columns;
  target.bands = static_cast<int>(frames_first ? features.columns : features.rows);
  target.values.resize(features.values.size());
  for (std::int64_t t = 0; t < target.frames; ++t) {
    for (int b = 0; b < target.bands; ++b) {
      const std::int64_t from = frames_first ? t * features.columns + b : b * features.columns + t;
      target.values[static_cast<std::size_t>(t * target.bands + b)] =
          features.values[static_cast<std::size_t>(from)];
    }
  }
  Measure(target);
  return target;
}

Target LoggedTarget(const Target& target) {
  Target logged = target;
  for (double& x : logged.values) x = std::log(std::max(x, 1e-37));
  Measure(logged);
  return logged;
}

}  // namespace ossicle::compare
