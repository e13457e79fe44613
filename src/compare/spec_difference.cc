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

/// Features and where each of them lies.
struct Matrix {
  std::vector<double> values;
  FeatureView<const double> view;
};

bool IsLegal(const FrontendSpec& spec) {
  try {
    spec.Validate();
  } catch (const Error&) {
    return false;
  }
  return true;
}

FeatureChange ChangeBetween(const FeatureView<const double>& found,
                            const FeatureView<const double>& wanted) {
  FeatureChange change{found.frames, wanted.frames, found.bands, wanted.bands, false, 0.0, 0.0};
  const std::int64_t frames = std::min(found.frames, wanted.frames);
  if (frames == 0 || found.bands != wanted.bands) return change;
  change.comparable = true;
  for (std::int64_t frame = 0; frame < frames; ++frame) {
    for (int band = 0; band < found.bands; ++band) {
      const double difference = std::abs(found.at(frame, band) - wanted.at(frame, band));
      change.mean += difference;
      change.max = std::max(change.max, difference);
    }
  }
  change.mean /= static_cast<double>(frames) * found.bands;
  return change;
}

Matrix MatrixOf(FrontendSpec spec, compare::Sound& sound) {
  spec.layout = Layout::kFramesFirst;
  const Frontend frontend(spec);
  const std::span<const float> audio = sound.For(spec);
  Matrix matrix{frontend.Run<double>(audio), {}};
  matrix.view = MakeView<const double>(matrix.values.data(),
                                       frontend.Frames(static_cast<std::int64_t>(audio.size())),
                                       frontend.bands(), Layout::kFramesFirst);
  return matrix;
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

/// An array whose rows, or else whose columns, are the frames.
FeatureView<const double> ViewOf(const UnknownFeatures& array, bool frames_first) {
  const std::int64_t frames = frames_first ? array.rows : array.columns;
  const std::int64_t bands = frames_first ? array.columns : array.rows;
  return MakeView(array.values.data(), frames, static_cast<int>(bands),
                  frames_first ? Layout::kFramesFirst : Layout::kBandsFirst);
}

}  // namespace

Features<float> FeaturesOf(const FrontendSpec& spec, std::span<const float> audio,
                           int sample_rate_hz) {
  compare::Sound sound(audio, sample_rate_hz);
  const Frontend frontend(spec);
  const std::vector<float> values = frontend.Run(sound.For(spec));
  const std::int64_t frames = static_cast<std::int64_t>(values.size()) / frontend.bands();
  const FeatureView<const float> view =
      MakeView(values.data(), frames, frontend.bands(), spec.layout);
  Features<float> features(frontend.bands(), spec.layout);
  for (std::int64_t frame = 0; frame < frames; ++frame) {
    const FeatureView<float> row = features.Append(1);
    for (int band = 0; band < frontend.bands(); ++band) row.at(0, band) = view.at(frame, band);
  }
  return features;
}

FeatureChange CompareArrays(const UnknownFeatures& found, const UnknownFeatures& wanted) {
  FeatureChange change;
  for (const auto& [found_rows, wanted_rows] :
       {std::pair{true, true}, {false, false}, {true, false}, {false, true}}) {
    change = ChangeBetween(ViewOf(found, found_rows), ViewOf(wanted, wanted_rows));
    if (change.comparable) return change;
  }
  return change;
}

SpecDifference CompareSpecs(const FrontendSpec& found, const FrontendSpec& wanted,
                            std::span<const float> audio, int sample_rate_hz) {
  compare::Sound sound(audio, sample_rate_hz);
  const Matrix reference = MatrixOf(wanted, sound);
  SpecDifference difference;
  difference.unit = FeatureUnit(wanted);
  difference.together = ChangeBetween(MatrixOf(found, sound).view, reference.view);
  const std::vector<compare::SpecChange> changes = compare::SpecChanges(found, wanted);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    FrontendSpec both;
    const auto [spec, with] = LegalSpec(changes, i, found, both);
    DeviationEffect effect{changes[i].deviation, {}, with};
    if (spec != nullptr) effect.change = ChangeBetween(MatrixOf(*spec, sound).view, reference.view);
    difference.effects.push_back(std::move(effect));
  }
  return difference;
}

}  // namespace ossicle
