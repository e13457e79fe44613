#include <memory>

#include "arguments.h"
#include "batch.h"
#include "commands.h"
#include "interrupt.h"
#include "ossicle/npy.h"

namespace ossicle::cli {

namespace {

struct ExtractArguments : InputArguments {
  std::string precision = "float";
};

std::vector<std::int64_t> Shape(std::int64_t frames, int bands, Layout layout) {
  if (layout == Layout::kFramesFirst) return {frames, bands};
  return {bands, frames};
}

template <class T>
Outcome ExtractOne(const ExtractArguments& arguments, const Frontend& frontend,
                   const InputRequest& input, const std::string& output, Workers* workers,
                   const ProgressFunction& progress) {
  const Extraction<T> extraction = Extract<T>(input, frontend, workers, progress);
  const OutputGuard guard(output);
  WriteNpy(output, extraction.features, arguments.overwrite);
  Outcome outcome;
  outcome.audio = extraction.input;
  outcome.duration_s = extraction.duration_s;
  outcome.seconds = extraction.seconds;
  outcome.artifact = {"features", frontend.spec().name, output,
                      Shape(extraction.features.frames(), frontend.bands(), frontend.spec().layout),
                      sizeof(T) == sizeof(float) ? "float32" : "float64"};
  return outcome;
}

int Run(const ExtractArguments& arguments) {
  const Frontend frontend(arguments.Spec());
  const auto extract = arguments.precision == "double" ? ExtractOne<double> : ExtractOne<float>;
  return RunBatch(arguments, [&](const InputRequest& input, const std::string& output,
                                 Workers* workers, const ProgressFunction& progress) {
    return extract(arguments, frontend, input, output, workers, progress);
  });
}

}  // namespace

void AddExtract(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("extract",
                         "Examples:\n"
                         "  ossicle extract --frontend wav2lip talk.wav -o talk.npy\n"
                         "  ossicle extract --frontend whisper-80 a.flac b.mp3 -o "
                         "features/\n"
                         "  cat talk.s16 | ossicle extract --frontend "
                         "kaldi-fbank-80 --raw s16le:16000:1 - -o -\n\n"
                         "Features of audio files, as .npy arrays");
  auto arguments = std::make_shared<ExtractArguments>();
  arguments->AddInputsTo(*command);
  command->add_option("--layout", arguments->layout, "Instead of the front end's own")
      ->check(CLI::IsMember({"frames-first", "bands-first"}))
      ->type_name("LAYOUT");
  command->add_option("--precision", arguments->precision, "Of the arithmetic and of the array")
      ->check(CLI::IsMember({"float", "double"}))
      ->capture_default_str()
      ->type_name("TYPE");
  arguments->AddOutputTo(*command);
  command->callback([arguments, &exit_code] { exit_code = Run(*arguments); });
}

}  // namespace ossicle::cli
