#pragma once

#include <optional>

#include "compare/evaluator.h"

namespace ossicle::compare {

/// The dither whose effect on `spec` is as large as what is left between the target and `spec`: for
/// quiet values as for loud ones. None, if that is not so.
std::optional<double> FindDither(Evaluator& evaluator, const FrontendSpec& spec);

}  // namespace ossicle::compare
