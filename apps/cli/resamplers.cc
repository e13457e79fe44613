#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "commands.h"
#include "ossicle/resampler.h"

namespace ossicle::cli {

namespace {

constexpr std::array kUsualRatesHz = {48000, 44100, 22050, 8000};
constexpr int kModelRateHz = 16000;

std::string Row(std::string name, const std::string& text) {
  constexpr std::size_t kNameColumns = 26;
  name.resize(std::max(name.size() + 1, kNameColumns), ' ');
  return name + text + "\n";
}

/// Two lines a resampler: what it is, and what it reproduces.
std::string Table() {
  std::string table;
  for (const ResamplerInfo& resampler : Resamplers()) {
    table += Row(resampler.name, resampler.summary) + Row("", resampler.source);
  }
  return table;
}

struct Delay {
  int from_hz;
  std::int64_t samples;
  double ms;
};

/// How far the input must be ahead of what comes out.
std::vector<Delay> Delays(const std::string& name) {
  std::vector<Delay> delays;
  for (const int from_hz : kUsualRatesHz) {
    const std::int64_t samples = Resampler<float>(name, from_hz, kModelRateHz).LookaheadSamples();
    delays.push_back({from_hz, samples, 1e3 * static_cast<double>(samples) / from_hz});
  }
  return delays;
}

std::string Details(const ResamplerInfo& resampler) {
  std::string text = resampler.name + "\n  " + resampler.summary + "\n  " + resampler.source +
                     "\n\ninput that must be there ahead of an output, to " +
                     std::to_string(kModelRateHz) + " Hz\n";
  for (const Delay& delay : Delays(resampler.name)) {
    char line[80];
    std::snprintf(line, sizeof(line), "  from %5d Hz: %5lld samples, %6.2f ms\n", delay.from_hz,
                  static_cast<long long>(delay.samples), delay.ms);
    text += line;
  }
  return text;
}

nlohmann::ordered_json Json(const ResamplerInfo& resampler) {
  return {{"name", resampler.name}, {"summary", resampler.summary}, {"source", resampler.source}};
}

std::string JsonOfAll() {
  nlohmann::ordered_json resamplers = nlohmann::ordered_json::array();
  for (const ResamplerInfo& resampler : Resamplers()) resamplers.push_back(Json(resampler));
  return nlohmann::ordered_json({{"resamplers", resamplers}}).dump(2) + "\n";
}

std::string JsonOfOne(const ResamplerInfo& resampler) {
  nlohmann::ordered_json json = Json(resampler);
  json["to_hz"] = kModelRateHz;
  for (const Delay& delay : Delays(resampler.name)) {
    json["lookahead"].push_back(
        {{"from_hz", delay.from_hz}, {"samples", delay.samples}, {"ms", delay.ms}});
  }
  return json.dump(2) + "\n";
}

std::string Text(const std::string& name, bool json) {
  if (name.empty()) return json ? JsonOfAll() : Table();
  return json ? JsonOfOne(FindResampler(name)) : Details(FindResampler(name));
}

}  // namespace

void AddResamplers(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("resamplers",
                                         "Examples:\n"
                                         "  ossicle resamplers\n"
                                         "  ossicle resamplers soxr-hq\n\n"
                                         "The resamplers and what each reproduces, or more of one");
  auto name = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  command->add_option("name", *name, "Resampler")->type_name("NAME");
  command->add_flag("--json", *json, "Print it for programs");
  command->callback([name, json, &exit_code] {
    PrintData(Text(*name, *json));
    exit_code = 0;
  });
}

}  // namespace ossicle::cli
