#pragma once

#include <string>
#include <vector>

#include "compare/evaluator.h"
#include "ossicle/compare.h"

namespace ossicle::compare {

/// The presets beside the target as they are, the nearest first.
std::vector<PresetMatch> Rank(Evaluator& evaluator, const std::vector<std::string>& presets);

}  // namespace ossicle::compare
