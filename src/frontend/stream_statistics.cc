#include "frontend/stream_statistics.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <variant>
#include <vector>

#include "core/fp_environment.h"
#include "frontend/compile.h"
#include "frontend/invalid.h"
#include "frontend/json.h"
#include "frontend/spec_fields.h"

namespace ossicle {

namespace {

using internal::Invalid;

constexpr const char* kModes =
    "\"exact\" (nothing comes before the end), \"running\" (of the frames until now), "
    "\"segment:SECONDS\" (of each segment, when it is whole), or frozen numbers";

/// As it reads in messages: steps[2] (standardize).
std::string NameOf(const FrontendSpec& spec, std::size_t step) {
  const std::string_view name = std::visit(
      [](const auto& s) { return kStepName<std::decay_t<decltype(s)>>; }, spec.steps[step]);
  return "steps[" + std::to_string(step) + "] (" + std::string(name) + ")";
}

/// Of the steps that look at the whole signal.
std::vector<std::size_t> Places(const FrontendSpec& spec) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < spec.steps.size(); ++i) {
    if (internal::LooksAtWholeSignal(spec.steps[i])) places.push_back(i);
  }
  return places;
}

std::string NamesOfSteps(const FrontendSpec& spec) {
  std::string names;
  for (const std::size_t place : Places(spec)) {
    names += (names.empty() ? "" : ", ") + NameOf(spec, place);
  }
  return names;
}

void RequireCount(const std::string& step, const char* what, const std::vector<double>& numbers,
                  int count) {
  if (std::ssize(numbers) != count) {
    Invalid("frozen statistics: " + step + " has " + std::to_string(numbers.size()) +
            " numbers in " + what + ", but it takes " + std::to_string(count));
  }
  for (const double x : numbers) {
    if (!std::isfinite(x)) Invalid("frozen statistics: a number of " + step + " is not finite");
  }
}

void CheckFrozen(const FrontendSpec& spec, const std::vector<StepStatistics>& frozen) {
  const std::vector<std::size_t> places = Places(spec);
  if (frozen.size() != places.size()) {
    Invalid("frozen statistics of " + std::to_string(frozen.size()) + " steps, but " +
            std::to_string(places.size()) + " of \"" + spec.name +
            "\" look at the whole signal: " + NamesOfSteps(spec));
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Step& step = spec.steps[places[i]];
    const std::string name = NameOf(spec, places[i]);
    const bool has_deviation = std::holds_alternative<Standardize>(step);
    const bool has_mean = has_deviation || std::holds_alternative<SubtractMean>(step);
    RequireCount(name, "peak", {frozen[i].peak}, 1);
    RequireCount(name, "mean", frozen[i].mean, has_mean ? spec.bands() : 0);
    RequireCount(name, "deviation", frozen[i].deviation, has_deviation ? spec.bands() : 0);
    for (const double x : frozen[i].deviation) {
      if (x < 0.0) Invalid("frozen statistics: a deviation of " + name + " is negative");
    }
  }
}

bool IsSegment(double seconds) { return seconds > 0.0 && seconds <= kMaxSegmentSeconds; }

void CheckSegment(double seconds) {
  if (IsSegment(seconds)) return;
  Invalid("segment_s=" + std::to_string(seconds) + ", but it must be above 0 and at most " +
          std::to_string(kMaxSegmentSeconds) + " seconds");
}

}  // namespace

bool NeedsStatistics(const FrontendSpec& spec) { return !Places(spec).empty(); }

StreamStatistics StreamStatistics::Parse(std::string_view text) {
  StreamStatistics statistics;
  if (text == "exact") return statistics;
  if (text == "running") {
    statistics.mode = StatisticsMode::kRunning;
    return statistics;
  }
  constexpr std::string_view kSegment = "segment:";
  if (text.starts_with(kSegment)) {
    statistics.mode = StatisticsMode::kSegment;
    const internal::DefaultFpEnvironment environment;  // decimal numbers are rounded
    const auto seconds = internal::Json::parse(text.substr(kSegment.size()), nullptr, false);
    if (seconds.is_number()) statistics.segment_s = seconds.get<double>();
    if (seconds.is_number() && IsSegment(statistics.segment_s)) return statistics;
  }
  Invalid("statistics=\"" + std::string(text) + "\", but it must be " + kModes +
          "; a segment has more than 0 and at most " + std::to_string(kMaxSegmentSeconds) +
          " seconds");
}

namespace internal {

void CheckStatistics(const FrontendSpec& spec, const std::optional<StreamStatistics>& statistics) {
  if (!statistics) {
    if (!NeedsStatistics(spec)) return;
    Invalid("\"" + spec.name + "\" looks at the whole signal in " + NamesOfSteps(spec) +
            ", so a stream needs a mode of statistics: " + kModes);
  }
  if (statistics->mode == StatisticsMode::kSegment) CheckSegment(statistics->segment_s);
  if (statistics->mode == StatisticsMode::kFrozen) CheckFrozen(spec, statistics->frozen);
}

std::int64_t SegmentFrames(const FrontendSpec& spec, double segment_s) {
  const double frames = std::round(segment_s * spec.sample_rate_hz / spec.hop_samples);
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(frames));
}

}  // namespace internal

}  // namespace ossicle
