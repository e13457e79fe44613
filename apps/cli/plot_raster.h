#pragma once

#include <cstdint>
#include <vector>

#include "colormap.h"
#include "ossicle/features.h"
#include "ossicle/spec.h"

namespace ossicle::cli {

/// The values that the ends of the colour map stand for, low < high.
struct ColorRange {
  double low = 0.0;
  double high = 1.0;
  bool values_below = false;  ///< some are darker than the scale
  bool values_above = false;
};

/// A picture of features: height rows of width pixels 0xRRGGBB, the first band at the bottom.
struct Raster {
  int width = 0;
  int height = 0;
  std::vector<std::uint32_t> pixels;
  ColorRange range;
};

/// Draws at least one frame. Where frames outnumber pixels, a pixel shows the largest of its frames
/// (and bands); the work is one pass in memory for width columns.
///
/// The range is the smallest to the largest value drawn. An end gives way to the 0.1 or 99.9
/// percentile when it lies further from it than a quarter of the span between the two: one click or
/// a stretch of digital silence would darken or wash out the rest. Of a cepstrum, coefficient 0,
/// which is many times larger than the others, does not count.
Raster DrawRaster(const Features<float>& features, const FrontendSpec& spec, int width, int height);

/// The range that DrawRaster takes for a picture of `width` columns.
ColorRange FindColorRange(const Features<float>& features, const FrontendSpec& spec, int width);

/// Draws on a scale that the caller has chosen. With ColorMap::kDiverging, a pixel shows the value
/// of its frames and bands that lies farthest from 0.
Raster DrawRaster(const Features<float>& features, const FrontendSpec& spec, int width, int height,
                  const ColorRange& range, ColorMap map);

}  // namespace ossicle::cli
