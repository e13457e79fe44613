#pragma once

#include <CLI/CLI.hpp>

namespace ossicle::cli {

// Each adds a subcommand to `app` that stores its exit code in `exit_code` when it is run.
void AddExtract(CLI::App& app, int& exit_code);
void AddEncode(CLI::App& app, int& exit_code);
void AddPlot(CLI::App& app, int& exit_code);
void AddFrontends(CLI::App& app, int& exit_code);

/// What --version prints.
std::string VersionText();

}  // namespace ossicle::cli
