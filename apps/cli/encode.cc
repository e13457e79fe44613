#include <memory>

#include "batch.h"
#include "commands.h"
#include "interrupt.h"
#include "model_arguments.h"
#include "ossicle/npy.h"

namespace ossicle::cli {

namespace {

Outcome EncodeOne(const ModelArguments& arguments, const Model& model, const InputRequest& input,
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
                      arguments.MadeBy(model),
                      output,
                      {result.windows, result.embedding_size},
                      "float32"};
  return outcome;
}

int Run(const ModelArguments& arguments) {
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
  auto arguments = std::make_shared<ModelArguments>();
  arguments->AddInputsTo(*command);
  arguments->AddModelTo(*command)->required();
  arguments->AddOutputTo(*command);
  command->callback([arguments, &exit_code] { exit_code = Run(*arguments); });
}

}  // namespace ossicle::cli
