#pragma once

#include <cstdint>

namespace ossicle::cli {

enum class ColorMap {
  kSequential,  ///< from little to much
  kDiverging,   ///< from below to above a middle
};

/// kDiverging: blue, white in the middle, red; equally dark at both ends. kSequential, the colour
/// map of the spectrograms: dark blue, violet, orange, pale yellow. Its lightness climbs in a
/// straight line and equal steps of `position` look equally far apart, also in greyscale.
/// `position` is 0 (dark) .. 1 (bright), clamped; NaN is dark. Returns 0xRRGGBB.
std::uint32_t ColorAt(double position, ColorMap map = ColorMap::kSequential);

}  // namespace ossicle::cli
