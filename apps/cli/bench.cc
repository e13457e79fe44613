#include "ossicle/bench.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>

#include "arguments.h"
#include "bench_report.h"
#include "commands.h"
#include "exit_code.h"
#include "interrupt.h"
#include "ossicle/error.h"
#include "progress.h"

namespace ossicle::cli {

namespace {

struct BenchArguments {
  std::string frontend;
  std::string precision = "float";
  std::string instruction_set = "best";
  int workers = 0;
  double seconds = 1.0;
  bool json = false;
  bool quiet = false;
  std::string model;
  std::string windows;
  int request_windows = 25;

  ModelChoices Choices() const {
    ModelChoices choices;
    if (!frontend.empty()) choices.frontend = ReadSpec(frontend);
    if (!windows.empty()) choices.windows = WindowRule::Parse(windows);
    return choices;
  }
};

struct Case {
  Frontend frontend;
  std::string instruction_set;
  bool in_double = false;
  int workers = 1;
};

std::vector<FrontendSpec> Specs(const BenchArguments& arguments) {
  if (!arguments.frontend.empty()) return {ReadSpec(arguments.frontend)};
  std::vector<FrontendSpec> specs;
  for (const PresetInfo& preset : Presets()) specs.push_back(Preset(preset.name));
  return specs;
}

/// Throws Error(kInvalidSpec) for a name that is not known here.
std::vector<std::string> ChosenInstructionSets(const std::string& name) {
  const std::vector<std::string> sets = InstructionSets();
  if (name == "all") return sets;
  if (name == "best") return {sets.front()};
  if (std::find(sets.begin(), sets.end(), name) != sets.end()) return {name};
  std::string legal;
  for (const std::string& set : sets) legal += set + ", ";
  throw Error(Code::kInvalidSpec, "--instruction-set " + name +
                                      ", but on this machine it must be " + legal + "all or best");
}

std::vector<int> WorkerCounts(int workers) {
  if (workers > 0) return {workers};
  const int all = std::min(Workers::HardwareCount(), 256);
  return all > 1 ? std::vector<int>{1, all} : std::vector<int>{1};
}

std::vector<bool> Precisions(const std::string& precision) {
  if (precision == "both") return {false, true};
  return {precision == "double"};
}

std::vector<Case> Cases(const BenchArguments& arguments) {
  std::vector<Case> cases;
  const std::vector<std::string> sets = ChosenInstructionSets(arguments.instruction_set);
  for (const FrontendSpec& spec : Specs(arguments)) {
    const Frontend frontend(spec);
    for (const std::string& set : sets) {
      for (const bool in_double : Precisions(arguments.precision)) {
        for (const int workers : WorkerCounts(arguments.workers)) {
          cases.push_back({frontend, set, in_double, workers});
        }
      }
    }
  }
  return cases;
}

ProgressFunction Reporter(Progress& progress) {
  return [&progress](double done_s, double total_s) {
    CheckInterrupt();
    progress.Report(done_s, total_s);
  };
}

std::vector<BenchResult> MeasureFrontends(const BenchArguments& arguments) {
  const std::vector<Case> cases = Cases(arguments);
  Progress progress(static_cast<int>(cases.size()), !arguments.quiet);
  std::vector<BenchResult> results;
  for (const Case& each : cases) {
    SetInstructionSet(each.instruction_set);
    const auto bench = each.in_double ? BenchFrontend<double> : BenchFrontend<float>;
    results.push_back(bench(each.frontend, {each.workers, arguments.seconds}, Reporter(progress)));
    progress.InputDone();
  }
  return results;
}

std::vector<ModelBenchResult> MeasureModel(const BenchArguments& arguments) {
  const Model model = OpenModel(arguments.model, arguments.Choices());
  const std::vector<int> counts = WorkerCounts(arguments.workers);
  Progress progress(static_cast<int>(counts.size()), !arguments.quiet);
  std::vector<ModelBenchResult> results;
  for (const int workers : counts) {
    results.push_back(BenchModel(model, {arguments.request_windows, workers, arguments.seconds},
                                 Reporter(progress)));
    progress.InputDone();
  }
  return results;
}

template <class Result>
std::string Report(const BenchArguments& arguments, const std::vector<Result>& results) {
  const Machine machine = ThisMachine();
  return arguments.json ? JsonText(results, machine) : Table(results, machine);
}

int Run(const BenchArguments& arguments) {
  try {
    PrintData(arguments.model.empty() ? Report(arguments, MeasureFrontends(arguments))
                                      : Report(arguments, MeasureModel(arguments)));
  } catch (const Error& error) {
    if (error.code() != Code::kInterrupted) throw;
    std::fputs("ossicle: interrupted\n", stderr);
    return kInterrupted + InterruptSignal();
  }
  return kDone;
}

void AddModelFlags(CLI::App& command, BenchArguments& arguments) {
  CLI::Option* model = command
                           .add_option("--model", arguments.model,
                                       "Measure requests to this model instead, from samples in\n"
                                       "memory to embeddings")
                           ->type_name("M.onnx");
  command.add_option("--request-windows", arguments.request_windows, "Windows of a request")
      ->check(CLI::Range(1, 65536).description(""))
      ->capture_default_str()
      ->needs(model)
      ->type_name("1..65536");
  command
      .add_option("--windows", arguments.windows,
                  "As in `ossicle encode`; those of a packed model if they are not given")
      ->needs(model)
      ->type_name("LENGTH:STEP[:FIRST]");
  for (const char* name : {"--precision", "--instruction-set"}) {
    command.get_option(name)->excludes(model);
  }
}

}  // namespace

void AddBench(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("bench",
                         "Examples:\n"
                         "  ossicle bench\n"
                         "  ossicle bench --frontend whisper-80 --workers 1 --json\n"
                         "  ossicle bench --frontend mine.json --instruction-set all --precision "
                         "both\n"
                         "  ossicle bench --model packed.onnx --request-windows 25\n\n"
                         "How fast front ends, and models behind them, are on this machine");
  auto arguments = std::make_shared<BenchArguments>();
  command
      ->add_option("--frontend", arguments->frontend,
                   "Preset or a spec's .json; all presets, or that of a packed\n"
                   "model, if it is not given")
      ->type_name("NAME|FILE.json");
  command
      ->add_option("--precision", arguments->precision, "Of the arithmetic: float, double or both")
      ->check(CLI::IsMember({"float", "double", "both"}))
      ->capture_default_str()
      ->type_name("TYPE");
  command
      ->add_option("--instruction-set", arguments->instruction_set,
                   "One that `ossicle --version` names as supported here, all, or best")
      ->capture_default_str()
      ->type_name("NAME");
  command
      ->add_option("--workers", arguments->workers,
                   "Threads; 1 and then all cores if it is not given")
      ->check(CLI::Range(1, 256).description(""))
      ->type_name("1..256");
  command
      ->add_option("--seconds", arguments->seconds,
                   "Of measuring each line of the result; the fastest run counts")
      ->check(CLI::Range(0.01, 600.0).description(""))
      ->capture_default_str()
      ->type_name("0.01..600");
  command->add_flag("--json", arguments->json, "Print the result for programs");
  command->add_flag("--quiet", arguments->quiet, "Show no progress on a terminal");
  AddModelFlags(*command, *arguments);
  command->callback([arguments, &exit_code] { exit_code = Run(*arguments); });
}

}  // namespace ossicle::cli
