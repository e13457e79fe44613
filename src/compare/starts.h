#pragma once

#include <string>
#include <vector>

#include "compare/refine.h"

namespace ossicle::compare {

/// Where the search begins: each front end among `presets` once, with as many bands as the target,
/// at the place and with the hop that fit best. The best first.
std::vector<Scored> Starts(Evaluator& evaluator, const std::vector<std::string>& presets);

}  // namespace ossicle::compare
