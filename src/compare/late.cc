#include "compare/late.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "compare/moves.h"
#include "compare/render.h"

namespace ossicle::compare {

namespace {

/// The steps of `spec` win unless another choice is better by this.
constexpr double kBetter = 0.3;
constexpr std::int64_t kPoints = 40000;

double Median(std::vector<double> values) {
  if (values.empty()) return 0.0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double Lift(double lifter, int i) {
  return lifter > 0.0 ? 1.0 + lifter / 2.0 * std::sin(std::numbers::pi * i / lifter) : 1.0;
}

std::optional<Step> StatisticsOf(const FrontendSpec& spec) {
  for (const Step& step : spec.steps) {
    if (std::holds_alternative<SubtractMean>(step) || std::holds_alternative<Standardize>(step)) {
      return step;
    }
  }
  return std::nullopt;
}

std::vector<std::optional<Step>> AllStatistics() {
  std::vector<std::optional<Step>> all = {std::nullopt, SubtractMean{}};
  for (const int ddof : {0, 1}) {
    for (const double epsilon : {0.0, 1e-7, 1e-5, 1e-3, 1e-2}) {
      all.emplace_back(Standardize{ddof, epsilon, false});
      if (epsilon > 0.0) all.emplace_back(Standardize{ddof, epsilon, true});
    }
  }
  return all;
}

/// Mean and standard deviation of each band.
struct Moments {
  std::vector<double> mean, squares;
  double frames = 0.0;
};

/// Fits one choice of mel_norm after the other.
class LateSearch {
 public:
  LateSearch(Evaluator& evaluator, const FrontendSpec& spec)
      : evaluator_(evaluator),
        target_(evaluator.target()),
        spec_(spec),
        unit_(LogUnits(spec.log) *
              (FindStep<Affine>(spec) != nullptr ? FindStep<Affine>(spec)->scale : 1.0)) {}

  LateFit Run() {
    const std::optional<Step> own = StatisticsOf(spec_);
    LateFit best;
    for (const bool own_norm : {true, false}) {
      Compute(own_norm);
      std::vector<std::optional<Step>> all = AllStatistics();
      if (own) all.insert(all.begin(), own);
      for (const std::optional<Step>& statistics : all) {
        LateFit fit = Fit(statistics);
        const double handicap = (own_norm ? 0.0 : kBetter) + (statistics == own ? 0.0 : kBetter);
        if (fit.score + handicap >= best.score) continue;
        best = fit;
        best.score += handicap;
      }
    }
    return best;
  }

 private:
  void Compute(bool own_norm) {
    FrontendSpec whole = WholeSpec(spec_);
    if (!own_norm) {
      whole.mel_norm = whole.mel_norm == MelNorm::kNone ? MelNorm::kSlaney : MelNorm::kNone;
    }
    computed_ = evaluator_.Full(whole);
    frames_ = std::min(computed_.frames, target_.frames);
    cepstrum_ = CepstrumOf(whole);
    norm_ = whole.mel_norm;
    stride_ = std::max<std::int64_t>(1, frames_ * target_.bands / kPoints);
    energy_ = cepstrum_ != nullptr && cepstrum_->log_energy;
    cepstral_ = cepstrum_ != nullptr;
    FitLines();
    FindLimits();
    FindMoments();
  }

  void FitLines() {
    lines_.assign(static_cast<std::size_t>(target_.bands), {});
    std::vector<double> x, y;
    for (int b = 0; b < target_.bands; ++b) {
      x.clear();
      y.clear();
      for (std::int64_t t = 0; t < frames_; t += stride_) {
        if (!target_.IsFree(t, b)) continue;
        x.push_back(computed_.at(t, b));
        y.push_back(target_.at(t, b));
      }
      if (x.size() >= 8) lines_[static_cast<std::size_t>(b)] = FitLine(x, y);
    }
  }

  /// Where the lines of the bands meet the floors and ceilings of the target.
  void FindLimits() {
    std::vector<double> floors, ceilings;
    for (std::size_t b = 0; b < lines_.size() && !cepstral_; ++b) {
      const Target::Band& band = target_.band[b];
      if (lines_[b].scale <= 0.0 || band.spread == 0.0) continue;
      const auto inverse = [&](double y) { return (y - lines_[b].offset) / lines_[b].scale; };
      if (band.has_floor) floors.push_back(inverse(band.floor));
      if (band.has_ceiling) ceilings.push_back(inverse(band.ceiling));
    }
    floor_.reset();
    ceiling_.reset();
    if (!floors.empty()) floor_ = Median(floors);
    if (!ceilings.empty()) ceiling_ = Median(ceilings);
    FindRange();
    // Digital silence is as low as a spec without a floor gives it.
    const double near = 1e-6 * (peak_ - lowest_);
    if (floor_ && *floor_ <= lowest_ + near) floor_.reset();
    if (ceiling_ && *ceiling_ >= peak_ - near) ceiling_.reset();
  }

  /// Of bands that change: one of no bin stands where the logarithm's floor is.
  void FindRange() {
    lowest_ = std::numeric_limits<double>::infinity();
    peak_ = -lowest_;
    for (std::int64_t t = 0; t < computed_.frames; ++t) {
      for (int b = 0; b < target_.bands; ++b) {
        if (target_.band[static_cast<std::size_t>(b)].spread == 0.0) continue;
        lowest_ = std::min(lowest_, computed_.at(t, b));
        peak_ = std::max(peak_, computed_.at(t, b));
      }
    }
  }

  double Limited(std::int64_t t, int b) const {
    double x = computed_.at(t, b);
    if (floor_) x = std::max(x, *floor_);
    if (ceiling_) x = std::min(x, *ceiling_);
    return x;
  }

  void FindMoments() {
    const auto bands = static_cast<std::size_t>(target_.bands);
    moments_.mean.assign(bands, 0.0);
    moments_.squares.assign(bands, 0.0);
    moments_.frames = static_cast<double>(computed_.frames);
    for (std::size_t b = 0; b < bands; ++b) {
      for (std::int64_t t = 0; t < computed_.frames; ++t) {
        moments_.mean[b] += Limited(t, static_cast<int>(b)) / moments_.frames;
      }
      for (std::int64_t t = 0; t < computed_.frames; ++t) {
        const double x = Limited(t, static_cast<int>(b)) - moments_.mean[b];
        moments_.squares[b] += x * x;
      }
    }
  }

  LateFit Fit(const std::optional<Step>& statistics) const {
    LateFit fit;
    fit.norm = norm_;
    fit.statistics = statistics;
    fit.floor = floor_;
    fit.ceiling = ceiling_;
    fit.lowest = lowest_;
    fit.peak = peak_;
    const bool standard = statistics && std::holds_alternative<Standardize>(*statistics);
    if (cepstral_ && !standard) fit.lifter = FitLifter();
    std::vector<double> x, y, spread;
    for (std::int64_t t = 0; t < frames_; t += stride_) {
      for (int b = 0; b < target_.bands; ++b) {
        const double unit = target_.band[static_cast<std::size_t>(b)].spread;
        if (!target_.IsFree(t, b) || unit == 0.0 || (b == 0 && cepstral_ && !statistics)) continue;
        x.push_back(Value(fit, t, b));
        y.push_back(target_.at(t, b));
        spread.push_back(unit);
      }
    }
    if (x.size() < 8) return fit;
    Line line = FitLine(x, y);
    // Standardised values are of one size: a line through them would only hide the choice of ddof.
    constexpr double kNearOne = 0.02;
    if (standard && std::abs(line.scale - 1.0) < kNearOne && std::abs(line.offset) < kNearOne) {
      line = {1.0, 0.0};
    }
    std::vector<double> residuals;
    for (std::size_t i = 0; i < x.size(); ++i) {
      residuals.push_back(std::abs(y[i] - line(x[i])) / spread[i]);
    }
    fit.score = ResidualScore(residuals);
    fit.scale = line.scale;
    fit.offset = line.offset;
    if (cepstral_ && !statistics) fit.first_offset = lines_[0].offset - line.offset;
    return fit;
  }

  double Value(const LateFit& fit, std::int64_t t, int b) const {
    const auto i = static_cast<std::size_t>(b);
    const double lift = cepstral_ && !(energy_ && b == 0) ? Lift(fit.lifter, b) : 1.0;
    if (!fit.statistics) return lift * Limited(t, b);
    const double centered = Limited(t, b) - moments_.mean[i];
    const auto* standard = std::get_if<Standardize>(&*fit.statistics);
    if (standard == nullptr) return lift * centered;
    // The epsilon counts in the units of the spec's own logarithm and scale.
    const double deviation =
        unit_ * std::sqrt(moments_.squares[i] / (moments_.frames - standard->ddof));
    return unit_ * centered /
           (standard->epsilon_in_variance ? std::sqrt(deviation * deviation + standard->epsilon)
                                          : deviation + standard->epsilon);
  }

  /// The lifter whose weights are nearest to the lines' scales but for a common factor.
  double FitLifter() const {
    double best = 0.0, least = LifterError(0.0);
    const auto attempt = [&](double lifter) {
      const double error = LifterError(lifter);
      if (error < least * 0.9) {
        least = error;
        best = lifter;
      }
    };
    for (int lifter = 2; lifter <= 200; ++lifter) attempt(lifter);
    for (double step = 0.5; step > 1e-4; step /= 2) {
      const double middle = best;
      if (middle == 0.0) break;
      attempt(middle - step);
      attempt(middle + step);
    }
    return best;
  }

  double LifterError(double lifter) const {
    std::vector<double> ratios;
    for (int i = 1; i < target_.bands; ++i) {
      const auto place = static_cast<std::size_t>(i);
      if (target_.band[place].spread == 0.0) continue;
      ratios.push_back(lines_[place].scale / Lift(lifter, i));
    }
    if (ratios.empty()) return 0.0;
    const double common = Median(ratios);
    for (double& ratio : ratios) ratio = std::abs(ratio / common - 1.0);
    return Median(ratios) + 1e-7;
  }

  Evaluator& evaluator_;
  const Target& target_;
  const FrontendSpec& spec_;
  const double unit_;
  Computed computed_;
  const Cepstrum* cepstrum_ = nullptr;  // valid in Compute alone
  bool cepstral_ = false, energy_ = false;
  MelNorm norm_ = MelNorm::kNone;
  std::int64_t frames_ = 0, stride_ = 1;
  std::vector<Line> lines_;
  std::optional<double> floor_, ceiling_;
  double lowest_ = 0.0, peak_ = 0.0;
  Moments moments_;
};

}  // namespace

LateFit FitLate(Evaluator& evaluator, const FrontendSpec& spec) {
  return LateSearch(evaluator, spec).Run();
}

}  // namespace ossicle::compare
