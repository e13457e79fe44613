#pragma once

#include "compare/evaluator.h"
#include "compare/late.h"

namespace ossicle::compare {

/// A spec that makes the target, in the words of one preset.
struct Rendered {
  FrontendSpec spec;
  double cost = 0.0;  ///< its deviations from the preset, and a little for each that is not round
};

/// `found` with the logarithm, the scale and the steps that make `late`, as few of them as possible
/// other than those of `preset`.
Rendered Render(const FrontendSpec& found, const LateFit& late, const FrontendSpec& preset,
                const Target& target, int audio_rate_hz);

/// Units of a logarithm in one of the natural logarithm.
double LogUnits(Log log);

}  // namespace ossicle::compare
