#pragma once

#include <vector>

#include "compare/evaluator.h"
#include "ossicle/compare.h"

namespace ossicle::compare {

/// `spec` with each resampler beside the target, the nearest first; of those that fit as well as
/// that one, the one of `preset` first, then those in the order of Resamplers(). Empty where none
/// shows: the audio is at the spec's rate.
std::vector<ResamplerMatch> RankResamplers(Evaluator& evaluator, const FrontendSpec& spec,
                                           const FrontendSpec& preset);

}  // namespace ossicle::compare
