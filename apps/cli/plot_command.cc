#include <filesystem>
#include <memory>

#include "arguments.h"
#include "batch.h"
#include "commands.h"
#include "interrupt.h"
#include "ossicle/error.h"
#include "plot.h"

namespace ossicle::cli {

namespace {

struct PlotArguments : InputArguments {
  std::string title;
  PlotOptions options;
};

Outcome PlotOne(const PlotArguments& arguments, const Frontend& frontend, const InputRequest& input,
                Workers* workers, const ProgressFunction& progress) {
  const Extraction<float> extraction = Extract<float>(input, frontend, workers, progress);
  PlotOptions options = arguments.options;
  options.path = arguments.output;
  options.overwrite = arguments.overwrite;
  options.title = arguments.title.empty() ? std::filesystem::path(input.path).filename().string()
                                          : arguments.title;
  const OutputGuard guard(arguments.output);
  PlotFeatures(extraction.features, frontend.spec(), options);
  Outcome outcome;
  outcome.audio = extraction.input;
  outcome.duration_s = extraction.duration_s;
  outcome.seconds = extraction.seconds;
  outcome.artifact = {"plot", frontend.spec().name, arguments.output, {}, ""};
  return outcome;
}

int Run(const PlotArguments& arguments) {
  PlotOptions options = arguments.options;
  options.path = arguments.output;
  ValidatePlotOptions(options);
  const Frontend frontend(arguments.Spec());
  if (frontend.spec().spectrum == Spectrum::kWaveform) {
    throw Error(Code::kInvalidSpec, frontend.spec().name +
                                        " gives the waveform itself, but plot draws bands over "
                                        "time; pass a front end with a spectrum");
  }
  return RunBatch(arguments, [&](const InputRequest& input, const std::string&, Workers* workers,
                                 const ProgressFunction& progress) {
    return PlotOne(arguments, frontend, input, workers, progress);
  });
}

}  // namespace

void AddPlot(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("plot",
                         "Example:\n"
                         "  ossicle plot --frontend whisper-80 talk.wav -o talk.png\n\n"
                         "A picture of the features of an audio file, as PNG or SVG");
  auto arguments = std::make_shared<PlotArguments>();
  arguments->AddInputsTo(*command)->expected(1);
  command->add_option("-o,--output", arguments->output, "A name that ends in .png or .svg")
      ->required()
      ->type_name("OUT");
  command->add_option("--title", arguments->title, "Instead of the input's name");
  command->add_option("--width", arguments->options.width, "In pixels")->capture_default_str();
  command->add_option("--height", arguments->options.height, "In pixels")->capture_default_str();
  command->callback([arguments, &exit_code] { exit_code = Run(*arguments); });
}

}  // namespace ossicle::cli
