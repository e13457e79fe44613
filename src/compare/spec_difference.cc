#include "ossicle/spec_difference.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "compare/describe.h"
#include "compare/sound.h"
#include "ossicle/error.h"
#include "ossicle/frontend.h"

namespace ossicle {
namespace {

/// Frames x bands, whatever the spec's layout.
struct Matrix {
  std::int64_t frames = 0;
  int bands = 0;
  std::vector<double> values;
};

bool IsLegal(const FrontendSpec& spec) {
  try {
    spec.Validate();
  } catch (const Error&) {
    return false;
  }
  return true;
}

FeatureChange ChangeBetween(const Matrix& found, const Matrix& wanted) {
  FeatureChange change{found.frames, wanted.frames, false, 0.0, 0.0};
  const std::int64_t frames = std::min(found.frames, wanted.frames);
  if (frames == 0 || found.bands != wanted.bands) return change;
  change.comparable = true;
  const auto count = static_cast<std::size_t>(frames * found.bands);
  for (std::size_t i = 0; i < count; ++i) {
    const double difference = std::abs(found.values[i] - wanted.values[i]);
    change.mean += difference;
    change.max = std::max(change.max, difference);
  }
  change.mean /= static_cast<double>(count);
  return change;
}

Matrix FeaturesOf(FrontendSpec spec, compare::Sound& sound) {
  spec.layout = Layout::kFramesFirst;
  const Frontend frontend(spec);
  const std::span<const float> audio = sound.At(spec.sample_rate_hz);
  return {frontend.Frames(static_cast<std::int64_t>(audio.size())), frontend.bands(),
          frontend.Run<double>(audio)};
}

/// The spec that shows change number `index`, alone or with the first that makes it legal.
std::pair<const FrontendSpec*, std::optional<std::size_t>> LegalSpec(
    const std::vector<compare::SpecChange>& changes, std::size_t index, const FrontendSpec& found,
    FrontendSpec& both) {
  const compare::SpecChange& change = changes[index];
  if (IsLegal(change.alone)) return {&change.alone, std::nullopt};
  for (std::size_t other = 0; other < changes.size(); ++other) {
    if (other == index) continue;
    both = compare::Together(change, changes[other], found);
    if (IsLegal(both)) return {&both, other};
  }
  return {nullptr, std::nullopt};
}

}  // namespace

SpecDifference CompareSpecs(const FrontendSpec& found, const FrontendSpec& wanted,
                            std::span<const float> audio, int sample_rate_hz) {
  compare::Sound sound(audio, sample_rate_hz);
  const Matrix reference = FeaturesOf(wanted, sound);
  SpecDifference difference;
  difference.unit = FeatureUnit(wanted);
  difference.together = ChangeBetween(FeaturesOf(found, sound), reference);
  const std::vector<compare::SpecChange> changes = compare::SpecChanges(found, wanted);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    FrontendSpec both;
    const auto [spec, with] = LegalSpec(changes, i, found, both);
    DeviationEffect effect{changes[i].deviation, {}, with};
    if (spec != nullptr) effect.change = ChangeBetween(FeaturesOf(*spec, sound), reference);
    difference.effects.push_back(std::move(effect));
  }
  return difference;
}

}  // namespace ossicle
