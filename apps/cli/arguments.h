#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "ossicle/engine.h"

namespace ossicle::cli {

/// The flags that every command with audio input shares.
struct InputArguments {
  std::vector<std::string> inputs;
  std::string frontend;
  std::string layout;
  std::string raw;
  int channel = -1;
  std::string downmix;
  std::string resampler;
  int workers = 0;
  std::string output;
  bool overwrite = false;
  bool quiet = false;
  bool json = false;

  /// Adds the inputs, the front end and the flags on how to read them. Returns the inputs.
  CLI::Option* AddInputsTo(CLI::App& command);
  /// Adds the inputs alone, and returns them.
  CLI::Option* AddFilesTo(CLI::App& command);
  /// Adds the front end and the flags on how audio is read for it.
  void AddFrontendTo(CLI::App& command);
  /// Adds the flags on how audio is read alone.
  ///   otherwise  what becomes of several channels if none is chosen
  void AddAudioFlagsTo(CLI::App& command, const std::string& otherwise = "all, mixed down",
                       const std::string& downmix_text =
                           "What becomes of several channels, instead of the front end's choice");
  /// Adds --workers, --overwrite and --quiet.
  void AddWorkFlagsTo(CLI::App& command,
                      const std::string& workers_text = "Threads; all cores if it is not given");
  /// Adds --overwrite and --quiet.
  void AddWriteFlagsTo(CLI::App& command);
  /// Adds the flags of a command that writes a file for each input.
  void AddOutputTo(CLI::App& command, const std::string& one_each = "NAME.npy");

  /// The front end that the flags name. Throws Error(kInvalidSpec).
  FrontendSpec Spec() const;
  InputRequest Request(const std::string& input) const;
  /// --downmix, or `otherwise`.
  Downmix DownmixOr(Downmix otherwise) const;
  /// --workers, or all cores.
  int Workers() const;
};

/// A whole file. Throws Error(kInvalidSpec) with the reason, but not the path.
std::string ReadText(const std::string& path);

/// A front end by preset name, or from a JSON file where `text` ends in ".json".
FrontendSpec ReadSpec(const std::string& text);

}  // namespace ossicle::cli
