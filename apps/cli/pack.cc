#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "arguments.h"
#include "commands.h"
#include "exit_code.h"
#include "interrupt.h"
#include "ossicle/error.h"

namespace ossicle::cli {

namespace {

struct PackArguments {
  std::string model;
  std::string frontend;
  std::string windows;
  std::string tail = "drop";
  std::string output;
  bool overwrite = false;
  bool quiet = false;
  bool json = false;
};

std::string Summary(const ModelMetadata& packed, const std::string& output) {
  return "packed      " + (output == "-" ? "standard output" : output) + ": " +
         packed.frontend.name + " in windows of " + packed.windows.ToString() + ", tail " +
         ToString(packed.windows.tail) + "\ngraph       sha256 " + packed.graph_sha256 + "\n";
}

std::string JsonSummary(const ModelMetadata& packed, const std::string& output) {
  nlohmann::ordered_json json;
  json["output"] = output;
  json["frontend"] = packed.frontend.name;
  json["windows"] = packed.windows.ToString();
  json["tail"] = ToString(packed.windows.tail);
  json["graph_sha256"] = packed.graph_sha256;
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

int Run(const PackArguments& arguments) {
  const FrontendSpec spec = ReadSpec(arguments.frontend);
  WindowRule windows = WindowRule::Parse(arguments.windows);
  windows.tail = ParseTail(arguments.tail);
  try {
    const OutputGuard guard(arguments.output);
    const ModelMetadata packed = PackModel(arguments.model, spec, windows, arguments.output,
                                           arguments.overwrite, CheckInterrupt);
    const bool data_is_model = arguments.output == "-";
    if (!arguments.quiet) std::fputs(Summary(packed, arguments.output).c_str(), stderr);
    const std::string json = JsonSummary(packed, arguments.output);
    if (arguments.json && data_is_model) std::fputs(json.c_str(), stderr);
    if (arguments.json && !data_is_model) PrintData(json);
  } catch (const Error& error) {
    if (error.code() != Code::kInterrupted) throw;
    std::fputs("ossicle: interrupted\n", stderr);
    return kInterrupted + InterruptSignal();
  }
  return kDone;
}

}  // namespace

void AddPack(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand(
      "pack",
      "Example:\n"
      "  ossicle pack lipsync.onnx --frontend wav2lip --windows 16:80/25 --tail align "
      "\\\n      -o packed.onnx\n"
      "  ossicle encode --model packed.onnx talk.wav -o talk.lips.npy\n\n"
      "A copy of an ONNX model that carries its front end and its windows");
  auto arguments = std::make_shared<PackArguments>();
  command->add_option("model", arguments->model, "ONNX model that takes windows of features")
      ->required()
      ->type_name("M.onnx");
  command
      ->add_option("--frontend", arguments->frontend,
                   "Preset (see `ossicle frontends`) or a spec's .json")
      ->required()
      ->type_name("NAME|FILE.json");
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
  command
      ->add_option("-o,--output", arguments->output,
                   "File, or - for standard output; with --overwrite, the model itself\n"
                   "if you like")
      ->required()
      ->type_name("OUT.onnx");
  command->add_flag("--overwrite", arguments->overwrite, "Replace what is there already");
  command->add_flag("--quiet", arguments->quiet, "Write nothing but errors to standard error");
  command->add_flag("--json", arguments->json, "Print a summary for programs");
  command->callback([arguments, &exit_code] { exit_code = Run(*arguments); });
}

}  // namespace ossicle::cli
