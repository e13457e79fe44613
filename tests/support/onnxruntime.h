#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace ossicle::test {

/// Points $OSSICLE_ONNXRUNTIME to the runtime that scripts/fetch.py put into the build folder,
/// unless it is set already. Returns why there is none, or "".
inline std::string FindOnnxRuntime() {
  constexpr char kVariable[] = "OSSICLE_ONNXRUNTIME";
  if (std::getenv(kVariable) != nullptr) return "";
  const std::string fetched = OSSICLE_FETCHED "/onnxruntime/libonnxruntime.so.1";
  if (!std::filesystem::exists(fetched)) {
    return "no ONNX Runtime: run `scripts/fetch.py --into build onnxruntime` (\"" + fetched +
           "\" does not exist), or set OSSICLE_ONNXRUNTIME";
  }
  setenv(kVariable, fetched.c_str(), 1);
  return "";
}

}  // namespace ossicle::test
