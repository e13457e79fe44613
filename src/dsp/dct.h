#pragma once

#include <vector>

namespace ossicle::dsp {

/// The first `coefficients` rows of the orthonormal DCT-II of `bands` values, row by row; row i is
/// multiplied by 1 + lifter / 2 * sin(pi i / lifter) unless lifter is 0.
std::vector<double> MakeCepstrumMatrix(int coefficients, int bands, double lifter);

}  // namespace ossicle::dsp
