#include "bench_report.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace ossicle::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string StageText(const std::vector<StageShare>& stages) {
  std::string text;
  for (const StageShare& stage : stages) {
    char share[32];
    std::snprintf(share, sizeof(share), " %.0f %%", stage.share * 100.0);
    text += (text.empty() ? "  " : ", ") + stage.name + share;
  }
  return text;
}

std::string MachineLine(const Machine& machine) {
  return machine.cpu + ", " + std::to_string(machine.cores) +
         (machine.cores == 1 ? " core, " : " cores, ") + machine.instruction_set + "; " +
         machine.compiler + ", " + machine.build_type + "; ossicle " + machine.version + " (git " +
         machine.git_hash + ")\n";
}

std::string Row(const BenchResult& result, std::size_t name_width) {
  char text[128];
  std::snprintf(text, sizeof(text), "  %-9s  %-15s  %7d  %8.3f  %15.0f  %5.2f",
                result.precision.c_str(), result.instruction_set.c_str(), result.workers,
                result.us_per_frame, result.times_real_time, result.gb_per_s);
  std::string name = result.frontend;
  name.resize(std::max(name_width, name.size()), ' ');
  return name + text + StageText(result.stages) + "\n";
}

std::string Row(const ModelBenchResult& result) {
  char text[160];
  std::snprintf(text, sizeof(text),
                "  %7lld  %7d  %10.3f  %9.1f  features %.3f ms, encoder %.3f ms\n",
                static_cast<long long>(result.windows), result.workers, result.ms_per_request,
                result.windows_per_second, result.features_ms, result.encoder_ms);
  return result.model + " on " + result.frontend + text;
}

Json ToJson(const BenchResult& result) {
  Json json;
  json["frontend"] = result.frontend;
  json["precision"] = result.precision;
  json["instruction_set"] = result.instruction_set;
  json["workers"] = result.workers;
  json["us_per_frame"] = result.us_per_frame;
  json["times_real_time"] = result.times_real_time;
  json["gb_per_s"] = result.gb_per_s;
  json["audio_s"] = result.audio_s;
  json["frames"] = result.frames;
  json["repetitions"] = result.repetitions;
  json["stages"] = Json::array();
  for (const StageShare& stage : result.stages) {
    json["stages"].push_back({{"name", stage.name}, {"share", stage.share}});
  }
  return json;
}

Json ToJson(const ModelBenchResult& result) {
  Json json;
  json["model"] = result.model;
  json["frontend"] = result.frontend;
  json["windows"] = result.windows;
  json["workers"] = result.workers;
  json["ms_per_request"] = result.ms_per_request;
  json["windows_per_second"] = result.windows_per_second;
  json["audio_s"] = result.audio_s;
  json["repetitions"] = result.repetitions;
  json["stages"] = {{{"name", "features"}, {"ms", result.features_ms}},
                    {{"name", "encoder"}, {"ms", result.encoder_ms}}};
  return json;
}

template <class Result>
std::string TextOf(const std::vector<Result>& results, const Machine& machine) {
  Json json;
  json["results"] = Json::array();
  for (const Result& result : results) json["results"].push_back(ToJson(result));
  json["machine"] = {{"cpu", machine.cpu},
                     {"cores", machine.cores},
                     {"instruction_set", machine.instruction_set},
                     {"compiler", machine.compiler},
                     {"build_type", machine.build_type},
                     {"version", machine.version},
                     {"git_hash", machine.git_hash}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string Table(const std::vector<BenchResult>& results, const Machine& machine) {
  std::size_t width = 9;
  for (const BenchResult& result : results) width = std::max(width, result.frontend.size());
  std::string table = MachineLine(machine) + "front end" + std::string(width - 9, ' ') +
                      "  precision  instruction set  workers  us/frame  times real time   GB/s" +
                      (results.front().stages.empty() ? "\n" : "  stages\n");
  for (const BenchResult& result : results) table += Row(result, width);
  return table;
}

std::string Table(const std::vector<ModelBenchResult>& results, const Machine& machine) {
  const std::string name = results.front().model + " on " + results.front().frontend;
  std::string table = MachineLine(machine) + "model" +
                      std::string(std::max<std::size_t>(name.size(), 5) - 5, ' ') +
                      "  windows  workers  ms/request  windows/s  stages\n";
  for (const ModelBenchResult& result : results) table += Row(result);
  return table;
}

std::string JsonText(const std::vector<BenchResult>& results, const Machine& machine) {
  return TextOf(results, machine);
}

std::string JsonText(const std::vector<ModelBenchResult>& results, const Machine& machine) {
  return TextOf(results, machine);
}

}  // namespace ossicle::cli
