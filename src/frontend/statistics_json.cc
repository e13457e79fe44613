#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "core/fp_environment.h"
#include "frontend/invalid.h"
#include "frontend/json.h"
#include "ossicle/stream.h"

namespace ossicle {

namespace {

using internal::Invalid;
using internal::Json;

double NumberOf(const std::string& where, const Json& json) {
  if (!json.is_number()) Invalid(where + "=" + json.dump() + ", but it must be a number");
  return json.get<double>();
}

std::vector<double> NumbersOf(const std::string& where, const Json& json) {
  if (!json.is_array()) Invalid(where + "=" + json.dump() + ", but it must be an array");
  std::vector<double> numbers;
  for (const Json& number : json) numbers.push_back(NumberOf(where, number));
  return numbers;
}

StepStatistics StepOf(const std::string& where, const Json& json) {
  if (!json.is_object()) Invalid(where + "=" + json.dump() + ", but it must be an object");
  StepStatistics step;
  for (const auto& [key, value] : json.items()) {
    const std::string field = where + "." + key;
    if (key == "peak") {
      step.peak = NumberOf(field, value);
    } else if (key == "mean") {
      step.mean = NumbersOf(field, value);
    } else if (key == "deviation") {
      step.deviation = NumbersOf(field, value);
    } else {
      Invalid(where + " has the unknown field \"" + key + "\"");
    }
  }
  return step;
}

void RequireFinite(double x) {
  if (!std::isfinite(x)) Invalid("a number of the statistics is not finite: JSON has no such");
}

}  // namespace

std::string ToJson(const std::vector<StepStatistics>& statistics) {
  const internal::DefaultFpEnvironment environment;
  Json json = Json::array();
  for (const StepStatistics& step : statistics) {
    Json object = Json::object();
    if (step.mean.empty() || step.peak != 0.0) object["peak"] = step.peak;
    if (!step.mean.empty()) object["mean"] = step.mean;
    if (!step.deviation.empty()) object["deviation"] = step.deviation;
    RequireFinite(step.peak);
    for (const double x : step.mean) RequireFinite(x);
    for (const double x : step.deviation) RequireFinite(x);
    json.push_back(object);
  }
  return json.dump();
}

std::vector<StepStatistics> StatisticsFromJson(std::string_view text) {
  const internal::DefaultFpEnvironment environment;  // decimal numbers are rounded
  const Json json = internal::ParseJson(text);
  if (!json.is_array()) Invalid("the JSON of statistics must be an array, an object for each step");
  std::vector<StepStatistics> statistics;
  for (std::size_t i = 0; i < json.size(); ++i) {
    statistics.push_back(StepOf("statistics[" + std::to_string(i) + "]", json[i]));
  }
  return statistics;
}

}  // namespace ossicle
