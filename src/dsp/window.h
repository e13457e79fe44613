#pragma once

#include <vector>

#include "ossicle/enums.h"

namespace ossicle::dsp {

/// The window's `samples` values; one sample alone is 1. With d = samples (periodic) or samples -
/// 1: hann 0.5 - 0.5 cos(2 pi n / d), hamming 0.54 - 0.46 cos(2 pi n / d), povey hann^0.85.
std::vector<double> MakeWindow(Window window, int samples, bool periodic);

}  // namespace ossicle::dsp
