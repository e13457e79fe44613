#pragma once

#include <cstdint>
#include <vector>

#include "ossicle/features.h"
#include "ossicle/spec.h"

namespace ossicle::compare {

/// The given features as frames of bands, and what can be learnt from them before any spec is
/// tried.
struct Target {
  std::int64_t frames = 0;
  int bands = 0;
  Layout layout = Layout::kFramesFirst;
  std::vector<double> values;  ///< frames * bands, frames first

  /// Per band. A floor (a ceiling) is a smallest (largest) value that several frames share.
  struct Band {
    double spread = 0.0;  ///< standard deviation between floor and ceiling; 0: it never changes
    double floor = 0.0, ceiling = 0.0;
    bool has_floor = false, has_ceiling = false;
  };
  std::vector<Band> band;
  std::vector<bool> repeated;  ///< frames that are equal to the one before: silence
  double spread = 0.0;         ///< standard deviation of all values
  /// Median over the bands: about 0 for logarithms of speech, far above for the energies
  /// themselves.
  double skewness = 0.0;

  double at(std::int64_t frame, int b) const {
    return values[static_cast<std::size_t>(frame * bands + b)];
  }
  /// Energies themselves, not their logarithms.
  bool IsLinear() const { return skewness > 1.5 && smallest >= 0.0; }
  double smallest = 0.0;

  /// Whether a value lies between the floor and the ceiling of its band, and is not a repetition.
  bool IsFree(std::int64_t frame, int b) const;
};

/// Throws as IdentifyFrontend does.
void CheckFeatures(const UnknownFeatures& features);

Target MakeTarget(const UnknownFeatures& features, Layout layout);

/// The natural logarithm of a target that IsLinear().
Target LoggedTarget(const Target& target);

}  // namespace ossicle::compare
