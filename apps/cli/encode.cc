#include <memory>

#include "batch.h"
#include "commands.h"
#include "interrupt.h"
#include "model_arguments.h"
#include "ossicle/context.h"
#include "ossicle/error.h"
#include "ossicle/npy.h"

namespace ossicle::cli {

namespace {

struct EncodeArguments : ModelArguments {
  int context = 0;  ///< 0: none
  std::string edge;
  bool pad_ends = false;
  bool fail_on_nan = false;

  /// Throws Error(kInvalidSpec).
  std::optional<ContextRule> Context() const {
    if (context == 0) return std::nullopt;
    const ContextRule rule{context, ParseContextEdge(edge)};
    rule.Validate();
    return rule;
  }
};

/// Returns the shape of the array.
std::vector<std::int64_t> Write(const EncodeArguments& arguments, std::vector<float> values,
                                int size, const std::string& output) {
  const OutputGuard guard(output);
  if (arguments.pad_ends) values = PadEnds(values, size);
  const std::int64_t rows = std::ssize(values) / size;
  const std::optional<ContextRule> context = arguments.Context();
  if (!context) {
    WriteNpy(output, values, rows, size, arguments.overwrite);
    return {rows, size};
  }
  const std::vector<std::int64_t> shape = {rows, context->rows, size};
  AtomicFile file(output, arguments.overwrite);
  const std::string header = NpyHeader("<f4", shape);
  file.Write(header.data(), header.size());
  ForEachContext(values, size, *context, [&](std::span<const float> rows_around) {
    CheckInterrupt();
    file.Write(rows_around.data(), rows_around.size_bytes());
  });
  file.Commit();
  return shape;
}

void CheckFinite(const EncodeArguments& arguments, const Encoder::Result& result,
                 const std::string& input) {
  if (!arguments.fail_on_nan || result.not_finite == 0) return;
  throw Error(Code::kModel, "the model \"" + arguments.model + "\" gave a NaN or an infinity in " +
                                std::to_string(result.not_finite) + " of the " +
                                std::to_string(result.windows) + " windows of \"" + input +
                                "\", so nothing was written; without --fail-on-nan it is");
}

Outcome EncodeOne(const EncodeArguments& arguments, const Model& model, const InputRequest& input,
                  const std::string& output, Workers* workers, const ProgressFunction& progress) {
  Encoding encoding = Encode(input, model, workers, progress);
  Encoder::Result& result = encoding.embeddings;
  CheckFinite(arguments, result, input.path);
  Outcome outcome;
  outcome.audio = encoding.input;
  outcome.duration_s = encoding.duration_s;
  outcome.seconds = encoding.seconds;
  outcome.artifact = {"embeddings", arguments.MadeBy(model), output,
                      Write(arguments, std::move(result.values), result.embedding_size, output),
                      "float32"};
  outcome.not_finite = result.not_finite;
  return outcome;
}

void AddContextFlagsTo(CLI::App& command, EncodeArguments& arguments) {
  CLI::Option* context =
      command
          .add_option("--context", arguments.context,
                      "For each embedding, write this many rows of embeddings around\n"
                      "it: an even number; the one itself is the first of the second half")
          ->check(CLI::PositiveNumber.description(""))
          ->type_name("ROWS");
  CLI::Option* edge =
      command
          .add_option("--edge", arguments.edge,
                      "Beyond the first and the last embedding, zeros; or repeat the\n"
                      "first, and the last throughout where a context goes beyond it")
          ->check(CLI::IsMember({"zeros", "repeat"}))
          ->type_name("RULE");
  context->needs(edge);
  edge->needs(context);
  command.add_flag("--pad-ends", arguments.pad_ends,
                   "Write the first embedding twice, and the last one");
  command.add_flag("--fail-on-nan", arguments.fail_on_nan,
                   "Write nothing if the model gives a NaN or an infinity");
}

int Run(const EncodeArguments& arguments) {
  arguments.Context();
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
      "  ossicle encode --model packed.onnx talk.wav -o talk.lips.npy\n"
      "  ossicle encode --model packed.onnx --pad-ends --context 16 --edge repeat "
      "\\\n      talk.wav -o talk.context.npy\n\n"
      "Embeddings of audio files: features, windows of frames, an ONNX model");
  auto arguments = std::make_shared<EncodeArguments>();
  arguments->AddInputsTo(*command);
  arguments->AddModelTo(*command)->required();
  AddContextFlagsTo(*command, *arguments);
  arguments->AddOutputTo(*command);
  command->callback([arguments, &exit_code] { exit_code = Run(*arguments); });
}

}  // namespace ossicle::cli
