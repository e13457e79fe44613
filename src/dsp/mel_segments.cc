#include "dsp/mel_segments.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <stdexcept>
#include <string>

namespace ossicle::dsp {

namespace {

struct Tap {
  int bin = 0;
  double fall = 0.0;
  double rise = 0.0;
};
using Segment = std::vector<Tap>;

/// The weights of one bin, by band.
using BinWeights = std::map<int, double>;

std::map<int, BinWeights> WeightsByBin(const std::vector<MelBand>& bank) {
  std::map<int, BinWeights> bins;
  for (std::size_t band = 0; band < bank.size(); ++band) {
    for (std::size_t i = 0; i < bank[band].weights.size(); ++i) {
      const double weight = bank[band].weights[i];
      if (weight == 0.0) continue;
      bins[bank[band].first_bin + static_cast<int>(i)][static_cast<int>(band)] = weight;
    }
  }
  return bins;
}

std::vector<Segment> CutIntoSegments(const std::vector<MelBand>& bank) {
  std::vector<Segment> segments(bank.size() + 1);
  for (const auto& [bin, weights] : WeightsByBin(bank)) {
    const auto [first, first_weight] = *weights.begin();
    const auto [last, last_weight] = *weights.rbegin();
    if (weights.size() > 2 || last - first > 1) {
      throw std::logic_error("bin " + std::to_string(bin) + " belongs to bands " +
                             std::to_string(first) + " and " + std::to_string(last));
    }
    const double fall = first == last ? 0.0 : first_weight;
    segments[static_cast<std::size_t>(last)].push_back({bin, fall, last_weight});
  }
  return segments;
}

}  // namespace

template <class T>
MelSegments<T>::MelSegments(const std::vector<MelBand>& bank)
    : bands(static_cast<int>(bank.size())) {
  const std::vector<Segment> parts = CutIntoSegments(bank);
  segments.resize(parts.size());
  std::iota(segments.begin(), segments.end(), 0);
  const auto taps_of = [&](std::int32_t segment) {
    return static_cast<int>(parts[static_cast<std::size_t>(segment)].size());
  };
  std::sort(segments.begin(), segments.end(), [&](std::int32_t a, std::int32_t b) {
    return taps_of(a) != taps_of(b) ? taps_of(a) > taps_of(b) : a < b;
  });
  for (const std::int32_t segment : segments) {
    const int taps = taps_of(segment);
    if (runs.empty() || runs.back().taps != taps) runs.push_back({taps, 0});
    ++runs.back().segments;
    for (const Tap& tap : parts[static_cast<std::size_t>(segment)]) {
      bins.push_back(tap.bin);
      weights.push_back(static_cast<T>(tap.fall));
      weights.push_back(static_cast<T>(tap.rise));
    }
  }
}

template struct MelSegments<float>;
template struct MelSegments<double>;

}  // namespace ossicle::dsp
