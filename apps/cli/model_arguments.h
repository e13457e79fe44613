#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "arguments.h"

namespace ossicle::cli {

/// The flags that every command that runs a model shares.
struct ModelArguments : InputArguments {
  std::string model;
  std::string windows;
  std::string tail;

  /// Adds --model, --windows and --tail. Returns the first.
  CLI::Option* AddModelTo(CLI::App& command);

  /// Throws Error(kInvalidSpec).
  ModelChoices Choices() const;

  /// What was used, and what of it the model itself said.
  std::string MadeBy(const Model& opened) const;
};

}  // namespace ossicle::cli
