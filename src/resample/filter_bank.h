#pragma once

#include <cstddef>
#include <vector>

namespace ossicle::internal {

/// A rational change of rate in lowest terms: output m lies at input sample m * down / up.
struct Ratio {
  int up = 1;
  int down = 1;

  double Shrinking() const { return up < down ? static_cast<double>(up) / down : 1.0; }
};

/// A FIR on the grid of a ratio: output m is the sum over k of its phase's tap k times sample
/// floor(m * down / up) - before + k, its phase being m * down mod up.
struct FilterBank {
  FilterBank(Ratio ratio, int taps, int before)
      : ratio(ratio),
        taps(taps),
        before(before),
        rows(static_cast<std::size_t>(ratio.up) * static_cast<std::size_t>(taps)) {}

  Ratio ratio;
  int taps;                  ///< of each phase
  int before;                ///< samples before the one at or before the output's time
  std::vector<double> rows;  ///< ratio.up x taps, by phase

  double* Row(int phase) {
    return rows.data() + static_cast<std::ptrdiff_t>(phase) * static_cast<std::ptrdiff_t>(taps);
  }
  const double* Row(int phase) const {
    return rows.data() + static_cast<std::ptrdiff_t>(phase) * static_cast<std::ptrdiff_t>(taps);
  }
};

/// The arithmetic of the samples: some libraries compute their taps in it.
enum class Precision { kFloat, kDouble };

/// I0(beta sqrt(1 - x^2)) / I0(beta) for |x| <= 1, Kaiser's window; 0 beyond.
double Kaiser(double x, double beta);

/// The bank of an odd number of taps at `up` times the input's rate, the middle one at time 0.
FilterBank BankOfFilter(Ratio ratio, const std::vector<double>& filter);

/// scipy.signal.resample_poly 1.17: a sinc of 20 max(up, down) + 1 taps with a Kaiser window of
/// beta 5, its sum 1, cast to the signal's type, times up.
FilterBank ScipyPolyBank(Ratio ratio, Precision precision);

/// libswresample's default (filter_size 32, cutoff 0.97, Kaiser window of beta 9, an even number of
/// taps), each tap divided by the sum of phase 0.
FilterBank SwrBank(Ratio ratio);

/// Kaldi's LinearResample with 6 zeros and a cutoff of 0.99 of the lower Nyquist frequency.
FilterBank KaldiBank(Ratio ratio);

}  // namespace ossicle::internal
