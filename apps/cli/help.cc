#include "help.h"

#include <cctype>
#include <memory>
#include <string>

namespace ossicle::cli {

namespace {

class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App* app, std::string name) const override {
    return "\n" + CLI::Formatter::make_usage(app, name);
  }

  /// The last paragraph of a command's description: its examples are for its own help.
  std::string make_subcommand(const CLI::App* command) const override {
    const std::string description = command->get_description();
    const std::size_t gap = description.rfind("\n\n");
    std::string line = "  " + command->get_name();
    line.resize(get_column_width(), ' ');
    return line + (gap == std::string::npos ? description : description.substr(gap + 2)) + "\n";
  }
};

std::string CommandProblem(const CLI::App& app) {
  const std::vector<std::string> words = app.remaining();
  std::string text =
      words.empty() ? "a command is needed" : "\"" + words.front() + "\" is no command";
  std::string separator = "; there are ";
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    text += separator + command->get_name();
    separator = ", ";
  }
  return text;
}

/// What follows an option that does not exist looks like an input too many: the option is named
/// first.
std::string ArgumentProblem(const CLI::App& command, const CLI::Error& error) {
  for (const std::string& word : command.remaining()) {
    if (word.size() > 1 && word.starts_with('-')) return "there is no option " + word;
  }
  return error.what();
}

std::string UsageError(const CLI::App* app, const CLI::Error& error) {
  const std::vector<CLI::App*> chosen = app->get_subcommands();
  std::string text =
      chosen.empty() ? CommandProblem(*app) : ArgumentProblem(*chosen.front(), error);
  if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1])) != 0) {
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  }
  const std::string command = chosen.empty() ? "" : chosen.front()->get_name() + " ";
  return "ossicle: " + text + "\nTry `ossicle " + command + "--help`\n";
}

}  // namespace

void StyleMessages(CLI::App& app) {
  app.formatter(std::make_shared<HelpFormatter>());
  app.failure_message(UsageError);
}

}  // namespace ossicle::cli
