#pragma once

#include <string>
#include <vector>

#include "compare/refine.h"

namespace ossicle::compare {

/// Where the search begins: each front end among `presets` once, with as many bands as the target,
/// at the place and with the hop that fit best. The best first.
std::vector<Scored> Starts(Evaluator& evaluator, const std::vector<std::string>& presets);

/// How much of the target's shape a trial has: 2: frames and bands of a preset as it is; 1: its
/// frames; 0: neither.
int RightCounts(Evaluator& evaluator, const Trial& trial);

}  // namespace ossicle::compare
