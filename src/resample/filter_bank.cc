#include "resample/filter_bank.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "dsp/exact_math.h"
#include "dsp/turn.h"

namespace ossicle::internal {

double Kaiser(double x, double beta) {
  const double rest = 1.0 - x * x;
  if (rest < 0.0) return 0.0;
  return dsp::BesselI0(beta * std::sqrt(rest)) / dsp::BesselI0(beta);
}

FilterBank BankOfFilter(Ratio ratio, const std::vector<double>& filter) {
  const int last = static_cast<int>(filter.size()) - 1;
  const int middle = last / 2;
  const int half = middle / ratio.up;
  FilterBank bank(ratio, 2 * half + 2, half);
  for (int phase = 0; phase < ratio.up; ++phase) {
    for (int k = 0; k < bank.taps; ++k) {
      const int at = middle + phase - (k - half) * ratio.up;
      if (at >= 0 && at <= last) bank.Row(phase)[k] = filter[static_cast<std::size_t>(at)];
    }
  }
  return bank;
}

FilterBank ScipyPolyBank(Ratio ratio, Precision precision) {
  const int most = std::max(ratio.up, ratio.down);
  const int half = 10 * most;
  std::vector<double> filter(static_cast<std::size_t>(2 * half + 1));
  for (int i = -half; i <= half; ++i) {
    filter[static_cast<std::size_t>(i + half)] = dsp::Sinc(static_cast<double>(i) / most) / most *
                                                 Kaiser(static_cast<double>(i) / half, 5.0);
  }
  const double sum = std::accumulate(filter.begin(), filter.end(), 0.0);
  for (double& tap : filter) {
    tap /= sum;
    if (precision == Precision::kFloat) tap = static_cast<float>(tap);
    tap *= ratio.up;
  }
  return BankOfFilter(ratio, filter);
}

FilterBank SwrBank(Ratio ratio) {
  constexpr double kCutoff = 0.97;
  constexpr double kBeta = 9.0;
  const double factor = std::min(kCutoff * ratio.up / ratio.down, 1.0);
  int taps = std::max(static_cast<int>(std::ceil(32 / factor)), 1);
  taps += taps % 2;
  FilterBank bank(ratio, taps, (taps - 1) / 2);
  const auto fill = [&](int phase) {
    for (int k = 0; k < taps; ++k) {
      const double time = k - bank.before - static_cast<double>(phase) / ratio.up;
      bank.Row(phase)[k] =
          dsp::Sinc(time * factor) * Kaiser(std::clamp(2 * time / taps, -1.0, 1.0), kBeta);
    }
  };
  const int computed = ratio.up % 2 != 0 ? ratio.up : ratio.up / 2 + 1;
  for (int phase = 0; phase < std::min(computed, ratio.up); ++phase) fill(phase);
  const double sum = std::accumulate(bank.Row(0), bank.Row(0) + taps, 0.0);
  for (double& tap : bank.rows) tap /= sum;
  // Of an even number of phases, the second half mirrors the first.
  for (int phase = computed; phase < ratio.up; ++phase) {
    std::reverse_copy(bank.Row(ratio.up - phase), bank.Row(ratio.up - phase) + taps,
                      bank.Row(phase));
  }
  return bank;
}

FilterBank KaldiBank(Ratio ratio) {
  constexpr double kZeros = 6;
  // In cycles per input sample, and in input samples.
  const double cutoff = 0.99 * 0.5 * ratio.Shrinking();
  const double half_width = kZeros / (2.0 * cutoff);
  const int before = static_cast<int>(std::ceil(half_width));
  FilterBank bank(ratio, 2 * before + 2, before);
  for (int phase = 0; phase < ratio.up; ++phase) {
    for (int k = 0; k < bank.taps; ++k) {
      const double time = k - before - static_cast<double>(phase) / ratio.up;
      if (std::abs(time) >= half_width) continue;
      const double window = 0.5 * (1.0 + dsp::QuickCosPi(2.0 * cutoff * time / kZeros));
      bank.Row(phase)[k] = window * 2.0 * cutoff * dsp::Sinc(2.0 * cutoff * time);
    }
  }
  return bank;
}

}  // namespace ossicle::internal
