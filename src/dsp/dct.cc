#include "dsp/dct.h"

#include <cmath>

#include "dsp/exact_math.h"

namespace ossicle::dsp {

std::vector<double> MakeCepstrumMatrix(int coefficients, int bands, double lifter) {
  std::vector<double> matrix;
  for (int i = 0; i < coefficients; ++i) {
    const double norm = std::sqrt((i == 0 ? 1.0 : 2.0) / bands);
    const double lift = lifter == 0.0 ? 1.0 : 1.0 + lifter / 2.0 * SinPi(i / lifter);
    for (int band = 0; band < bands; ++band) {
      const double cosine = CosTurn(static_cast<long long>(i) * (2 * band + 1), 4LL * bands);
      matrix.push_back(lift * norm * cosine);
    }
  }
  return matrix;
}

}  // namespace ossicle::dsp
