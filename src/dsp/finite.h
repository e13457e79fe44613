#pragma once

#include <span>

namespace ossicle::dsp {

/// Whether no sample is a NaN or an infinity.
bool AllFinite(std::span<const float> samples) noexcept;
bool AllFinite(std::span<const double> samples) noexcept;

}  // namespace ossicle::dsp
