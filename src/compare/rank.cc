#include "compare/rank.h"

#include <algorithm>
#include <limits>

namespace ossicle::compare {

std::vector<PresetMatch> Rank(Evaluator& evaluator, const std::vector<std::string>& presets) {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  std::vector<PresetMatch> ranking;
  for (const std::string& name : presets) {
    const FrontendSpec spec = Preset(name);
    PresetMatch match;
    match.preset = name;
    match.frames_expected = evaluator.Frames(spec);
    const Evaluator::Distance distance = evaluator.From(spec);
    match.comparable = distance.relative < Evaluator::kNoFit;
    match.error = match.comparable ? distance.error : ErrorBound{kInfinite, kInfinite, kInfinite};
    match.relative_error = match.comparable ? distance.relative : kInfinite;
    ranking.push_back(match);
  }
  std::stable_sort(ranking.begin(), ranking.end(), [](const PresetMatch& a, const PresetMatch& b) {
    return a.relative_error < b.relative_error;
  });
  return ranking;
}

}  // namespace ossicle::compare
