#include <algorithm>
#include <cstdio>
#include <memory>

#include "arguments.h"
#include "commands.h"

namespace ossicle::cli {

namespace {

void PrintTable() {
  std::size_t width = 0;
  for (const PresetInfo& preset : Presets()) {
    width = std::max(width, preset.name.size() + preset.alias.size() + 2);
  }
  for (const PresetInfo& preset : Presets()) {
    const std::string names =
        preset.alias.empty() ? preset.name : preset.alias + ", " + preset.name;
    std::printf("%-*s  %s\n", static_cast<int>(width), names.c_str(), preset.summary.c_str());
  }
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
  command->add_option("name", *name, "Preset or a spec's .json")->type_name("NAME|FILE.json");
  command->callback([name, &exit_code] {
    if (name->empty()) {
      PrintTable();
    } else {
      std::printf("%s\n", ReadSpec(*name).ToJson().c_str());
    }
    exit_code = 0;
  });
}

}  // namespace ossicle::cli
