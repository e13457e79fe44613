#include "comparison.h"
#include "interrupt.h"
#include "plot_comparison.h"

namespace ossicle::cli {

namespace {

constexpr int kPlotHeight = 1100;  // three pictures

Features<float> ToFeatures(const UnknownFeatures& array, Layout layout) {
  const bool frames_first = layout == Layout::kFramesFirst;
  const std::int64_t frames = frames_first ? array.rows : array.columns;
  const auto bands = static_cast<int>(frames_first ? array.columns : array.rows);
  const FeatureView<const double> view = MakeView(array.values.data(), frames, bands, layout);
  Features<float> features(bands, Layout::kFramesFirst);
  for (std::int64_t frame = 0; frame < frames; ++frame) {
    const FeatureView<float> row = features.Append(1);
    for (int band = 0; band < bands; ++band) {
      row.at(0, band) = static_cast<float>(view.at(frame, band));
    }
  }
  return features;
}

Features<float> FeaturesOfSpec(const FrontendSpec& spec, const std::optional<Signal>& audio) {
  if (!audio) return FeaturesOf(spec, ComparisonSignal(), kComparisonSignalRateHz);
  return FeaturesOf(spec, audio->samples, audio->info.sample_rate_hz);
}

PlotSide SideOf(const Side& side, const std::optional<Signal>& audio) {
  if (side.array) return {side.name, ToFeatures(*side.array, side.spec.layout), side.spec};
  return {side.name, FeaturesOfSpec(side.spec, audio), side.spec};
}

/// What was found for an array that is compared with nothing else.
PlotSide FoundSide(const Identification& found, const std::optional<Signal>& audio) {
  const std::size_t differences = found.deviations.size();
  std::string title = found.nearest_preset;
  if (differences > 0) {
    title += " with " + std::to_string(differences) + " difference" + (differences > 1 ? "s" : "");
  }
  return {title, FeaturesOfSpec(found.best, audio), found.best};
}

}  // namespace

void DrawComparison(const Comparison& comparison, const PlotOptions& options) {
  const PlotSide mine = SideOf(comparison.mine, comparison.audio);
  PlotSide theirs = mine;
  if (comparison.theirs) {
    theirs = SideOf(*comparison.theirs, comparison.audio);
  } else if (comparison.mine.identification) {
    theirs = FoundSide(*comparison.mine.identification, comparison.audio);
  }
  const OutputGuard guard(options.path);
  PlotComparison(mine, theirs, options);
}

PlotOptions ComparisonPlotOptions(const CompareArguments& arguments) {
  PlotOptions options;
  options.path = arguments.plot;
  options.overwrite = arguments.overwrite;
  options.height = kPlotHeight;
  return options;
}

}  // namespace ossicle::cli
