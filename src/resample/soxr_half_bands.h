#pragma once

#include <span>

namespace ossicle::internal {

/// The half-band low-pass that libsoxr takes for `attenuation_db` of 120 (soxr_hq) or 168
/// (soxr_vhq) and more: the taps at +-(2 i + 1) are the i-th value, tap 0 is 1 / 2, and the others
/// are zero.
std::span<const double> SoxrHalfBand(double attenuation_db);

}  // namespace ossicle::internal
