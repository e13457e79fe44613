#pragma once

#include "compare/evaluator.h"

namespace ossicle::compare {

/// `trial` with the framing, edge, padding and last frame that fit the first and last frames and
/// the number of frames best; of equal ones, that nearest to what trial.spec has.
FrontendSpec FindEdges(Evaluator& evaluator, const Trial& trial);

}  // namespace ossicle::compare
