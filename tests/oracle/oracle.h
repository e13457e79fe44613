#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ossicle/spec.h"

/// Every stage of a front end again: in float64, with plain loops and a naive DFT, sharing nothing
/// with the library but the spec. Slow, short and independent: the judge of the unit tests.
/// Dither is left out; a spec that is judged here has dither 0.
namespace oracle {

using ossicle::FrontendSpec;

/// Rows x columns in C order.
struct Matrix {
  Matrix() = default;
  Matrix(std::int64_t row_count, std::int64_t column_count)
      : rows(row_count),
        columns(column_count),
        values(static_cast<std::size_t>(row_count * column_count)) {}

  double& at(std::int64_t row, std::int64_t column) {
    return values[static_cast<std::size_t>(row * columns + column)];
  }
  double at(std::int64_t row, std::int64_t column) const {
    return values[static_cast<std::size_t>(row * columns + column)];
  }

  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::vector<double> values;
};

/// The scaled and rounded samples with the appended zeros; before pre-emphasis.
std::vector<double> ScaledSignal(const FrontendSpec& spec, std::span<const float> samples);

/// PreEmphasis::kSignal, or the signal as it is.
std::vector<double> EmphasisedSignal(const FrontendSpec& spec, std::vector<double> signal);

/// The sample at any index, before 0 and behind the end too, by spec.edge. `signal` is not empty.
double SampleAt(const FrontendSpec& spec, std::span<const double> signal, std::int64_t index);

std::int64_t FrameCount(const FrontendSpec& spec, std::int64_t samples);

/// frames x window_samples: what lies under the window, after DC removal, before everything else.
Matrix CutFrames(const FrontendSpec& spec, std::span<const double> signal, std::int64_t frames);

/// window_samples values. A window of one sample is 1, as in NumPy, SciPy and PyTorch.
std::vector<double> Window(const FrontendSpec& spec);

/// frames x fft_size: pre-emphasised, windowed, in its place among zeros; what the DFT sees.
Matrix Frames(const FrontendSpec& spec, std::span<const float> samples);

/// frames x (size / 2 + 1) values re^2 + im^2 of `frames` (frames x size).
Matrix DftPower(const Matrix& frames);

/// The same with spectrum_epsilon, and its root for Spectrum::kMagnitude.
Matrix Spectrum(const FrontendSpec& spec, const Matrix& frames);

double MelOfHz(ossicle::MelScale scale, double hz);
double HzOfMel(ossicle::MelScale scale, double mel);

/// mel_bands + 2 edges in mel, equally spaced.
std::vector<double> MelEdges(const FrontendSpec& spec);

/// mel_bands x (fft_size / 2 + 1) weights.
Matrix MelBank(const FrontendSpec& spec);

/// a x transposed(b): frames x bands.
Matrix TimesTransposed(const Matrix& a, const Matrix& b);

/// The logarithm of one value, with its floor.
double LogOf(const FrontendSpec& spec, double value);

/// bands x bands orthonormal DCT-II.
Matrix Dct(int bands);

/// ln of each frame's energy, for Cepstrum::log_energy.
std::vector<double> LogEnergies(const FrontendSpec& spec, std::span<const float> samples);

/// spec.steps on frames x bands values.
Matrix ApplySteps(const FrontendSpec& spec, Matrix values, std::span<const double> log_energies);

/// All stages: frames x spec.bands() finished values, frames first whatever spec.layout says.
Matrix Run(const FrontendSpec& spec, std::span<const float> samples);

/// Run with errors of about the size that the last digits of a double make: each sample under the
/// window moves by up to 1e-14 of the signal's peak, each mel edge by 1e-14 of itself, and each mel
/// weight that was rounded to float by one step. Its distance from Run says how well the values of
/// this spec and signal are determined at all.
Matrix RunPerturbed(const FrontendSpec& spec, std::span<const float> samples);

/// How far `values` lie from `expected`, in the unit of the features.
struct Difference {
  double mean = 0.0;
  double p999 = 0.0;  ///< 99.9th percentile: the ceil(0.999 n)-th smallest
  double max = 0.0;   ///< infinite when a value is not finite
};
Difference Compare(std::span<const double> values, std::span<const double> expected);
Difference Compare(std::span<const float> values, std::span<const double> expected);

}  // namespace oracle
