#include "compare/starts.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "compare/align.h"
#include "compare/moves.h"

namespace ossicle::compare {

namespace {

/// Of so many presets that fit best where they are, all hops and places are tried; of the others
/// those that fit the best of these.
constexpr std::size_t kAligned = 8;
/// With a better score, the frames are where the preset has them.
constexpr double kInPlace = -4.0;
/// Places that are looked at more closely, for each preset.
constexpr std::size_t kPlaces = 3;

/// `spec` with as many bands as the target: as many bands of the bank, or as many coefficients.
std::vector<FrontendSpec> WithBands(const FrontendSpec& spec, int bands) {
  FrontendSpec changed = spec;
  if (Cepstrum* cepstrum = CepstrumOf(changed)) {
    cepstrum->coefficients = bands;
    changed.mel_bands = std::max(spec.mel_bands, bands);
    if (spec.mel_bands != bands) return {changed};
    FrontendSpec plain = spec;
    std::erase_if(plain.steps, [](const Step& s) { return std::holds_alternative<Cepstrum>(s); });
    return {changed, plain};
  }
  changed.mel_bands = bands;
  std::vector<FrontendSpec> both = {changed};
  if (spec.mel_bands > bands && bands <= 40 && spec.log != Log::kNone) {
    both.push_back(spec);
    PutCepstrum(both.back(), bands);
  }
  return both;
}

bool SameInside(const Trial& a, const Trial& b) {
  return a.start == b.start && InnerSpec(a.spec) == InnerSpec(b.spec);
}

void SortByScore(std::vector<Scored>& list) {
  std::stable_sort(list.begin(), list.end(),
                   [](const Scored& a, const Scored& b) { return a.score < b.score; });
}

/// `spec` with and without a logarithm, as the target may be.
std::vector<FrontendSpec> Variants(const FrontendSpec& spec, const Target& target) {
  constexpr double kLinear = 1.5, kLogarithmic = 3.0;  // skewness from which it may be, up to which
  if (spec.spectrum == Spectrum::kWaveform) return {spec};
  std::vector<FrontendSpec> variants;
  const bool linear = spec.log == Log::kNone;
  if (linear ? target.skewness >= kLinear : target.skewness <= kLogarithmic) {
    variants.push_back(spec);
  }
  FrontendSpec other = spec;
  other.log = linear ? Log::kLn : Log::kNone;
  if (linear ? target.skewness <= kLogarithmic : target.skewness >= kLinear) {
    variants.push_back(other);
  }
  return variants;
}

/// As many frames of one band as there are samples, more or less, are samples.
bool IsWaveform(Evaluator& evaluator) {
  FrontendSpec at_own_rate;
  at_own_rate.sample_rate_hz = evaluator.sound().sample_rate_hz();
  return evaluator.target().bands == 1 &&
         evaluator.target().frames > evaluator.Samples(at_own_rate) / 4;
}

void AddCandidates(const FrontendSpec& preset, const Target& target, std::vector<Trial>& trials) {
  for (const FrontendSpec& own : WithBands(preset, target.bands)) {
    for (const FrontendSpec& spec : Variants(own, target)) trials.push_back({spec, StartOf(spec)});
  }
}

/// The presets as they are, or with as many bands as the target; those that come nearest to its
/// shape first, since of equal ones the first is kept.
std::vector<Trial> Candidates(Evaluator& evaluator, const std::vector<std::string>& presets) {
  std::vector<Trial> trials, others;
  for (const std::string& name : presets) {
    const FrontendSpec preset = Preset(name);
    const bool waveform = preset.spectrum == Spectrum::kWaveform;
    AddCandidates(preset, evaluator.target(), waveform == IsWaveform(evaluator) ? trials : others);
  }
  if (trials.empty()) trials = std::move(others);
  std::stable_sort(trials.begin(), trials.end(), [&](const Trial& a, const Trial& b) {
    return RightCounts(evaluator, a) > RightCounts(evaluator, b);
  });
  return trials;
}

/// Without the resampler where the audio needs none.
Trial AsHeard(Evaluator& evaluator, Trial trial) {
  if (!evaluator.sound().IsResampledFor(trial.spec)) trial.spec.resampler.clear();
  return trial;
}

std::vector<Scored> InPlace(Evaluator& evaluator, const std::vector<std::string>& presets) {
  std::vector<Scored> starts;
  for (const Trial& trial : Candidates(evaluator, presets)) {
    const bool known = std::any_of(starts.begin(), starts.end(), [&](const Scored& other) {
      return SameInside(AsHeard(evaluator, trial), AsHeard(evaluator, other.trial));
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

namespace {

/// `from` with its frames at the same times as those of `placed`: with the hop that is nearest, or
/// one next to it, around a frame in the middle.
Scored PlacedLike(Evaluator& evaluator, const Scored& from, const Trial& placed) {
  const Score score = [&](const Trial& trial) { return evaluator.Inner(trial); };
  const double ratio =
      static_cast<double>(from.trial.spec.sample_rate_hz) / placed.spec.sample_rate_hz;
  const std::int64_t inside = evaluator.Samples(placed.spec) / placed.spec.hop_samples;
  const std::int64_t middle_frame = std::min(inside, evaluator.target().frames) / 2;
  const auto middle =
      static_cast<double>(MiddleOf(placed) + 2 * middle_frame * placed.spec.hop_samples);
  const int hop = static_cast<int>(std::lround(placed.spec.hop_samples * ratio));
  const int reach = ratio == 1.0 ? 0 : 1;
  Scored best;
  for (int near = std::max(1, hop - reach); near <= hop + reach; ++near) {
    Trial trial = from.trial;
    trial.spec.hop_samples = near;
    PutMiddle(trial, static_cast<std::int64_t>(middle * ratio) - 2 * middle_frame * near);
    const Scored refined =
        RefineStart(score, {trial, evaluator.Inner(trial)}, trial.spec.sample_rate_hz / 1600);
    if (refined.score <= best.score) best = refined;
  }
  return best;
}

}  // namespace

int RightCounts(Evaluator& evaluator, const Trial& trial) {
  const Target& target = evaluator.target();
  if (trial.start != StartOf(trial.spec) || evaluator.Frames(trial.spec) != target.frames) return 0;
  return Preset(trial.spec.name).bands() == target.bands ? 2 : 1;
}

std::vector<Scored> Starts(Evaluator& evaluator, const std::vector<std::string>& presets) {
  std::vector<Scored> in_place = InPlace(evaluator, presets);
  if (in_place.front().score < kInPlace || IsWaveform(evaluator)) {
    return in_place;
  }
  // Whatever does not fit in its place may still be the one: first those that have the target's
  // bands, and of these, those that fit best there.
  std::stable_partition(in_place.begin(), in_place.end(), [&](const Scored& start) {
    return Preset(start.trial.spec.name).bands() == evaluator.target().bands;
  });
  std::vector<Scored> starts = in_place;
  std::optional<Scored> best;
  for (std::size_t i = 0; i < in_place.size(); ++i) {
    if (in_place[i].score >= Evaluator::kNoFit) continue;
    const Scored placed = i < kAligned || !best ? Placed(evaluator, in_place[i])
                                                : PlacedLike(evaluator, in_place[i], best->trial);
    if (placed.score < in_place[i].score) starts.push_back(placed);
    if (!best || placed.score < best->score) best = placed;
  }
  SortByScore(starts);
  return starts;
}

}  // namespace ossicle::compare
