#pragma once

#include "compare/evaluator.h"

namespace ossicle::compare {

/// `spec` with those choices of `preset` that fit the target as well.
FrontendSpec Simplified(Evaluator& evaluator, const FrontendSpec& spec, const FrontendSpec& preset);

}  // namespace ossicle::compare
