#include "model_arguments.h"

#include <filesystem>
#include <utility>

#include "ossicle/resampler.h"

namespace ossicle::cli {

CLI::Option* ModelArguments::AddModelTo(CLI::App& command) {
  CLI::Option* model_option =
      command.add_option("--model", model, "ONNX model that takes windows of features")
          ->type_name("M.onnx");
  command
      .add_option("--windows", windows,
                  "Frames in a window, frames from one to the next (or a fraction),\n"
                  "and the first frame if it is not 0; those of a packed model if\n"
                  "they are not given")
      ->type_name("LENGTH:STEP[:FIRST]");
  command
      .add_option("--tail", tail,
                  "Last frames that do not fill a window: drop them, align one more\n"
                  "window to the end, or pad by repeating the last frame; that of a\n"
                  "packed model or, without one, drop if it is not given")
      ->check(CLI::IsMember({"drop", "align", "pad"}))
      ->type_name("RULE");
  command.get_option("--frontend")
      ->required(false)
      ->description("Preset or a spec's .json; that of a packed model if it is not given");
  return model_option;
}

ModelChoices ModelArguments::Choices() const {
  ModelChoices choices;
  if (!frontend.empty()) choices.frontend = Spec();
  if (!resampler.empty()) {
    FindResampler(resampler);
    choices.resampler = resampler;
  }
  if (!downmix.empty()) choices.downmix = DownmixOr(Downmix::kMean);
  if (!windows.empty()) choices.windows = WindowRule::Parse(windows);
  if (!tail.empty()) choices.tail = ParseTail(tail);
  return choices;
}

std::string ModelArguments::MadeBy(const Model& opened) const {
  std::string text = std::filesystem::path(model).filename().string() + " on " +
                     opened.frontend.spec().name + " in windows of " + opened.windows.ToString();
  if (!opened.is_packed) return text;
  std::string packed;
  for (const auto& [flag, what] : {std::pair(&frontend, "front end"),
                                   std::pair(&windows, "windows"), std::pair(&tail, "tail")}) {
    if (flag->empty()) packed += (packed.empty() ? "" : ", ") + std::string(what);
  }
  return text + ", tail " + ToString(opened.windows.tail) + " (as packed: " + packed + ")";
}

}  // namespace ossicle::cli
