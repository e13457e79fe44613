#pragma once

#include <cstdint>
#include <span>

namespace ossicle::dsp {

// Samples of full scale 1.0 as 16-bit integers, full scale 32768: rounded to the nearest, a tie to
// the even one, and clipped.

void ToInt16(std::span<const float> samples, std::int16_t* to);
void ToInt16(std::span<const double> samples, std::int16_t* to);

/// The same, and back; never minus zero.
void RoundToInt16(std::span<float> samples);
void RoundToInt16(std::span<double> samples);

}  // namespace ossicle::dsp
