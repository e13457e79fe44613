#include "compare/starts.h"

#include <algorithm>
#include <cmath>

#include "compare/align.h"
#include "compare/moves.h"

namespace ossicle::compare {

namespace {

/// So many of the presets that fit best where they are get tried elsewhere, too.
constexpr std::size_t kAligned = 8;
/// With a better score, the frames are where the preset has them.
constexpr double kInPlace = -4.0;
/// Places that are looked at more closely, for each preset.
constexpr std::size_t kPlaces = 2;

/// `spec` with as many bands as the target.
FrontendSpec WithBands(FrontendSpec spec, int bands) {
  Cepstrum* cepstrum = CepstrumOf(spec);
  if (cepstrum == nullptr) {
    spec.mel_bands = bands;
  } else {
    cepstrum->coefficients = bands;
    spec.mel_bands = std::max(spec.mel_bands, bands);
  }
  return spec;
}

bool SameInside(const Trial& a, const Trial& b) {
  return a.start == b.start && InnerSpec(a.spec) == InnerSpec(b.spec);
}

void SortByScore(std::vector<Scored>& list) {
  std::stable_sort(list.begin(), list.end(),
                   [](const Scored& a, const Scored& b) { return a.score < b.score; });
}

std::vector<Scored> InPlace(Evaluator& evaluator, const std::vector<std::string>& presets) {
  std::vector<Scored> starts;
  for (const std::string& name : presets) {
    const FrontendSpec spec = WithBands(Preset(name), evaluator.target().bands);
    const Trial trial{spec, StartOf(spec)};
    const bool known = std::any_of(starts.begin(), starts.end(), [&](const Scored& other) {
      return SameInside(trial, other.trial);
    });
    if (!known) starts.push_back({trial, evaluator.Inner(trial)});
  }
  SortByScore(starts);
  return starts;
}

Scored Placed(Evaluator& evaluator, const Scored& from) {
  const Score score = [&](const Trial& trial) { return evaluator.Inner(trial); };
  std::vector<Scored> places = {from};
  for (const Alignment& place : Align(evaluator, from.trial.spec)) {
    if (places.size() > kPlaces) break;
    Trial trial = from.trial;
    trial.spec.hop_samples = place.hop_samples;
    trial.start = place.start;
    places.push_back({trial, evaluator.Inner(trial)});
  }
  for (Scored& place : places) {
    place = RefineStart(score, place, place.trial.spec.sample_rate_hz / 1600);
  }
  SortByScore(places);
  return places.front();
}

}  // namespace

std::vector<Scored> Starts(Evaluator& evaluator, const std::vector<std::string>& presets) {
  std::vector<Scored> starts = InPlace(evaluator, presets);
  if (starts.front().score < kInPlace) return starts;
  // Whatever does not fit in its place may still be the one.
  const std::size_t count = std::min(kAligned, starts.size());
  for (std::size_t i = 0; i < count; ++i) {
    const Scored placed = Placed(evaluator, starts[i]);
    if (placed.score < starts[i].score) starts.push_back(placed);
  }
  SortByScore(starts);
  return starts;
}

}  // namespace ossicle::compare
