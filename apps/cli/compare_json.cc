#include <nlohmann/json.hpp>

#include "comparison.h"

namespace ossicle::cli {

namespace {

using Json = nlohmann::ordered_json;

Json ToJson(const ErrorBound& error) {
  return {{"mean", error.mean}, {"p999", error.p999}, {"max", error.max}};
}

Json ToJson(const Deviation& deviation) {
  return {{"field", deviation.field},
          {"found", deviation.found},
          {"wanted", deviation.wanted},
          {"text", deviation.text}};
}

Json ToJson(const PresetMatch& match) {
  Json json = {{"preset", match.preset},
               {"comparable", match.comparable},
               {"frames", match.frames_expected}};
  if (!match.comparable) return json;
  json["error"] = ToJson(match.error);
  json["relative_error"] = match.relative_error;
  return json;
}

Json ToJson(const ResamplerMatch& match) {
  return {{"resampler", match.resampler},
          {"frames", match.frames_expected},
          {"error", ToJson(match.error)},
          {"relative_error", match.relative_error},
          {"fits_as_well", match.fits_as_well}};
}

Json ToJson(const Identification& found) {
  Json json = {{"certainty", ToString(found.certainty)}, {"nearest_preset", found.nearest_preset}};
  json["deviations"] = Json::array();
  for (const Deviation& each : found.deviations) json["deviations"].push_back(ToJson(each));
  json["error"] = ToJson(found.error);
  json["relative_error"] = found.relative_error;
  json["explained"] = found.explained;
  json["signal_mean_removed"] = found.signal_mean_removed;
  json["dither_suspected"] = found.dither_suspected;
  json["evaluations"] = found.evaluations;
  json["ranking"] = Json::array();
  for (const PresetMatch& match : found.ranking) json["ranking"].push_back(ToJson(match));
  for (const ResamplerMatch& match : found.resamplers) json["resamplers"].push_back(ToJson(match));
  return json;
}

Json ToJson(const Side& side) {
  Json json = {{"name", side.name}};
  if (side.array) json["shape"] = {side.array->rows, side.array->columns};
  if (side.identification) json["identification"] = ToJson(*side.identification);
  json["spec"] = Json::parse(side.spec.ToJson());
  return json;
}

Json ToJson(const FeatureChange& change) {
  Json json = {{"comparable", change.comparable},
               {"frames", {change.frames_found, change.frames_wanted}},
               {"bands", {change.bands_found, change.bands_wanted}}};
  if (!change.comparable) return json;
  json["mean"] = change.mean;
  json["max"] = change.max;
  return json;
}

Json ToJson(const SpecDifference& difference) {
  Json json = {{"unit", difference.unit}};
  json["deviations"] = Json::array();
  for (const DeviationEffect& effect : difference.effects) {
    Json each = ToJson(effect.deviation);
    if (effect.with) each["with"] = difference.effects[*effect.with].deviation.field;
    each["change"] = ToJson(effect.change);
    json["deviations"].push_back(each);
  }
  json["together"] = ToJson(difference.together);
  return json;
}

}  // namespace

std::string CompareJson(const Comparison& comparison) {
  Json json = {{"mine", ToJson(comparison.mine)}};
  if (comparison.theirs) json["theirs"] = ToJson(*comparison.theirs);
  if (comparison.audio) {
    json["audio"] = {{"name", comparison.audio->info.name},
                     {"sample_rate_hz", comparison.audio->info.sample_rate_hz},
                     {"samples", comparison.audio->samples.size()}};
  }
  if (comparison.difference) json["difference"] = ToJson(*comparison.difference);
  if (comparison.arrays) json["arrays"] = ToJson(*comparison.arrays);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ossicle::cli
