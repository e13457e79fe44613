#include <filesystem>
#include <memory>
#include <utility>

#include "arguments.h"
#include "batch.h"
#include "commands.h"
#include "interrupt.h"
#include "ossicle/npy.h"
#include "ossicle/resampler.h"

namespace ossicle::cli {

namespace {

struct EncodeArguments : InputArguments {
  std::string model;
  std::string windows;
  std::string tail;

  ModelChoices Choices() const {
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
};

/// What was used, and what of it the model itself said.
std::string MadeBy(const EncodeArguments& arguments, const Model& model) {
  std::string text = std::filesystem::path(arguments.model).filename().string() + " on " +
                     model.frontend.spec().name + " in windows of " + model.windows.ToString();
  if (!model.is_packed) return text;
  std::string packed;
  for (const auto& [flag, what] :
       {std::pair(&arguments.frontend, "front end"), std::pair(&arguments.windows, "windows"),
        std::pair(&arguments.tail, "tail")}) {
    if (flag->empty()) packed += (packed.empty() ? "" : ", ") + std::string(what);
  }
  return text + ", tail " + ToString(model.windows.tail) + " (as packed: " + packed + ")";
}

Outcome EncodeOne(const EncodeArguments& arguments, const Model& model, const InputRequest& input,
                  const std::string& output, Workers* workers, const ProgressFunction& progress) {
  const Encoding encoding = Encode(input, model, workers, progress);
  const Encoder::Result& result = encoding.embeddings;
  const OutputGuard guard(output);
  WriteNpy(output, result.values, result.windows, result.embedding_size, arguments.overwrite);
  Outcome outcome;
  outcome.audio = encoding.input;
  outcome.duration_s = encoding.duration_s;
  outcome.seconds = encoding.seconds;
  outcome.artifact = {"embeddings",
                      MadeBy(arguments, model),
                      output,
                      {result.windows, result.embedding_size},
                      "float32"};
  return outcome;
}

int Run(const EncodeArguments& arguments) {
  const Model model = OpenModel(arguments.model, arguments.Choices());
  return RunBatch(arguments, [&](const InputRequest& input, const std::string& output,
                                 Workers* workers, const ProgressFunction& progress) {
    return EncodeOne(arguments, model, input, output, workers, progress);
  });
}

}  // namespace

void AddEncode(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand(
      "encode",
      "Examples:\n"
      "  ossicle encode --model embedding_model.onnx --frontend openwakeword-embedding "
      "\\\n      --windows 76:8 talk.wav -o talk.embedding.npy\n"
      "  ossicle encode --model lipsync.onnx --frontend wav2lip "
      "\\\n      --windows 16:80/25 --tail align talk.wav -o talk.lips.npy\n"
      "  ossicle encode --model packed.onnx talk.wav -o talk.lips.npy\n\n"
      "Embeddings of audio files: features, windows of frames, an ONNX model");
  auto arguments = std::make_shared<EncodeArguments>();
  arguments->AddInputsTo(*command);
  command->get_option("--frontend")
      ->required(false)
      ->description("Preset or a spec's .json; that of a packed model if it is not given");
  command->add_option("--model", arguments->model, "ONNX model that takes windows of features")
      ->required()
      ->type_name("M.onnx");
  command
      ->add_option("--windows", arguments->windows,
                   "Frames in a window, frames from one to the next (or a fraction),\n"
                   "and the first frame if it is not 0; those of a packed model if\n"
                   "they are not given")
      ->type_name("LENGTH:STEP[:FIRST]");
  command
      ->add_option("--tail", arguments->tail,
                   "Last frames that do not fill a window: drop them, align one more\n"
                   "window to the end, or pad by repeating the last frame; that of a\n"
                   "packed model or, without one, drop if it is not given")
      ->check(CLI::IsMember({"drop", "align", "pad"}))
      ->type_name("RULE");
  arguments->AddOutputTo(*command);
  command->callback([arguments, &exit_code] { exit_code = Run(*arguments); });
}

}  // namespace ossicle::cli
