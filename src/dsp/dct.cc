#include "dsp/dct.h"

#include <cmath>
#include <cstddef>

#include "dsp/exact_math.h"

namespace ossicle::dsp {

std::vector<double> MakeCepstrumMatrix(int coefficients, int bands, double lifter) {
  const int turn = 4 * bands;
  std::vector<double> cosines;  // all that there are; each is wanted often and takes long
  for (int k = 0; k < turn; ++k) cosines.push_back(CosTurn(k, turn));
  std::vector<double> matrix;
  for (int i = 0; i < coefficients; ++i) {
    const double norm = std::sqrt((i == 0 ? 1.0 : 2.0) / bands);
    const double lift = lifter == 0.0 ? 1.0 : 1.0 + lifter / 2.0 * SinPi(i / lifter);
    for (int band = 0; band < bands; ++band) {
      matrix.push_back(lift * norm * cosines[static_cast<std::size_t>(i * (2 * band + 1) % turn)]);
    }
  }
  return matrix;
}

}  // namespace ossicle::dsp
