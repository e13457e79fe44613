#include "report.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace ossicle::cli {

namespace {

using Json = nlohmann::ordered_json;

template <class... Values>
std::string Format(const char* format, Values... values) {
  char text[256];
  std::snprintf(text, sizeof(text), format, values...);
  return text;
}

std::string Time(double seconds) {
  if (seconds < 1e-3) return Format("%.3f ms", seconds * 1e3);
  if (seconds < 1.0) return Format("%.2f ms", seconds * 1e3);
  return Format("%.2f s", seconds);
}

double Total(const StageSeconds& seconds) {
  return seconds.decode + seconds.resample + seconds.features + seconds.encoder + seconds.write -
         seconds.overlap;
}

std::string TimesRealTime(double duration_s, double spent_s) {
  return Format("%.0f times real time", duration_s / std::max(spent_s, 1e-9));
}

std::string Shape(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t size : shape) text += (text.empty() ? "" : ", ") + std::to_string(size);
  return "(" + text + ")";
}

std::string Stages(const StageSeconds& seconds, const std::string& kind) {
  const std::string text =
      "decode " + Time(seconds.decode) + ", resample " + Time(seconds.resample);
  if (kind == "samples") return text + ", write " + Time(seconds.write);
  const std::string features = ", features " + Time(seconds.features);
  if (kind != "embeddings") return text + features;
  return text + features + ", encoder " + Time(seconds.encoder);
}

std::string ArtifactLine(const Artifact& artifact) {
  std::string line = artifact.kind;
  line.resize(12, ' ');
  line += artifact.path == "-" ? "standard output" : artifact.path;
  if (!artifact.shape.empty()) line += ": " + Shape(artifact.shape) + " " + artifact.type;
  return line + ", " + artifact.made_by + "\n";
}

std::string TimeLine(const Outcome& outcome) {
  return "time        " + Stages(outcome.seconds, outcome.artifact.kind) + ": " +
         TimesRealTime(outcome.duration_s, Total(outcome.seconds)) + "\n";
}

/// Empty unless samples were clipped.
std::string ClippedLine(std::int64_t clipped) {
  if (clipped == 0) return "";
  return "clipped     " + std::to_string(clipped) + (clipped == 1 ? " sample" : " samples") +
         " beyond full scale; --encoding float32 keeps them as they are\n";
}

/// Empty unless the model gave such.
std::string NotFiniteLine(std::int64_t not_finite) {
  if (not_finite == 0) return "";
  return "not finite  " + std::to_string(not_finite) +
         (not_finite == 1 ? " embedding" : " embeddings") +
         " with a NaN or an infinity; --fail-on-nan makes that an error\n";
}

std::string SummaryOfOne(const Outcome& outcome) {
  if (outcome.state != Outcome::State::kDone) return "";
  return "input       " + AudioText(outcome.input, outcome.duration_s, outcome.audio) + "\n" +
         ArtifactLine(outcome.artifact) +
         ClippedLine(outcome.rate_change ? outcome.rate_change->clipped : 0) +
         NotFiniteLine(outcome.not_finite) +
         // A live stream takes as long as its audio.
         (outcome.live
              ? LookaheadText(outcome.live->lookahead_samples, outcome.audio.sample_rate_hz) + "\n"
              : TimeLine(outcome));
}

std::int64_t Count(const std::vector<Outcome>& outcomes, Outcome::State state) {
  return std::count_if(outcomes.begin(), outcomes.end(),
                       [state](const Outcome& outcome) { return outcome.state == state; });
}

std::string SummaryOfMany(const std::vector<Outcome>& outcomes) {
  double duration_s = 0.0;
  StageSeconds seconds;
  std::string kind;
  std::int64_t clipped = 0;
  std::int64_t not_finite = 0;
  for (const Outcome& outcome : outcomes) {
    if (outcome.state == Outcome::State::kDone) kind = outcome.artifact.kind;
    if (outcome.rate_change) clipped += outcome.rate_change->clipped;
    not_finite += outcome.not_finite;
    duration_s += outcome.duration_s;
    seconds.decode += outcome.seconds.decode;
    seconds.resample += outcome.seconds.resample;
    seconds.features += outcome.seconds.features;
    seconds.encoder += outcome.seconds.encoder;
    seconds.write += outcome.seconds.write;
    seconds.overlap += outcome.seconds.overlap;
  }
  std::string text = std::to_string(Count(outcomes, Outcome::State::kDone)) + " done";
  if (const auto kept = Count(outcomes, Outcome::State::kKept)) {
    text += ", " + std::to_string(kept) + " kept as they were (--overwrite replaces them)";
  }
  if (const auto failed = Count(outcomes, Outcome::State::kFailed)) {
    text += ", " + std::to_string(failed) + " failed";
  }
  if (const auto skipped = Count(outcomes, Outcome::State::kSkipped)) {
    text += ", " + std::to_string(skipped) + " not done";
  }
  if (duration_s == 0.0) return text + "\n";
  return text + Format(": %.2f s of audio\n", duration_s) + ClippedLine(clipped) +
         NotFiniteLine(not_finite) + "time of one core: " + Stages(seconds, kind) + ": " +
         TimesRealTime(duration_s, Total(seconds)) + "\n";
}

const char* StateName(Outcome::State state) {
  switch (state) {
    case Outcome::State::kDone:
      return "done";
    case Outcome::State::kKept:
      return "kept";
    case Outcome::State::kFailed:
      return "failed";
    case Outcome::State::kSkipped:
      break;
  }
  return "skipped";
}

Json SecondsJson(const Outcome& outcome) {
  const StageSeconds& seconds = outcome.seconds;
  Json json = {{"decode", seconds.decode}, {"resample", seconds.resample}};
  if (outcome.rate_change) {
    json["write"] = seconds.write;
  } else {
    json["features"] = seconds.features;
    json["encoder"] = seconds.encoder;
    if (outcome.artifact.kind == "embeddings") json["overlap"] = seconds.overlap;
  }
  return json;
}

void AddRateChange(const RateChange& change, Json& json) {
  json["resampler"] = change.resampler.empty() ? Json() : Json(change.resampler);
  json["output_sample_rate_hz"] = change.output_rate_hz;
  json["samples_in"] = change.samples_in;
  json["samples_out"] = change.samples_out;
  json["clipped"] = change.clipped;
}

void AddLiveReport(const LiveReport& live, int sample_rate_hz, Json& json) {
  json["interrupted"] = live.was_interrupted;
  json["lookahead_samples"] = live.lookahead_samples;
  json["lookahead_ms"] = Milliseconds(live.lookahead_samples, sample_rate_hz);
}

Json ToJson(const Outcome& outcome) {
  Json json;
  json["input"] = outcome.input;
  json["state"] = StateName(outcome.state);
  if (!outcome.artifact.path.empty()) json["output"] = outcome.artifact.path;
  if (outcome.state == Outcome::State::kFailed) {
    json["error"] = outcome.error;
    json["exit_code"] = static_cast<int>(outcome.exit_code);
  }
  if (outcome.state != Outcome::State::kDone) return json;
  json["kind"] = outcome.artifact.kind;
  if (!outcome.artifact.shape.empty()) {
    json["shape"] = outcome.artifact.shape;
    json["type"] = outcome.artifact.type;
  }
  json["duration_s"] = outcome.duration_s;
  json["sample_rate_hz"] = outcome.audio.sample_rate_hz;
  if (!outcome.audio.resampler.empty()) json["resampler"] = outcome.audio.resampler;
  json["channels"] = outcome.audio.channels;
  json["format"] = outcome.audio.format;
  if (outcome.rate_change) AddRateChange(*outcome.rate_change, json);
  if (outcome.artifact.kind == "embeddings") json["not_finite"] = outcome.not_finite;
  if (outcome.live) {
    AddLiveReport(*outcome.live, outcome.audio.sample_rate_hz, json);
  } else {
    json["seconds"] = SecondsJson(outcome);
  }
  return json;
}

}  // namespace

double Milliseconds(std::int64_t samples, int sample_rate_hz) {
  return 1e3 * static_cast<double>(samples) / sample_rate_hz;
}

std::string LookaheadText(std::int64_t samples, int sample_rate_hz) {
  return "look-ahead  " + Format("%.2f ms: ", Milliseconds(samples, sample_rate_hz)) +
         std::to_string(samples) + " samples at " + std::to_string(sample_rate_hz) + " Hz";
}

std::string AudioText(const std::string& input, double duration_s, const AudioInfo& audio) {
  const std::string name = input == "-" ? "standard input" : input;
  return name + ": " + Format("%.2f s, ", duration_s) + std::to_string(audio.sample_rate_hz) +
         " Hz, " + std::to_string(audio.channels) +
         (audio.channels == 1 ? " channel, " : " channels, ") + audio.format;
}

std::string Summary(const std::vector<Outcome>& outcomes) {
  return outcomes.size() == 1 ? SummaryOfOne(outcomes.front()) : SummaryOfMany(outcomes);
}

std::string JsonSummary(const std::vector<Outcome>& outcomes) {
  Json json;
  for (const auto state : {Outcome::State::kDone, Outcome::State::kKept, Outcome::State::kFailed,
                           Outcome::State::kSkipped}) {
    json[StateName(state)] = Count(outcomes, state);
  }
  json["inputs"] = Json::array();
  for (const Outcome& outcome : outcomes) json["inputs"].push_back(ToJson(outcome));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ossicle::cli
