#include "resample/torch_filters.h"

#include <algorithm>
#include <cmath>

#include "dsp/exact_math.h"

namespace ossicle::internal {

namespace {

constexpr double kPi = 3.141592653589793;

/// Rounds to float32, as a tensor of that type does after each operation.
float F(double x) { return static_cast<float>(x); }

/// Both libraries compute a kernel of all samples that a whole period of outputs may see; these are
/// its taps that are not 0, from floor(phase's time) - width on.
FilterBank EmptyBank(Ratio ratio, int width) { return {ratio, 2 * width + 2, width}; }

/// The sample that tap k of phase i lies on, counted from the first output's.
int SampleOf(const FilterBank& bank, int output, int k) {
  return static_cast<int>(static_cast<long long>(output) * bank.ratio.down / bank.ratio.up) -
         bank.before + k;
}

/// The row of the output with this number within a period.
double* RowOfOutput(FilterBank& bank, int output) {
  return bank.Row(
      static_cast<int>(static_cast<long long>(output) * bank.ratio.down % bank.ratio.up));
}

}  // namespace

FilterBank TorchaudioBank(const TorchaudioFilter& filter, Ratio ratio, Precision precision) {
  const double base = std::min(ratio.up, ratio.down) * filter.rolloff;
  const double width = filter.lowpass_filter_width;
  // PyTorch makes beta and I0(beta) scalars of float32.
  const double beta = F(filter.kaiser_beta);
  const double divisor = F(dsp::BesselI0(beta));
  FilterBank bank = EmptyBank(ratio, static_cast<int>(std::ceil(width * ratio.down / base)));
  for (int output = 0; output < ratio.up; ++output) {
    double* const row = RowOfOutput(bank, output);
    double phase = -static_cast<double>(output) / ratio.up;
    if (precision == Precision::kFloat) phase = F(phase);
    for (int k = 0; k < bank.taps; ++k) {
      const double time =
          (phase + static_cast<double>(SampleOf(bank, output, k)) / ratio.down) * base;
      if (std::abs(time) >= width) continue;
      const double rest = time / width;
      const double window = filter.kaiser_beta == 0.0
                                ? dsp::QuickCosPi(rest / 2.0) * dsp::QuickCosPi(rest / 2.0)
                                : dsp::BesselI0(beta * std::sqrt(1.0 - rest * rest)) / divisor;
      row[k] = dsp::Sinc(time) * window * base / ratio.down;
      if (precision == Precision::kFloat) row[k] = F(row[k]);
    }
  }
  return bank;
}

FilterBank TorchaudioFunctionalBank(Ratio ratio, Precision precision) {
  const TorchaudioFilter filter;
  if (precision == Precision::kDouble) return TorchaudioBank(filter, ratio, precision);
  const double base = std::min(ratio.up, ratio.down) * filter.rolloff;
  const float width = F(filter.lowpass_filter_width);
  FilterBank bank = EmptyBank(ratio, static_cast<int>(std::ceil(width * ratio.down / base)));
  for (int output = 0; output < ratio.up; ++output) {
    const float phase = F(-static_cast<float>(output) / static_cast<float>(ratio.up));
    double* const row = RowOfOutput(bank, output);
    for (int k = 0; k < bank.taps; ++k) {
      const float index =
          static_cast<float>(SampleOf(bank, output, k)) / static_cast<float>(ratio.down);
      const float time = F((phase + index) * F(base));
      if (std::abs(time) >= width) continue;
      const float angle = F(F(F(time * F(kPi)) / width) / 2.0f);
      const float cosine = F(dsp::QuickCosPi(angle / kPi));
      const float turned = F(time * F(kPi));
      const float sinc = turned == 0.0f ? 1.0f : F(F(dsp::QuickSinPi(turned / kPi)) / turned);
      row[k] = F(sinc * F(F(cosine * cosine) * F(base / ratio.down)));
    }
  }
  return bank;
}

FilterBank JuliusBank(Ratio ratio) {
  constexpr float kZeros = 24;
  const double rate = std::min(ratio.up, ratio.down) * 0.945;
  FilterBank bank = EmptyBank(ratio, static_cast<int>(std::ceil(kZeros * ratio.down / rate)));
  for (int output = 0; output < ratio.up; ++output) {
    const float phase = F(-static_cast<double>(output) / ratio.up);
    double* const row = RowOfOutput(bank, output);
    double sum = 0.0;
    for (int k = 0; k < bank.taps; ++k) {
      const float index =
          static_cast<float>(SampleOf(bank, output, k)) / static_cast<float>(ratio.down);
      const float time = F(F(phase + index) * F(rate));
      if (std::abs(time) >= kZeros) continue;
      const float turned = F(time * F(kPi));
      const float cosine = F(dsp::QuickCosPi(F(F(turned / kZeros) / 2.0f) / kPi));
      const float sinc = turned == 0.0f ? 1.0f : F(F(dsp::QuickSinPi(turned / kPi)) / turned);
      row[k] = F(sinc * F(cosine * cosine));
      sum += row[k];
    }
    for (int k = 0; k < bank.taps; ++k) row[k] = F(F(row[k]) / F(sum));
  }
  return bank;
}

}  // namespace ossicle::internal
