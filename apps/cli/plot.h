#pragma once

#include <string>

#include "ossicle/features.h"
#include "ossicle/spec.h"

namespace ossicle::cli {

struct PlotOptions {
  std::string path;   ///< ends in .png or .svg, which decides the format
  std::string title;  ///< the input's name; the spec's name is put after it
  bool overwrite = false;
  int width = 1200;  ///< 320..8192 pixels, of an SVG user units
  int height = 500;  ///< 240..8192
};

/// Throws Error(kInvalidSpec) for an ending or a size out of range: to be called before the
/// features are computed.
void ValidatePlotOptions(const PlotOptions& options);

/// Throws Error(kInvalidSpec) for a waveform, Error(kShape) without frames or with other than
/// spec.bands() bands.
void RequireDrawable(const Features<float>& features, const FrontendSpec& spec);

/// Draws `features`, computed with `spec`, as a spectrogram: seconds to the right (a frame's column
/// is centred on the middle of its samples), frequency upwards on the spec's mel scale, or the
/// coefficient's number for a cepstrum, and a colour bar in FeatureUnit(spec). DrawRaster says
/// which values the colours span; an end of the bar is pointed where values lie beyond it. The file
/// appears whole or not at all. An SVG carries the axes as <title> and <desc> too. Throws what
/// ValidatePlotOptions and RequireDrawable throw,
/// Error(kOutput) when the file cannot be written.
void PlotFeatures(const Features<float>& features, const FrontendSpec& spec,
                  const PlotOptions& options);

}  // namespace ossicle::cli
