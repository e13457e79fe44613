#include "encoder/onnxruntime_search.h"

#include <glob.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace ossicle::ort {

namespace {

constexpr char kFile[] = "libonnxruntime.so.1";
// "*-packages": Debian's own Python says dist-packages.
constexpr char kPythonPattern[] = "/lib/python3*/*-packages/onnxruntime/capi/libonnxruntime.so.*";

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::string EscapePattern(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '*' || c == '?' || c == '[' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

/// The files that `folder` + `pattern` matches, the last in the alphabet first.
Place FindFiles(const std::string& folder, const std::string& pattern) {
  Place place{.name = folder + pattern, .files = {}, .named = false};
  glob_t found = {};
  if (glob((EscapePattern(folder) + pattern).c_str(), 0, nullptr, &found) == 0) {
    place.files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  }
  globfree(&found);
  std::reverse(place.files.begin(), place.files.end());
  return place;
}

}  // namespace

SearchContext SearchContext::OfProcess(const std::string& path) {
  std::error_code ignored;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  return {path, Variable("OSSICLE_ONNXRUNTIME"), Variable("VIRTUAL_ENV"),
          program.parent_path().string()};
}

std::vector<Place> Places(const SearchContext& context) {
  if (!context.path.empty()) return {{context.path, {context.path}, true}};
  if (!context.variable.empty()) {
    return {{"$OSSICLE_ONNXRUNTIME=" + context.variable, {context.variable}, true}};
  }
  std::vector<Place> places = {{"$OSSICLE_ONNXRUNTIME", {}, false}};
  const std::string& folder = context.program_folder;
  if (!folder.empty()) {
    places.push_back(FindFiles(folder, std::string("/") + kFile));
    places.push_back(FindFiles(folder, std::string("/../lib/ossicle/") + kFile));
  }
  if (!context.virtual_env.empty()) {
    places.push_back(FindFiles(context.virtual_env, kPythonPattern));
  } else {
    places.push_back({"$VIRTUAL_ENV", {}, false});
  }
  if (!folder.empty()) {
    places.push_back(FindFiles(folder, std::string("/..") + kPythonPattern));
  }
  places.push_back({"the loader's own path", {kFile}, false});
  return places;
}

}  // namespace ossicle::ort
