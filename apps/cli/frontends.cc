#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "arguments.h"
#include "commands.h"
#include "ossicle/stream.h"
#include "report.h"
#include "stream_job.h"

namespace ossicle::cli {

namespace {

std::string Row(std::string names, const std::string& text) {
  constexpr std::size_t kNameColumns = 30;
  names.resize(std::max(names.size() + 1, kNameColumns), ' ');
  return names + text + "\n";
}

/// Two lines a preset: its shorter name and what it gives, its longer one and what it reproduces.
std::string Table() {
  std::string table;
  std::string family;
  for (const PresetInfo& preset : Presets()) {
    if (preset.family != family) {
      table += (table.empty() ? "" : "\n") + preset.family + "\n";
      family = preset.family;
    }
    std::string longer = preset.name;
    std::string shorter = preset.alias.empty() ? preset.name : preset.alias;
    if (shorter.size() > longer.size()) shorter.swap(longer);
    table += Row("  " + shorter, preset.summary);
    table += Row(preset.alias.empty() ? "" : "    = " + longer, preset.source);
  }
  return table;
}

/// What the spec does not say: what a live stream waits for.
std::string LiveText(const FrontendSpec& spec) {
  return LookaheadText(LookaheadSamples(Frontend(spec)), spec.sample_rate_hz) +
         (NeedsStatistics(spec) ? "; `ossicle stream` needs --statistics\n" : "\n");
}

std::string Json() {
  nlohmann::ordered_json presets = nlohmann::ordered_json::array();
  for (const PresetInfo& preset : Presets()) {
    const FrontendSpec spec = Preset(preset.name);
    const std::int64_t lookahead_samples = LookaheadSamples(Frontend(spec));
    presets.push_back({{"name", preset.name},
                       {"alias", preset.alias},
                       {"family", preset.family},
                       {"summary", preset.summary},
                       {"source", preset.source},
                       {"sample_rate_hz", spec.sample_rate_hz},
                       {"bands", spec.bands()},
                       {"unit", FeatureUnit(spec)},
                       {"lookahead_samples", lookahead_samples},
                       {"lookahead_ms", Milliseconds(lookahead_samples, spec.sample_rate_hz)},
                       {"needs_statistics", NeedsStatistics(spec)}});
  }
  return nlohmann::ordered_json({{"frontends", presets}}).dump(2) + "\n";
}

void Print(const std::string& name, bool json) {
  if (name.empty()) return PrintData(json ? Json() : Table());
  const FrontendSpec spec = ReadSpec(name);
  PrintData(spec.ToJson() + "\n");
  std::fputs(LiveText(spec).c_str(), stderr);
}

}  // namespace

void AddFrontends(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("frontends",
                         "Examples:\n"
                         "  ossicle frontends\n"
                         "  ossicle frontends wav2lip > mine.json\n\n"
                         "The front ends that have a name, or the whole spec of one as JSON");
  auto name = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  command->add_option("name", *name, "Preset or a spec's .json")->type_name("NAME|FILE.json");
  command->add_flag("--json", *json, "Print the list for programs");
  command->callback([name, json, &exit_code] {
    Print(*name, *json);
    exit_code = 0;
  });
}

}  // namespace ossicle::cli
