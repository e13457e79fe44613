#pragma once

#include <cstdint>

namespace ossicle::cli {

/// The colour map of the pictures: dark blue, violet, orange, pale yellow. Its lightness climbs in
/// a straight line and equal steps of `position` look equally far apart, also in greyscale.
/// `position` is 0 (dark) .. 1 (bright), clamped; NaN is dark. Returns 0xRRGGBB.
std::uint32_t ColorAt(double position);

}  // namespace ossicle::cli
