#pragma once

#include <optional>

#include "compare/evaluator.h"

namespace ossicle::compare {

/// What happens after the natural logarithm, in one order for all specs: floor and ceiling, lifter,
/// statistics, scale, offset. Several specs can say the same.
struct LateFit {
  MelNorm norm = MelNorm::kNone;
  std::optional<Step> statistics;  ///< SubtractMean or Standardize
  double scale = 1.0;
  double offset = 0.0;
  double first_offset = 0.0;  ///< of a cepstrum's coefficient 0, besides
  double lifter = 0.0;
  /// Of values before scale and offset; not of a cepstrum.
  std::optional<double> floor, ceiling;
  double lowest = 0.0, peak = 0.0;  ///< of the values before all this
  double score = Evaluator::kNoFit;
};

/// The best for `spec`, whose frames in the middle and at the edges fit: of equal ones, that
/// nearest to the steps of `spec`.
LateFit FitLate(Evaluator& evaluator, const FrontendSpec& spec);

}  // namespace ossicle::compare
