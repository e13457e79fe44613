#pragma once

#include "compare/evaluator.h"

namespace ossicle::compare {

/// `start` with those choices of `preset` that fit the target as well.
FrontendSpec Simplified(Evaluator& evaluator, const FrontendSpec& start,
                        const FrontendSpec& preset);

/// `trial` with those choices of the preset that spec.name names that fit the frames in the middle
/// as well, and without a PeakFloor that does nothing there.
Trial SimplifiedInside(Evaluator& evaluator, const Trial& trial);

}  // namespace ossicle::compare
