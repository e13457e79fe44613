#include "compare/resamplers.h"

#include <algorithm>
#include <string>

#include "ossicle/resampler.h"

namespace ossicle::compare {

namespace {

/// So much more than the least that is left is as little: as a factor, and its score in ln.
constexpr double kAsWell = 1.05;
constexpr double kAsWellScore = 0.05;
constexpr double kNothing = 1e-8;

struct Candidate {
  ResamplerMatch match;
  double score = Evaluator::kNoFit;
  bool all_frames = false;
};

Candidate Try(Evaluator& evaluator, FrontendSpec spec, const std::string& resampler) {
  spec.resampler = resampler;
  const Evaluator::Distance distance = evaluator.From(spec);
  Candidate candidate;
  candidate.match = {resampler, distance.error, distance.relative, evaluator.Frames(spec), false};
  candidate.score = distance.score;
  candidate.all_frames = candidate.match.frames_expected == evaluator.target().frames;
  return candidate;
}

bool IsNearer(const Candidate& a, const Candidate& b) {
  if (a.all_frames != b.all_frames) return a.all_frames;
  return a.match.relative_error < b.match.relative_error;
}

bool FitsAsWell(const Candidate& one, const Candidate& best) {
  return one.all_frames == best.all_frames && one.score <= best.score + kAsWellScore &&
         one.match.relative_error <= best.match.relative_error * kAsWell + kNothing;
}

}  // namespace

std::vector<ResamplerMatch> RankResamplers(Evaluator& evaluator, const FrontendSpec& spec,
                                           const FrontendSpec& preset) {
  if (!evaluator.sound().IsResampledFor(spec)) return {};
  std::vector<Candidate> all = {Try(evaluator, spec, preset.resampler)};
  for (const ResamplerInfo& info : Resamplers()) {
    if (info.name != preset.resampler) all.push_back(Try(evaluator, spec, info.name));
  }
  const Candidate best = *std::min_element(all.begin(), all.end(), IsNearer);
  for (Candidate& one : all) one.match.fits_as_well = FitsAsWell(one, best);
  std::stable_sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) {
    if (a.match.fits_as_well != b.match.fits_as_well) return a.match.fits_as_well;
    return !a.match.fits_as_well && IsNearer(a, b);
  });
  std::vector<ResamplerMatch> matches;
  for (const Candidate& one : all) matches.push_back(one.match);
  return matches;
}

}  // namespace ossicle::compare
