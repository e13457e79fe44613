#include "compare/limits.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "compare/moves.h"
#include "compare/render.h"
#include "compare/round.h"
#include "ossicle/spec_difference.h"

namespace ossicle::compare {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// What a Clip that cuts on one side alone has on the other.
constexpr double kOpen = 1e9;
constexpr double kRoughDigit = 0.1;

bool Clamps(const FrontendSpec& spec) {
  return spec.log != Log::kNone && spec.log_floor_rule == LogFloor::kClamp;
}

template <class S>
void Remove(FrontendSpec& spec) {
  std::erase_if(spec.steps, [](const Step& step) { return std::holds_alternative<S>(step); });
}

Clip& ClipOf(FrontendSpec& spec) {
  if (FindStep<Clip>(spec) == nullptr) spec.steps.emplace_back(Clip{-kOpen, kOpen});
  return *FindStep<Clip>(spec);
}

class Limiter {
 public:
  Limiter(FrontendSpec& spec, const Chain& chain)
      : spec_(spec), chain_(chain), units_(LogUnits(spec.log)) {}

  double Run() {
    const double rough = SetFloor() + SetCeiling();
    if (const auto* clip = FindStep<Clip>(spec_)) {
      if (clip->low == -kOpen && clip->high == kOpen) Remove<Clip>(spec_);
    }
    return rough;
  }

 private:
  /// The fit's value where the chain gives y, and the other way round.
  double Inverse(double y) const {
    return (y - chain_.affine.offset) / (chain_.affine.scale * units_) - chain_.gain_level;
  }
  double Forward(double x) const {
    return chain_.affine.scale * units_ * (x + chain_.gain_level) + chain_.affine.offset;
  }

  /// Where each of the three cuts, as a value of the fit.
  double LogFloorLevel() const {
    return Clamps(spec_) ? std::log(spec_.log_floor) - chain_.gain_level : -kInfinity;
  }
  double PeakLevel() const {
    const auto* peak = FindStep<PeakFloor>(spec_);
    return peak != nullptr ? chain_.late.peak - peak->range / units_ : -kInfinity;
  }
  double ClipLevel() const {
    const auto* clip = FindStep<Clip>(spec_);
    return clip != nullptr ? Inverse(clip->low) : -kInfinity;
  }

  double SetFloor() {
    const LateFit& late = chain_.late;
    if (!late.floor) {
      Unfloor(late.lowest - kSameLevel);
      return 0.0;
    }
    const double highest = std::max({LogFloorLevel(), PeakLevel(), ClipLevel()});
    if (std::abs(highest - *late.floor) < kSameLevel) return 0.0;
    Unfloor(*late.floor + kSameLevel);
    double least = kInfinity, least_rough = 0.0;
    FrontendSpec best = spec_;
    for (const auto& [way, rough] : Floorings(*late.floor)) {
      const auto count = static_cast<double>(Deviations(way, chain_.preset).size());
      if (count + kRoughDigit * rough >= least) continue;
      least = count + kRoughDigit * rough;
      least_rough = rough;
      best = way;
    }
    spec_ = std::move(best);
    return least_rough;
  }

  /// Each way to make the floor, and how rough its number is.
  std::vector<std::pair<FrontendSpec, double>> Floorings(double level) const {
    std::vector<std::pair<FrontendSpec, double>> ways;
    const double range = Rounded((chain_.late.peak - level) * units_, kSameScale);
    if (range >= 0) {
      ways.emplace_back(spec_, Roughness(range));
      FrontendSpec& spec = ways.back().first;
      Remove<PeakFloor>(spec);
      spec.steps.insert(spec.steps.begin(), PeakFloor{range});
    }
    const double low = Rounded(Forward(level), kSameScale);
    ways.emplace_back(spec_, Roughness(low));
    Clip& clip = ClipOf(ways.back().first);
    clip = {low, std::max(low, clip.high)};
    const double log_floor = Rounded(std::exp(level + chain_.gain_level), kSameLevel / 2);
    if (Clamps(spec_) && log_floor >= 1e-37 && log_floor <= 1.0) {
      ways.emplace_back(spec_, Roughness(log_floor));
      ways.back().first.log_floor = log_floor;
    }
    return ways;
  }

  /// Takes away what cuts above `level`.
  void Unfloor(double level) {
    if (PeakLevel() > level) Remove<PeakFloor>(spec_);
    if (ClipLevel() > level) FindStep<Clip>(spec_)->low = -kOpen;
    for (const double lower : {1e-5, 1e-10, 1e-20, 1e-37}) {
      if (LogFloorLevel() <= level) break;
      spec_.log_floor = lower;
    }
  }

  double SetCeiling() {
    const LateFit& late = chain_.late;
    const auto* clip = FindStep<Clip>(spec_);
    if (!late.ceiling) {
      if (clip != nullptr && Inverse(clip->high) < late.peak - kSameLevel) {
        ClipOf(spec_).high = kOpen;
      }
      return 0.0;
    }
    if (clip != nullptr && std::abs(Inverse(clip->high) - *late.ceiling) < kSameLevel) return 0.0;
    const double high = Rounded(Forward(*late.ceiling), kSameScale);
    Clip& changed = ClipOf(spec_);
    changed = {std::min(changed.low, high), high};
    return Roughness(high);
  }

  FrontendSpec& spec_;
  const Chain& chain_;
  const double units_;
};

}  // namespace

double SetLimits(FrontendSpec& spec, const Chain& chain) { return Limiter(spec, chain).Run(); }

}  // namespace ossicle::compare
