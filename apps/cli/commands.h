#pragma once

#include <CLI/CLI.hpp>

namespace ossicle::cli {

// Each adds a subcommand to `app` that stores its exit code in `exit_code` when it is run.
void AddExtract(CLI::App& app, int& exit_code);
void AddEncode(CLI::App& app, int& exit_code);
void AddStream(CLI::App& app, int& exit_code);
void AddPack(CLI::App& app, int& exit_code);
void AddInspect(CLI::App& app, int& exit_code);
void AddPlot(CLI::App& app, int& exit_code);
void AddCompare(CLI::App& app, int& exit_code);
void AddFrontends(CLI::App& app, int& exit_code);
void AddResample(CLI::App& app, int& exit_code);
void AddResamplers(CLI::App& app, int& exit_code);
void AddBench(CLI::App& app, int& exit_code);

/// Writes to standard output. Throws Error(kOutput).
void PrintData(const std::string& text);

/// What --version prints.
std::string VersionText();

}  // namespace ossicle::cli
