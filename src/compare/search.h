#pragma once

#include <vector>

#include "compare/refine.h"

namespace ossicle::compare {

/// From `starts` (the best first), changes one choice after another until the frames in the middle
/// fit as well as rounding lets them, or nothing helps any more. The best trials, the best first.
std::vector<Scored> SearchInner(Evaluator& evaluator, const std::vector<Scored>& starts);

}  // namespace ossicle::compare
