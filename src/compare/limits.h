#pragma once

#include "compare/late.h"
#include "ossicle/spec.h"

namespace ossicle::compare {

/// Differences of ln values that count as none.
inline constexpr double kSameLevel = 1e-4;
/// The same of factors.
inline constexpr double kSameScale = 1e-5;

/// What the steps of a spec without a cepstrum do to the values of a LateFit.
struct Chain {
  const LateFit& late;
  const FrontendSpec& preset;
  Affine affine;
  double gain_level = 0.0;  ///< ln of what the samples' scale adds to the fit's values
};

/// Changes the logarithm's floor, the PeakFloor and the Clip of `spec` so that they cut where
/// `chain.late` says, and nowhere else: in the way that deviates least from the preset. Returns the
/// roughness of the numbers that this needs.
double SetLimits(FrontendSpec& spec, const Chain& chain);

}  // namespace ossicle::compare
