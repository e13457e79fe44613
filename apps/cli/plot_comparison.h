#pragma once

#include <string>

#include "ossicle/features.h"
#include "ossicle/spec.h"
#include "plot.h"

namespace ossicle::cli {

/// One of two matrices that are drawn beside each other.
struct PlotSide {
  std::string title;
  Features<float> features;
  FrontendSpec spec;  ///< says where its frames and bands lie
};

/// Draws `mine` above `theirs` on the same seconds and in the same colours, and below them mine
/// minus theirs, frame by frame, on a scale of its own with white for 0; where hops or bands
/// differ, a sentence stands there. options.title is not used. The file appears whole or not at
/// all. Throws what PlotFeatures throws, Error(kInvalidSpec) for a waveform.
void PlotComparison(const PlotSide& mine, const PlotSide& theirs, const PlotOptions& options);

}  // namespace ossicle::cli
