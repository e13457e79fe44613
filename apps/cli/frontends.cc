#include <algorithm>
#include <memory>

#include "arguments.h"
#include "commands.h"

namespace ossicle::cli {

namespace {

std::string Table() {
  std::size_t width = 0;
  for (const PresetInfo& preset : Presets()) {
    width = std::max(width, preset.name.size() + preset.alias.size() + 2);
  }
  std::string table;
  for (const PresetInfo& preset : Presets()) {
    std::string names = preset.alias.empty() ? preset.name : preset.alias + ", " + preset.name;
    names.resize(width, ' ');
    table += names + "  " + preset.summary + "\n";
  }
  return table;
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
    PrintData(name->empty() ? Table() : ReadSpec(*name).ToJson() + "\n");
    exit_code = 0;
  });
}

}  // namespace ossicle::cli
