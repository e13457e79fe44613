#include "compare/simplify.h"

#include <vector>

#include "compare/describe.h"
#include "compare/moves.h"

namespace ossicle::compare {

namespace {

/// In ln of residuals; and the root mean square, whose factor it is.
constexpr double kAsGood = 0.05;
constexpr double kNothing = 1e-8;
constexpr double kAsGoodInside = 0.02;
/// With more deviations, they are not taken back two at a time.
constexpr std::size_t kMostInPairs = 6;

/// `spec` with one or two choices of `preset`.
std::vector<FrontendSpec> NearerSpecs(const FrontendSpec& spec, const FrontendSpec& preset) {
  std::vector<SpecChange> changes = SpecChanges(preset, spec);
  // The matrix shows the layout.
  std::erase_if(changes, [](const SpecChange& c) { return c.deviation.field == "layout"; });
  std::vector<FrontendSpec> nearer;
  for (const SpecChange& change : changes) nearer.push_back(change.alone);
  if (changes.size() > kMostInPairs) return nearer;
  const auto is_step = [](const SpecChange& c) { return c.deviation.field.starts_with("steps"); };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (is_step(changes[i]) && is_step(changes[j])) continue;
      nearer.push_back(Together(changes[i], changes[j], preset));
    }
  }
  return nearer;
}

}  // namespace

FrontendSpec Simplified(Evaluator& evaluator, const FrontendSpec& start,
                        const FrontendSpec& preset) {
  FrontendSpec best = start;
  Evaluator::Distance from = evaluator.From(best);
  for (bool changed = true; changed;) {
    changed = false;
    const FrontendSpec now = best;
    const Evaluator::Distance limit = from;
    for (const FrontendSpec& spec : NearerSpecs(now, preset)) {
      if (evaluator.Frames(spec) != evaluator.Frames(now)) continue;
      const Evaluator::Distance other = evaluator.From(spec);
      const bool good = other.score <= limit.score + kAsGood &&
                        other.relative <= limit.relative * (1 + kAsGood) + kNothing;
      if (!good || (changed && other.relative >= from.relative)) continue;
      best = spec;
      from = other;
      changed = true;
    }
  }
  return best;
}

Trial SimplifiedInside(Evaluator& evaluator, const Trial& trial) {
  Trial best = trial;
  const double least = evaluator.Inner(trial);
  const auto attempt = [&](const FrontendSpec& spec) {
    const Trial other{spec, best.start};
    if (evaluator.Inner(other) <= least + kAsGoodInside) best = other;
  };
  for (const SpecChange& change : SpecChanges(Preset(trial.spec.name), trial.spec)) {
    FrontendSpec spec = best.spec;
    for (const SpecChange& now : SpecChanges(Preset(trial.spec.name), best.spec)) {
      if (now.deviation.field == change.deviation.field) spec = now.alone;
    }
    attempt(spec);
  }
  FrontendSpec plain = best.spec;
  std::erase_if(plain.steps, [](const Step& s) { return std::holds_alternative<PeakFloor>(s); });
  if (CepstrumOf(plain) != nullptr) attempt(plain);
  return best;
}

}  // namespace ossicle::compare
