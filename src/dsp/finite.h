#pragma once

#include <cstddef>

namespace ossicle::dsp {

/// Whether none of the numbers is a NaN or an infinity.
bool AllFinite(const float* x, std::size_t count);

}  // namespace ossicle::dsp
