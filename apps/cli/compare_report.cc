#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <vector>

#include "comparison.h"
#include "report.h"

namespace ossicle::cli {

namespace {

constexpr std::size_t kMostPresets = 5;
constexpr std::ptrdiff_t kMostOtherResamplers = 4;

std::string Padded(std::string text, std::size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text;
}

std::string RightAligned(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

std::string Number(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.3g", value);
  return text;
}

std::string Percent(double share) { return Number(100.0 * share) + " %"; }

std::string Label(const char* label) { return Padded(label, 12); }

std::string SideLine(const char* label, const Side& side) {
  std::string line = Label(label) + side.name;
  if (side.array) {
    line += ": " + std::to_string(side.array->rows) + " x " + std::to_string(side.array->columns);
  }
  return line + "\n";
}

std::string AudioLine(const std::optional<Signal>& audio) {
  if (!audio) return Label("audio") + "a built-in sound of 4 s (--audio takes yours)\n";
  return Label("audio") + AudioText(audio->info.name, audio->DurationSeconds(), audio->info) + "\n";
}

std::string Errors(const ErrorBound& error) {
  return "mean " + Number(error.mean) + ", 99.9 % up to " + Number(error.p999) + ", max " +
         Number(error.max);
}

std::string Row(const std::string& text, std::size_t width, const std::string& mean,
                const std::string& max, const std::string& rest) {
  std::string row = "  " + Padded(text, width) + RightAligned(mean, 10) + RightAligned(max, 10);
  if (!rest.empty()) row += "  " + rest;
  return row + "\n";
}

std::string Ranking(const std::vector<PresetMatch>& ranking) {
  const auto end = std::find_if(ranking.begin(), ranking.end(),
                                [](const PresetMatch& match) { return !match.comparable; });
  const auto shown = std::min<std::ptrdiff_t>(end - ranking.begin(), kMostPresets);
  std::size_t width = 0;
  for (auto match = ranking.begin(); match != ranking.begin() + shown; ++match) {
    width = std::max(width, match->preset.size());
  }
  std::string text;
  for (auto match = ranking.begin(); match != ranking.begin() + shown; ++match) {
    text += Row(match->preset, width, Number(match->error.mean), Number(match->error.max),
                RightAligned(Percent(match->relative_error), 8));
  }
  if (shown == 0) return "nearest presets: none has as many bands\n";
  return Row("nearest presets", width, "mean", "max", RightAligned("relative", 8)).substr(2) + text;
}

/// All that fit as well, and some of the next ones.
std::string Resampling(const std::vector<ResamplerMatch>& matches) {
  if (matches.empty()) return "";
  const auto next = std::find_if(matches.begin(), matches.end(),
                                 [](const ResamplerMatch& match) { return !match.fits_as_well; });
  const auto shown =
      std::min<std::ptrdiff_t>(next - matches.begin() + kMostOtherResamplers, std::ssize(matches));
  std::size_t width = std::string_view("resampled by").size();
  for (std::ptrdiff_t i = 0; i < shown; ++i) {
    width = std::max(width, matches[static_cast<std::size_t>(i)].resampler.size());
  }
  std::string text =
      "\n" + Row("resampled by", width + 2, "mean", "max", RightAligned("relative", 8)).substr(2);
  for (std::ptrdiff_t i = 0; i < shown; ++i) {
    const ResamplerMatch& match = matches[static_cast<std::size_t>(i)];
    std::string rest = RightAligned(Percent(match.relative_error), 8);
    if (i > 0 && match.fits_as_well) rest += "  fits as well";
    const std::int64_t frames = matches.front().frames_expected;
    if (match.frames_expected != frames) {
      rest += "  " + std::to_string(match.frames_expected) + " frames against " +
              std::to_string(frames);
    }
    text += Row(match.resampler, width, Number(match.error.mean), Number(match.error.max), rest);
  }
  return text;
}

std::string Deviating(const Identification& found) {
  std::string text = found.nearest_preset;
  if (found.deviations.empty() && !found.signal_mean_removed) return text + "\n";
  text += ", but\n";
  if (found.signal_mean_removed) {
    text += Label("") + "- the mean of the whole signal was subtracted first: no spec says that\n";
  }
  for (const Deviation& deviation : found.deviations) {
    text += Label("") + "- " + deviation.text + "\n";
  }
  return text;
}

std::string Sureness(const Identification& found) {
  std::string text = "what is left is rounding";
  if (found.certainty == Certainty::kLikely) {
    text = found.dither_suspected
               ? "what is left looks like dither of about " + Number(found.best.dither)
               : "a little is left that no choice explains";
  }
  const char* word = found.certainty == Certainty::kExact ? "certain: " : "likely: ";
  return Label("how sure") + word + text + "\n" + Label("left") + Errors(found.error) + " (" +
         FeatureUnit(found.best) + "), " + Percent(found.relative_error) + " of the spread\n";
}

std::string NothingFits(const Identification& found) {
  std::string text = Label("found") + "nothing fits\n";
  if (found.ranking.empty() || !found.ranking.front().comparable) return text;
  const PresetMatch& nearest = found.ranking.front();
  text += Label("nearest") + nearest.preset + ": " + Errors(nearest.error) + " (" +
          FeatureUnit(Preset(nearest.preset)) + ")\n";
  if (nearest.frames_expected == found.frames) return text;
  return text + Label("") + "it makes " + std::to_string(nearest.frames_expected) +
         " frames of this audio, but the array has " + std::to_string(found.frames) +
         "; is it the same sound?\n";
}

/// `wanted` is what the user compares with, if it is a spec: its differences have a table of their
/// own.
std::string Found(const Identification& found, const std::string& wanted = "") {
  std::string text = Ranking(found.ranking) + "\n";
  if (found.certainty == Certainty::kNone) return text + NothingFits(found);
  const bool listed_below =
      found.nearest_preset == wanted && !found.deviations.empty() && !found.signal_mean_removed;
  text += Label("found") +
          (listed_below ? wanted + ", but for what is listed below\n" : Deviating(found));
  return text + Sureness(found) + Resampling(found.resamplers);
}

std::string Frames(const FeatureChange& change) {
  if (change.bands_found != change.bands_wanted) {
    return std::to_string(change.bands_found) + " values a frame against " +
           std::to_string(change.bands_wanted);
  }
  if (change.frames_found == change.frames_wanted) return "";
  return std::to_string(change.frames_found) + " frames against " +
         std::to_string(change.frames_wanted);
}

std::string ChangeRow(const std::string& text, std::size_t width, const FeatureChange& change,
                      std::string rest) {
  if (rest.empty()) rest = Frames(change);
  if (!change.comparable) return Row(text, width, "-", "-", rest);
  return Row(text, width, Number(change.mean), Number(change.max), rest);
}

std::string EffectRow(const SpecDifference& difference, const DeviationEffect& effect,
                      std::size_t width) {
  std::string rest = Frames(effect.change);
  if (effect.with) {
    const std::string& other = difference.effects[*effect.with].deviation.field;
    rest = "with " + other + (rest.empty() ? "" : ", " + rest);
  } else if (effect.change.frames_wanted == 0) {
    rest = "not possible alone";
  }
  return ChangeRow(effect.deviation.text, width, effect.change, rest);
}

/// The largest change first: what comes last hardly matters. What cannot be measured stands in
/// front.
std::vector<const DeviationEffect*> ByWeight(const SpecDifference& difference) {
  std::vector<const DeviationEffect*> effects;
  for (const DeviationEffect& effect : difference.effects) effects.push_back(&effect);
  const auto weight = [](const DeviationEffect* effect) {
    return effect->change.comparable ? effect->change.mean : HUGE_VAL;
  };
  std::sort(effects.begin(), effects.end(), [&](const auto* left, const auto* right) {
    if (weight(left) != weight(right)) return weight(left) > weight(right);
    return left < right;  // as they come in the spec
  });
  return effects;
}

/// `names`: "MINE against THEIRS".
std::string Differences(const SpecDifference& difference, const std::string& names) {
  if (difference.effects.empty()) return names + ": no difference\n";
  std::size_t width = std::string_view("all together").size();
  for (const DeviationEffect& effect : difference.effects) {
    width = std::max(width, effect.deviation.text.size());
  }
  std::string text = names + ": each difference alone changes the features (" + difference.unit +
                     ") by\n" + Row("", width, "mean", "max", "");
  for (const DeviationEffect* effect : ByWeight(difference)) {
    text += EffectRow(difference, *effect, width);
  }
  return text + ChangeRow("all together", width, difference.together, "");
}

std::string Arrays(const FeatureChange& change) {
  std::string text = Label("arrays");
  if (!change.comparable) return text + "cannot be compared: " + Frames(change) + "\n";
  text += "mean " + Number(change.mean) + ", max " + Number(change.max) + " apart";
  const std::string frames = Frames(change);
  return text + (frames.empty() ? "" : " over the frames that both have: " + frames) + "\n";
}

}  // namespace

std::string CompareReport(const Comparison& comparison, bool spec_is_written) {
  const Side& mine = comparison.mine;
  const Side theirs = comparison.theirs.value_or(Side{});
  std::string text = SideLine("mine", mine);
  if (comparison.theirs) text += SideLine("theirs", theirs);
  text += AudioLine(comparison.audio) + "\n";
  if (mine.identification) text += Found(*mine.identification, theirs.spec.name) + "\n";
  if (theirs.identification) text += theirs.name + "\n" + Found(*theirs.identification) + "\n";
  if (comparison.difference) {
    text += Differences(*comparison.difference, mine.name + " against " + theirs.name) + "\n";
  }
  if (comparison.arrays) text += Arrays(*comparison.arrays);
  if (mine.identification && mine.IsKnown() && !spec_is_written) {
    text += Label("spec") + "-o FILE.json writes what was found, for --frontend FILE.json\n";
  }
  if (text.ends_with("\n\n")) text.pop_back();
  return text;
}

}  // namespace ossicle::cli
