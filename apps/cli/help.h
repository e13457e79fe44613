#pragma once

#include <CLI/CLI.hpp>

namespace ossicle::cli {

/// How help and usage errors look. To be called before subcommands are added: they inherit it.
void StyleMessages(CLI::App& app);

}  // namespace ossicle::cli
