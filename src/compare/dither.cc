#include "compare/dither.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "ossicle/error.h"

namespace ossicle::compare {

namespace {

/// Values in order of their size are cut into so many parts; in each, the two medians must agree.
constexpr std::size_t kParts = 5;
constexpr double kAgree = 1.5;
/// Of full scale.
constexpr double kLeast = 1e-8, kMost = 0.01;
/// Relative to the target's spread: below, what is left is no more than rounding.
constexpr double kRounding = 1e-5;

using Medians = std::array<double, kParts>;

class DitherSearch {
 public:
  DitherSearch(Evaluator& evaluator, const FrontendSpec& spec)
      : evaluator_(evaluator), spec_(spec), plain_(evaluator.Full(spec)) {
    const Target& target = evaluator.target();
    const std::int64_t frames = std::min(plain_.frames, target.frames);
    for (std::int64_t t = 0; t < frames; ++t) {
      for (int b = 0; b < plain_.bands; ++b) {
        // Standing at a floor says nothing.
        if (!target.IsFree(t, b)) continue;
        places_.push_back(static_cast<std::size_t>(t * plain_.bands + b));
      }
    }
    std::sort(places_.begin(), places_.end(),
              [this](std::size_t a, std::size_t b) { return plain_.values[a] < plain_.values[b]; });
  }

  std::optional<double> Run() {
    const Target& target = evaluator_.target();
    if (places_.size() < 100 * kParts) return std::nullopt;
    const Medians left = MediansFrom(target.values);
    if (Middle(left) < kRounding * target.spread) return std::nullopt;
    double low = std::log(kLeast * spec_.input_scale), high = std::log(kMost * spec_.input_scale);
    Medians made{};
    for (int i = 0; i < 24; ++i) {
      const double middle = (low + high) / 2;
      made = MediansOf(std::exp(middle));
      (Middle(made) < Middle(left) ? low : high) = middle;
    }
    for (std::size_t i = 0; i < kParts; ++i) {
      if (left[i] > made[i] * kAgree || left[i] < made[i] / kAgree) return std::nullopt;
    }
    return std::exp((low + high) / 2);
  }

 private:
  Medians MediansOf(double dither) {
    FrontendSpec noisy = spec_;
    noisy.dither = dither;
    return MediansFrom(evaluator_.Full(noisy).values);
  }

  /// Of the absolute differences from the features without dither, in each part.
  Medians MediansFrom(const std::vector<double>& values) const {
    Medians medians{};
    for (std::size_t part = 0; part < kParts; ++part) {
      std::vector<double> differences;
      const std::size_t end = places_.size() * (part + 1) / kParts;
      for (std::size_t i = places_.size() * part / kParts; i < end; ++i) {
        differences.push_back(std::abs(values[places_[i]] - plain_.values[places_[i]]));
      }
      const auto middle = differences.begin() + static_cast<std::ptrdiff_t>(differences.size() / 2);
      std::nth_element(differences.begin(), middle, differences.end());
      medians[part] = *middle;
    }
    return medians;
  }

  static double Middle(const Medians& medians) {
    double product = 1.0;
    for (const double median : medians) product *= std::max(median, 1e-12);
    return std::pow(product, 1.0 / kParts);
  }

  Evaluator& evaluator_;
  const FrontendSpec& spec_;
  const Computed plain_;
  std::vector<std::size_t> places_;  // of values of the target, the smallest first
};

}  // namespace

std::optional<double> FindDither(Evaluator& evaluator, const FrontendSpec& spec) {
  try {
    return DitherSearch(evaluator, spec).Run();
  } catch (const Error&) {
    return std::nullopt;  // no legal spec was found
  }
}

}  // namespace ossicle::compare
