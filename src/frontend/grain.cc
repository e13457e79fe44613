#include "frontend/grain.h"

#include <algorithm>
#include <cmath>
#include <variant>

namespace ossicle::internal {

namespace {

// Of a core with vectors of 16 floats: a slower one finds more than the grain in each share.
constexpr double kNanosecondsPerButterfly = 0.02;  // times n log2 n
constexpr double kNanosecondsPerSample = 0.05;     // window, power, mel bank
constexpr double kNanosecondsPerLog = 0.25;
constexpr double kNanosecondsPerProduct = 0.02;

}  // namespace

double FrameNanoseconds(const FrontendSpec& spec, bool in_double) {
  if (spec.spectrum == Spectrum::kWaveform) return kNanosecondsPerSample;
  const double size = spec.fft_size;
  const double bands = spec.mel_bands;
  double cost = kNanosecondsPerButterfly * size * std::log2(size) + kNanosecondsPerSample * size +
                kNanosecondsPerLog * bands;
  for (const Step& step : spec.steps) {
    const auto* cepstrum = std::get_if<Cepstrum>(&step);
    if (cepstrum != nullptr) cost += kNanosecondsPerProduct * bands * cepstrum->coefficients;
  }
  return in_double ? 2.0 * cost : cost;
}

int ActiveWorkers(const Workers* workers, int most, double nanoseconds) {
  if (workers == nullptr) return 1;
  most = std::min(most, workers->count());
  if (workers->use() == Workers::Use::kAll) return most;
  const double useful = std::floor(nanoseconds / kGrainNanoseconds);
  return static_cast<int>(std::clamp(useful, 1.0, static_cast<double>(most)));
}

}  // namespace ossicle::internal
