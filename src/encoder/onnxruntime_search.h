#pragma once

#include <string>
#include <vector>

namespace ossicle::ort {

/// One place where libonnxruntime may be.
struct Place {
  std::string name;                ///< for the message: a path, a pattern or a variable
  std::vector<std::string> files;  ///< what to open there, best first; empty: nothing is there
  /// The user named it: if it cannot be opened, that is an error, and nothing else is tried.
  bool named = false;
};

/// What the search depends on, so that a test can set it. Empty: not set.
struct SearchContext {
  std::string path;            ///< what the caller asked for
  std::string variable;        ///< $OSSICLE_ONNXRUNTIME
  std::string virtual_env;     ///< $VIRTUAL_ENV
  std::string program_folder;  ///< where the running program lies
  static SearchContext OfProcess(const std::string& path);
};

/// The places in the order in which LoadOnnxRuntime() tries them.
std::vector<Place> Places(const SearchContext& context);

}  // namespace ossicle::ort
