#include "compare/simplify.h"

#include <vector>

#include "compare/describe.h"

namespace ossicle::compare {

namespace {

/// In ln of residuals; and the root mean square, whose factor it is.
constexpr double kAsGood = 0.05;
constexpr double kNothing = 1e-8;

}  // namespace

FrontendSpec Simplified(Evaluator& evaluator, const FrontendSpec& spec,
                        const FrontendSpec& preset) {
  FrontendSpec best = spec;
  Evaluator::Distance from = evaluator.From(best);
  for (bool changed = true; changed;) {
    changed = false;
    // What the preset would change of the spec, one choice at a time.
    for (const SpecChange& change : SpecChanges(preset, best)) {
      if (change.deviation.field == "layout") continue;  // the matrix shows it
      const Evaluator::Distance other = evaluator.From(change.alone);
      const bool frames = evaluator.Frames(change.alone) == evaluator.Frames(best);
      if (!frames || other.score > from.score + kAsGood ||
          other.relative > from.relative * (1 + kAsGood) + kNothing) {
        continue;
      }
      best = change.alone;
      from = other;
      changed = true;
      break;
    }
  }
  return best;
}

}  // namespace ossicle::compare
