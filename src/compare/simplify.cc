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

}  // namespace

FrontendSpec Simplified(Evaluator& evaluator, const FrontendSpec& spec,
                        const FrontendSpec& preset) {
  FrontendSpec best = spec;
  Evaluator::Distance from = evaluator.From(best);
  for (bool changed = true; changed;) {
    changed = false;
    const FrontendSpec now = best;
    const Evaluator::Distance limit = from;
    // What the preset would change of the spec, one choice at a time: the one that fits best.
    for (const SpecChange& change : SpecChanges(preset, now)) {
      if (change.deviation.field == "layout") continue;  // the matrix shows it
      if (evaluator.Frames(change.alone) != evaluator.Frames(now)) continue;
      const Evaluator::Distance other = evaluator.From(change.alone);
      const bool good = other.score <= limit.score + kAsGood &&
                        other.relative <= limit.relative * (1 + kAsGood) + kNothing;
      if (!good || (changed && other.relative >= from.relative)) continue;
      best = change.alone;
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
