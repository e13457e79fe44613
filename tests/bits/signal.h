#pragma once

#include <cstddef>
#include <vector>

namespace ossicle::bits {

/// `samples` samples in -1..1, the same ones on every machine: made with integers, scaled by powers
/// of two. Noise, a rising tone, silence of both signs, clicks, square waves, noise whose power is
/// subnormal, noise in quarters of a 16-bit step, full-scale noise; then the same again.
std::vector<float> MakeSignal(std::size_t samples);

}  // namespace ossicle::bits
