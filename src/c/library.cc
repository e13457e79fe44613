#include <string>

#include "c/arguments.h"
#include "c/call.h"
#include "ossicle/encoder.h"
#include "ossicle/ossicle.h"
#include "ossicle/spec.h"
#include "ossicle/version.h"

using ossicle::c::Call;
using ossicle::c::GiveText;

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
  return Call([&] { ossicle::LoadOnnxRuntime(path == nullptr ? "" : path); });
}
