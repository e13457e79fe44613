#include <string>
#include <vector>

#include "commands.h"
#include "ossicle/encoder.h"
#include "ossicle/error.h"
#include "ossicle/frontend.h"
#include "ossicle/version.h"

namespace ossicle::cli {

namespace {

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string RuntimeText() {
  try {
    const OnnxRuntimeInfo runtime = LoadOnnxRuntime();
    return runtime.version + ", " + runtime.path + " (" + Joined(runtime.providers) + ")";
  } catch (const Error& error) {
    return std::string("none: ") + error.what();
  }
}

}  // namespace

std::string VersionText() {
  return "ossicle " + Version() + " (git " + GitHash() + ", " + BuildType() + ")\n" +
         "instruction set   " + InstructionSet() +
         "; compiled: " + Joined(CompiledInstructionSets()) +
         "; supported here: " + Joined(InstructionSets()) + "\n" + "ONNX Runtime      " +
         RuntimeText();
}

}  // namespace ossicle::cli
