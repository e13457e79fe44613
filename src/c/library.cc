#include <climits>
#include <string>
#include <string_view>

#include "c/arguments.h"
#include "c/call.h"
#include "ossicle/encoder.h"
#include "ossicle/ossicle.h"
#include "ossicle/spec.h"
#include "ossicle/version.h"

using ossicle::c::Call;
using ossicle::c::GiveText;

namespace {

/// The C library's loader copies a path to the stack, whatever its length.
void CheckLoadable(std::string_view path) {
  if (path.size() < PATH_MAX) return;
  throw ossicle::c::Refusal(OSSICLE_MODEL,
                            "the path of the ONNX Runtime has " + std::to_string(path.size()) +
                                " bytes, but a path has at most " + std::to_string(PATH_MAX - 1) +
                                "; name the file libonnxruntime.so.1");
}

}  // namespace

const char* ossicle_version(void) {
  static const std::string version = ossicle::Version();
  return version.c_str();
}

int32_t ossicle_abi_version(void) { return OSSICLE_ABI_VERSION; }

ossicle_status ossicle_preset_names(char* text, size_t capacity, size_t* needed) {
  return Call([&] {
    std::string names;
    for (const ossicle::PresetInfo& preset : ossicle::Presets()) names += preset.name + "\n";
    GiveText(names, text, capacity, needed);
  });
}

ossicle_status ossicle_preset_json(const char* name, char* json, size_t capacity, size_t* needed) {
  return Call([&] {
    ossicle::c::Require(name, "name");
    GiveText(ossicle::Preset(name).ToJson(), json, capacity, needed);
  });
}

ossicle_status ossicle_load_onnxruntime(const char* path) {
  return Call([&] {
    const std::string_view given = path == nullptr ? "" : path;
    CheckLoadable(given);
    ossicle::LoadOnnxRuntime(std::string(given));
  });
}
