#pragma once

#include <string>
#include <vector>

#include "ossicle/spec.h"

namespace ossicle::cli {

/// A mark on an axis. `position` runs from 0 (the axis's low end) to 1 (its high end).
struct Tick {
  double value = 0.0;
  double position = 0.0;
  std::string label;
};

/// Ticks at multiples of 1, 2 or 5 times a power of ten, all in low..high (finite, low < high).
/// `most` >= 2 bounds their number.
std::vector<Tick> LinearTicks(double low, double high, int most);

/// Ticks at round frequencies in spec.low_hz..high_hz, placed through the spec's mel scale and at
/// least `gap` (0..1) apart.
std::vector<Tick> FrequencyTicks(const FrontendSpec& spec, double gap);

/// Ticks at the middle of the rows of a cepstrum, numbered from 0.
std::vector<Tick> CoefficientTicks(int coefficients, int most);

/// Where the rows of a picture meet: bands() + 1 positions from 0 to 1. A mel band owns what is
/// nearest to its centre in mels; the first and the last reach to the ends of the bank. The rows of
/// a cepstrum are equally high.
std::vector<double> BandEdges(const FrontendSpec& spec);

/// Whether the rows are cepstral coefficients.
bool IsCepstrum(const FrontendSpec& spec);

}  // namespace ossicle::cli
