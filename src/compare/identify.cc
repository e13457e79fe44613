#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compare/dither.h"
#include "compare/edges.h"
#include "compare/evaluator.h"
#include "compare/late.h"
#include "compare/rank.h"
#include "compare/render.h"
#include "compare/resamplers.h"
#include "compare/search.h"
#include "compare/simplify.h"
#include "compare/starts.h"
#include "ossicle/compare.h"
#include "ossicle/error.h"

namespace ossicle {

namespace compare {

namespace {

/// Renderings of so many presets, those with the fewest deviations, are computed and simplified.
constexpr std::size_t kRendered = 4;
/// ln of residuals, and their root mean square: within these of what rounding leaves.
constexpr double kRoundingScore = 1.5;
constexpr double kRoundingFactor = 5.0;
constexpr double kExactRelative = 3e-5;
/// Explained variance that still counts as a find.
constexpr double kLikelyRelative = 0.1;

/// A score of frames in the middle that leaves nothing to find; and what it must gain from a signal
/// without its mean.
constexpr double kInnerExact = -14.0;
constexpr double kNearlyExact = -9.0;
constexpr double kMeanGain = 0.5;

/// One orientation of the matrix and what was found for it.
class Identifier {
 public:
  Identifier(const Target& target, Sound& sound, const std::vector<std::string>& presets,
             const IdentifyOptions& options)
      : target_(target),
        options_(options),
        evaluator_(target, sound, options.most_evaluations, options.progress),
        presets_(presets) {}

  /// How well the best start fits.
  double Begin() {
    starts_ = Starts(evaluator_, presets_);
    if (target_.IsLinear() && starts_.front().score > kNearlyExact) {
      evaluator_.Use(logged_.emplace(LoggedTarget(target_)));
      starts_ = Starts(evaluator_, presets_);
    }
    return starts_.front().score;
  }

  Identification Run() {
    std::vector<Scored> found = SearchInner(evaluator_, starts_);
    if (found.front().score > kInnerExact) TryWithoutMean(found);
    Trial trial = SimplifiedInside(evaluator_, found.front().trial);
    if (logged_) {
      const bool exact = found.front().score < kNearlyExact;
      trial.spec.log = Log::kNone;
      evaluator_.Use(target_);
      if (!exact) trial = WithOffset(trial);
    }
    const FrontendSpec edged = FindEdges(evaluator_, trial);
    const LateFit late = FitLate(evaluator_, edged);
    Describe(edged, late);
    result_.frames = target_.frames;
    result_.ranking = Rank(evaluator_, presets_);
    if (result_.certainty == Certainty::kNone) {
      DescribeFromNearest();
    } else {
      ChooseResampler();
    }
    result_.evaluations = evaluator_.evaluations();
    return result_;
  }

 private:
  /// Energies to which something was added have no logarithm of use: the search as they are.
  Trial WithOffset(const Trial& trial) {
    starts_ = Starts(evaluator_, presets_);
    starts_.push_back({trial, evaluator_.Inner(trial)});
    std::stable_sort(starts_.begin(), starts_.end(),
                     [](const Scored& a, const Scored& b) { return a.score < b.score; });
    return SearchInner(evaluator_, starts_).front().trial;
  }

  /// Searches again from what was found, with a signal whose mean was subtracted.
  void TryWithoutMean(std::vector<Scored>& found) {
    Sound centered = evaluator_.sound().WithoutMean();
    Evaluator other(evaluator_.target(), centered, options_.most_evaluations / 3,
                    options_.progress);
    std::vector<Scored> starts;
    for (std::size_t i = 0; i < std::min<std::size_t>(2, found.size()); ++i) {
      starts.push_back({found[i].trial, other.Inner(found[i].trial)});
    }
    const std::vector<Scored> better = SearchInner(other, starts);
    const double with_mean = evaluator_.Inner(better.front().trial);
    if (with_mean < found.front().score) found = {{better.front().trial, with_mean}};
    if (better.front().score > found.front().score - kMeanGain) return;
    result_.signal_mean_removed = true;
    centered_.emplace(std::move(centered));
    evaluator_.Use(*centered_);
    found = better;
  }

  void Describe(const FrontendSpec& edged, const LateFit& late) {
    std::vector<Rendered> all;
    for (const std::string& name : presets_) {
      all.push_back(
          Render(edged, late, Preset(name), target_, evaluator_.sound().sample_rate_hz()));
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const Rendered& a, const Rendered& b) { return a.cost < b.cost; });
    if (all.size() > kRendered) all.resize(kRendered);
    std::optional<Evaluator::Distance> best;
    for (const Rendered& rendered : all) {
      const FrontendSpec preset = Preset(rendered.spec.name);
      const FrontendSpec spec = Simplified(evaluator_, rendered.spec, preset);
      const Evaluator::Distance distance = evaluator_.From(spec);
      const std::vector<Deviation> deviations = Deviations(spec, preset);
      const bool better =
          !best || distance.score < best->score - 0.5 ||
          (distance.score < best->score + 0.5 && deviations.size() < result_.deviations.size());
      if (!better) continue;
      best = distance;
      Take(spec, preset.name, deviations);
    }
    if (best) Judge(*best);
    if (result_.certainty != Certainty::kExact) TryDither();
    if (result_.signal_mean_removed) result_.best.name = result_.nearest_preset + "?";
  }

  /// The numbers were found beside one of those that come near; with all known, the right one is
  /// left.
  void ChooseResampler() {
    const FrontendSpec preset = Preset(result_.nearest_preset);
    result_.resamplers = RankResamplers(evaluator_, result_.best, preset);
    if (result_.resamplers.empty()) return;
    FrontendSpec best = result_.best;
    const std::string found = best.resampler;
    best.resampler = result_.resamplers.front().resampler;
    if (best.resampler == found) return;
    Take(best, preset.name, Deviations(best, preset));
    if (result_.signal_mean_removed) result_.best.name = result_.nearest_preset + "?";
    Judge(evaluator_.From(best));
  }

  /// What fits nothing is described from the preset whose features are nearest; where that explains
  /// less than half of the variance, it is that preset.
  void DescribeFromNearest() {
    const PresetMatch& nearest = result_.ranking.front();
    if (!nearest.comparable) return;
    const FrontendSpec preset = Preset(nearest.preset);
    FrontendSpec best = result_.best;
    // What was found by chance is worth no more than what somebody uses.
    constexpr double kHalf = 0.7;
    if (std::min(nearest.relative_error, kHalf) <= result_.relative_error) {
      best = preset;
      best.layout = target_.layout;
    }
    best = WithUnheardOf(best, preset, evaluator_.sound().sample_rate_hz());
    Take(best, nearest.preset, Deviations(best, preset));
    Judge(evaluator_.From(best));
  }

  /// Whether what is left is as large, for quiet and for loud values, as what noise in the samples
  /// would do.
  void TryDither() {
    const FrontendSpec preset = Preset(result_.nearest_preset);
    // Noise looks like an added floor, so that comes last.
    FrontendSpec spec = result_.best;
    spec.log_floor_rule = preset.log_floor_rule;
    spec.log_floor = preset.log_floor;
    spec.spectrum_epsilon = preset.spectrum_epsilon;
    std::optional<double> dither = FindDither(evaluator_, spec);
    if (!dither) {
      spec = result_.best;
      dither = FindDither(evaluator_, spec);
    }
    if (!dither) return;
    spec.dither = *dither;
    Take(spec, preset.name, Deviations(spec, preset));
    result_.dither_suspected = true;
    Judge(evaluator_.From(spec));
  }

  void Take(const FrontendSpec& spec, const std::string& preset,
            const std::vector<Deviation>& deviations) {
    result_.best = spec;
    result_.best.name = preset + (deviations.empty() ? "" : "?");
    result_.nearest_preset = preset;
    result_.deviations = deviations;
  }

  void Judge(const Evaluator::Distance& distance) {
    result_.error = distance.error;
    result_.relative_error = distance.relative;
    result_.explained = std::max(0.0, 1.0 - distance.relative * distance.relative);
    const bool all_frames = evaluator_.Frames(result_.best) == target_.frames;
    if (distance.relative > kLikelyRelative) {
      result_.certainty = Certainty::kNone;
    } else if (all_frames && IsRounding(distance)) {
      result_.certainty = Certainty::kExact;
    } else {
      result_.certainty = Certainty::kLikely;
    }
  }

  bool IsRounding(const Evaluator::Distance& distance) {
    if (distance.relative < kExactRelative) return true;
    const Evaluator::Distance rounding = evaluator_.RoundingOf(result_.best);
    return distance.score < rounding.score + kRoundingScore &&
           distance.relative < rounding.relative * kRoundingFactor;
  }

  const Target& target_;
  IdentifyOptions options_;
  Evaluator evaluator_;
  std::optional<Target> logged_;
  std::optional<Sound> centered_;
  const std::vector<std::string>& presets_;
  std::vector<Scored> starts_;
  Identification result_;
};

std::vector<std::string> NamesOf(const IdentifyOptions& options) {
  std::vector<std::string> names;
  for (const std::string& name : options.presets) names.push_back(Preset(name).name);
  if (!names.empty()) return names;
  for (const PresetInfo& info : Presets()) names.push_back(info.name);
  return names;
}

/// How likely it is that a matrix lies like this: as presets have their bands, as some front end
/// could have them, or not at all.
enum class Plausible { kUsual, kPossible, kNot };

Plausible PlausibilityOf(const Target& target, Sound& sound,
                         const std::vector<std::string>& presets) {
  const double seconds = static_cast<double>(sound.samples()) / sound.sample_rate_hz();
  const double hop_seconds = seconds / static_cast<double>(target.frames);
  if (target.bands > 1024 || target.frames < 8 || hop_seconds > 0.5) return Plausible::kNot;
  const bool usual = std::any_of(presets.begin(), presets.end(), [&](const std::string& name) {
    return Preset(name).bands() == target.bands;
  });
  return usual && hop_seconds < 0.05 ? Plausible::kUsual : Plausible::kPossible;
}

std::vector<Target> PlausibleTargets(const UnknownFeatures& features, Sound& sound,
                                     const std::vector<std::string>& presets) {
  std::vector<Target> usual, possible;
  for (const Layout layout : {Layout::kFramesFirst, Layout::kBandsFirst}) {
    Target target = MakeTarget(features, layout);
    const Plausible plausible = PlausibilityOf(target, sound, presets);
    if (plausible == Plausible::kNot) continue;
    (plausible == Plausible::kUsual ? usual : possible).push_back(std::move(target));
  }
  return usual.empty() ? possible : usual;
}

[[noreturn]] void NoLayoutFits(const UnknownFeatures& features, double seconds) {
  throw Error(Code::kShape,
              "the features are " + std::to_string(features.rows) + " x " +
                  std::to_string(features.columns) + " and the audio lasts " +
                  std::to_string(seconds) +
                  " s, but one side must be 1..1024 bands and the other at least 8 frames, no more "
                  "than half a second apart; pass the whole audio of these features");
}

}  // namespace

}  // namespace compare

FrontendSpec WithUnheardOf(FrontendSpec found, const FrontendSpec& other, int sample_rate_hz) {
  found.min_samples = other.min_samples;
  found.dither_seed = other.dither_seed;
  found.downmix = other.downmix;
  if (found.sample_rate_hz == sample_rate_hz) found.resampler = other.resampler;
  return found;
}

Identification IdentifyFrontend(const UnknownFeatures& features, std::span<const float> audio,
                                int sample_rate_hz, const IdentifyOptions& options) {
  if (options.most_evaluations < 100 || options.most_evaluations > 1000000) {
    throw Error(Code::kInvalidSpec, "most_evaluations=" + std::to_string(options.most_evaluations) +
                                        ", but it must be 100..1000000");
  }
  compare::CheckFeatures(features);
  compare::Sound sound(audio, sample_rate_hz);
  const std::vector<std::string> presets = compare::NamesOf(options);
  const std::vector<compare::Target> targets = compare::PlausibleTargets(features, sound, presets);
  if (targets.empty()) {
    compare::NoLayoutFits(features, static_cast<double>(audio.size()) / sample_rate_hz);
  }
  std::vector<std::unique_ptr<compare::Identifier>> all;
  std::vector<double> scores;
  for (const compare::Target& target : targets) {
    all.push_back(std::make_unique<compare::Identifier>(target, sound, presets, options));
    scores.push_back(all.back()->Begin());
  }
  const auto best = std::min_element(scores.begin(), scores.end()) - scores.begin();
  return all[static_cast<std::size_t>(best)]->Run();
}

std::string ToString(Certainty certainty) {
  constexpr std::array kNames = {"exact", "likely", "none"};
  return kNames.at(static_cast<std::size_t>(certainty));
}

}  // namespace ossicle
