#include <filesystem>
#include <memory>

#include "arguments.h"
#include "batch.h"
#include "commands.h"
#include "interrupt.h"
#include "ossicle/npy.h"

namespace ossicle::cli {

namespace {

struct EncodeArguments : InputArguments {
  std::string model;
  std::string windows;
  std::string tail = "drop";

  WindowRule Rule() const {
    WindowRule rule = WindowRule::Parse(windows);
    rule.tail = tail == "align" ? Tail::kAlign : tail == "pad" ? Tail::kPad : Tail::kDrop;
    return rule;
  }
};

Outcome EncodeOne(const EncodeArguments& arguments, const Frontend& frontend,
                  const Encoder& encoder, const InputRequest& input, const std::string& output,
                  Workers* workers, const ProgressFunction& progress) {
  const Encoding encoding = Encode(input, frontend, encoder, arguments.Rule(), workers, progress);
  const Encoder::Result& result = encoding.embeddings;
  const OutputGuard guard(output);
  WriteNpy(output, result.values, result.windows, result.embedding_size, arguments.overwrite);
  Outcome outcome;
  outcome.audio = encoding.input;
  outcome.duration_s = encoding.duration_s;
  outcome.seconds = encoding.seconds;
  outcome.artifact = {"embeddings",
                      std::filesystem::path(arguments.model).filename().string() + " on " +
                          frontend.spec().name + " in windows of " + arguments.windows,
                      output,
                      {result.windows, result.embedding_size},
                      "float32"};
  return outcome;
}

int Run(const EncodeArguments& arguments) {
  const WindowRule rule = arguments.Rule();
  const Frontend frontend(arguments.Spec());
  const Encoder encoder(arguments.model);
  encoder.Check(rule, frontend.bands(), frontend.spec().layout);
  return RunBatch(arguments, [&](const InputRequest& input, const std::string& output,
                                 Workers* workers, const ProgressFunction& progress) {
    return EncodeOne(arguments, frontend, encoder, input, output, workers, progress);
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
      "\\\n      --windows 16:80/25 --tail align talk.wav -o talk.lips.npy\n\n"
      "Embeddings of audio files: features, windows of frames, an ONNX model");
  auto arguments = std::make_shared<EncodeArguments>();
  arguments->AddInputsTo(*command);
  command->add_option("--model", arguments->model, "ONNX model that takes windows of features")
      ->required()
      ->type_name("M.onnx");
  command
      ->add_option("--windows", arguments->windows,
                   "Frames in a window, frames from one to the next (or a fraction),\n"
                   "and the first frame if it is not 0")
      ->required()
      ->type_name("LENGTH:STEP[:FIRST]");
  command
      ->add_option("--tail", arguments->tail,
                   "Last frames that do not fill a window: drop them, align one more\n"
                   "window to the end, or pad by repeating the last frame")
      ->check(CLI::IsMember({"drop", "align", "pad"}))
      ->capture_default_str()
      ->type_name("RULE");
  arguments->AddArrayTo(*command);
  command->callback([arguments, &exit_code] { exit_code = Run(*arguments); });
}

}  // namespace ossicle::cli
