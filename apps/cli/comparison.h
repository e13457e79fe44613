#pragma once

#include <optional>
#include <string>

#include "arguments.h"
#include "ossicle/compare.h"
#include "ossicle/spec_difference.h"
#include "plot.h"

namespace ossicle::cli {

struct CompareArguments : InputArguments {  // inputs: the arrays; output: of the spec
  std::string audio;
  std::string spec;
  std::string with;
  std::string plot;
};

/// What is compared: an array whose front end was looked for, or a spec.
struct Side {
  std::string name;  ///< as the user gave it
  std::optional<UnknownFeatures> array;
  std::optional<Identification> identification;
  FrontendSpec spec;  ///< the one given, or the one that was found

  bool IsKnown() const { return !identification || identification->certainty != Certainty::kNone; }
};

struct Comparison {
  Side mine;
  std::optional<Side> theirs;
  std::optional<Signal> audio;               ///< none: the built-in sound
  std::optional<SpecDifference> difference;  ///< of mine's spec from theirs
  std::optional<FeatureChange> arrays;       ///< of mine's array from theirs
};

/// For a person.
std::string CompareReport(const Comparison& comparison, bool spec_is_written);
/// The same for a program.
std::string CompareJson(const Comparison& comparison);

PlotOptions ComparisonPlotOptions(const CompareArguments& arguments);
/// Draws both matrices and their difference. Throws what PlotComparison throws.
void DrawComparison(const Comparison& comparison, const PlotOptions& options);

}  // namespace ossicle::cli
