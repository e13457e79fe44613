#include "dsp/mel.h"

#include <algorithm>
#include <cstddef>

#include "dsp/exact_math.h"

namespace ossicle::dsp {

namespace {

constexpr double kSlaneyLogHz = 1000.0;  // where the scale turns from linear to logarithmic
constexpr double kSlaneyLogMel = 15.0;

double SlaneyLogStep() { return Log(6.4) / 27.0; }

double SlaneyToMel(double hz) {
  if (hz < kSlaneyLogHz) return 3.0 * hz / 200.0;
  return kSlaneyLogMel + Log(hz / kSlaneyLogHz) / SlaneyLogStep();
}

double SlaneyToHz(double mel) {
  if (mel < kSlaneyLogMel) return 200.0 * mel / 3.0;
  return kSlaneyLogHz * Exp((mel - kSlaneyLogMel) * SlaneyLogStep());
}

/// The three corners of a triangle, in the domain where its sides are straight.
struct Corners {
  double left = 0.0;
  double center = 0.0;
  double right = 0.0;
};

double Triangle(const Corners& corners, double x) {
  const double rise = (x - corners.left) / (corners.center - corners.left);
  const double fall = (corners.right - x) / (corners.right - corners.center);
  return std::max(0.0, std::min(rise, fall));
}

class MelBankMaker {
 public:
  explicit MelBankMaker(const MelParameters& p) : p_(p) {
    const double low = HzToMel(p.scale, p.low_hz);
    const double high = HzToMel(p.scale, p.high_hz);
    for (int i = 0; i < p.bands + 2; ++i) {
      mel_edges_.push_back(i <= p.bands ? low + i * ((high - low) / (p.bands + 1)) : high);
      hz_edges_.push_back(MelToHz(p.scale, mel_edges_.back()));
    }
    for (int bin = 0; bin <= p.fft_size / 2; ++bin) {
      const double hz = bin * static_cast<double>(p.sample_rate_hz) / p.fft_size;
      bins_.push_back(InMel() ? HzToMel(p.scale, hz) : hz);
    }
  }

  MelBand Band(int band) const {
    MelBand result;
    // Bins outside the triangle weigh nothing.
    const std::vector<double>& edges = InMel() ? mel_edges_ : hz_edges_;
    const auto i = static_cast<std::size_t>(band);
    const auto first = std::lower_bound(bins_.begin(), bins_.end(), edges[i]) - bins_.begin();
    const auto end = std::upper_bound(bins_.begin(), bins_.end(), edges[i + 2]) - bins_.begin();
    for (int bin = static_cast<int>(first); bin < static_cast<int>(end); ++bin) {
      const double weight = Weight(band, bin);
      if (result.weights.empty()) result.first_bin = bin;
      if (weight != 0.0 || !result.weights.empty()) result.weights.push_back(weight);
    }
    while (!result.weights.empty() && result.weights.back() == 0.0) result.weights.pop_back();
    return result;
  }

 private:
  bool InMel() const { return p_.interpolation == MelInterpolation::kMel; }

  double Weight(int band, int bin) const {
    if ((bin == 0 && !p_.dc) || (2 * bin == p_.fft_size && !p_.nyquist)) return 0.0;
    const auto i = static_cast<std::size_t>(band);
    const std::vector<double>& edges = InMel() ? mel_edges_ : hz_edges_;
    double weight =
        Triangle({edges[i], edges[i + 1], edges[i + 2]}, bins_[static_cast<std::size_t>(bin)]);
    if (p_.norm == MelNorm::kSlaney) weight *= 2.0 / (hz_edges_[i + 2] - hz_edges_[i]);
    return p_.float32 ? static_cast<float>(weight) : weight;
  }

  MelParameters p_;
  std::vector<double> mel_edges_;
  std::vector<double> hz_edges_;
  std::vector<double> bins_;  // each bin's place, in mel or Hz
};

}  // namespace

double HzToMel(MelScale scale, double hz) {
  switch (scale) {
    case MelScale::kSlaney:
      return SlaneyToMel(hz);
    case MelScale::kHtk:
      return 2595.0 * (Log(1.0 + hz / 700.0) / Log(10.0));
    case MelScale::kKaldi:
      return 1127.0 * Log(1.0 + hz / 700.0);
  }
  return 0.0;
}

double MelToHz(MelScale scale, double mel) {
  switch (scale) {
    case MelScale::kSlaney:
      return SlaneyToHz(mel);
    case MelScale::kHtk:
      return 700.0 * (Exp(mel / 2595.0 * Log(10.0)) - 1.0);
    case MelScale::kKaldi:
      return 700.0 * (Exp(mel / 1127.0) - 1.0);
  }
  return 0.0;
}

std::vector<MelBand> MakeMelBank(const MelParameters& parameters) {
  const MelBankMaker maker(parameters);
  std::vector<MelBand> bank;
  for (int band = 0; band < parameters.bands; ++band) bank.push_back(maker.Band(band));
  return bank;
}

}  // namespace ossicle::dsp
