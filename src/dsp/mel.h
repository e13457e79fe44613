#pragma once

#include <vector>

#include "ossicle/enums.h"

namespace ossicle::dsp {

/// Mel of a frequency, and back. Slaney: linear below 1 kHz, logarithmic above (Auditory Toolbox);
/// HTK: 2595 log10(1 + f / 700); Kaldi: 1127 ln(1 + f / 700).
double HzToMel(MelScale scale, double hz);
double MelToHz(MelScale scale, double mel);

struct MelParameters {
  int sample_rate_hz = 16000;
  int fft_size = 400;
  int bands = 80;
  MelScale scale = MelScale::kSlaney;
  MelInterpolation interpolation = MelInterpolation::kHz;
  MelNorm norm = MelNorm::kSlaney;
  bool dc = true;
  bool nyquist = true;
  bool float32 = true;
  double low_hz = 0.0;
  double high_hz = 8000.0;
};

/// A triangle over the FFT's bins, from its first non-zero bin to its last. May be empty.
struct MelBand {
  int first_bin = 0;
  std::vector<double> weights;
};

/// `bands` triangles whose corners are evenly spaced in mel between low_hz and high_hz.
std::vector<MelBand> MakeMelBank(const MelParameters& parameters);

}  // namespace ossicle::dsp
