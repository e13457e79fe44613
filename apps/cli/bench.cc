#include "ossicle/bench.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "arguments.h"
#include "commands.h"
#include "exit_code.h"
#include "interrupt.h"
#include "ossicle/error.h"
#include "progress.h"

namespace ossicle::cli {

namespace {

using Json = nlohmann::ordered_json;

struct BenchArguments {
  std::string frontend;
  std::string precision = "float";
  std::string instruction_set = "best";
  int workers = 0;
  double seconds = 1.0;
  bool json = false;
  bool quiet = false;
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

std::vector<BenchResult> Measure(const std::vector<Case>& cases, const BenchArguments& arguments) {
  Progress progress(static_cast<int>(cases.size()), !arguments.quiet);
  const auto report = [&](double done_s, double total_s) {
    CheckInterrupt();
    progress.Report(done_s, total_s);
  };
  std::vector<BenchResult> results;
  for (const Case& each : cases) {
    SetInstructionSet(each.instruction_set);
    const auto bench = each.in_double ? BenchFrontend<double> : BenchFrontend<float>;
    results.push_back(bench(each.frontend, {each.workers, arguments.seconds}, report));
    progress.InputDone();
  }
  return results;
}

std::string StageText(const std::vector<StageShare>& stages) {
  std::string text;
  for (const StageShare& stage : stages) {
    char share[32];
    std::snprintf(share, sizeof(share), " %.0f %%", stage.share * 100.0);
    text += (text.empty() ? "  " : ", ") + stage.name + share;
  }
  return text;
}

std::string MachineLine(const Machine& machine) {
  return machine.cpu + ", " + std::to_string(machine.cores) +
         (machine.cores == 1 ? " core, " : " cores, ") + machine.instruction_set + "; " +
         machine.compiler + ", " + machine.build_type + "; ossicle " + machine.version + " (git " +
         machine.git_hash + ")\n";
}

std::string Row(const BenchResult& result, std::size_t name_width) {
  char text[128];
  std::snprintf(text, sizeof(text), "  %-9s  %-15s  %7d  %8.3f  %15.0f  %5.2f",
                result.precision.c_str(), result.instruction_set.c_str(), result.workers,
                result.us_per_frame, result.times_real_time, result.gb_per_s);
  std::string name = result.frontend;
  name.resize(std::max(name_width, name.size()), ' ');
  return name + text + StageText(result.stages) + "\n";
}

std::string Table(const std::vector<BenchResult>& results, const Machine& machine) {
  std::size_t width = 9;
  for (const BenchResult& result : results) width = std::max(width, result.frontend.size());
  std::string table = MachineLine(machine) + "front end" + std::string(width - 9, ' ') +
                      "  precision  instruction set  workers  us/frame  times real time   GB/s" +
                      (results.front().stages.empty() ? "\n" : "  stages\n");
  for (const BenchResult& result : results) table += Row(result, width);
  return table;
}

Json ToJson(const BenchResult& result) {
  Json json;
  json["frontend"] = result.frontend;
  json["precision"] = result.precision;
  json["instruction_set"] = result.instruction_set;
  json["workers"] = result.workers;
  json["us_per_frame"] = result.us_per_frame;
  json["times_real_time"] = result.times_real_time;
  json["gb_per_s"] = result.gb_per_s;
  json["audio_s"] = result.audio_s;
  json["frames"] = result.frames;
  json["repetitions"] = result.repetitions;
  json["stages"] = Json::array();
  for (const StageShare& stage : result.stages) {
    json["stages"].push_back({{"name", stage.name}, {"share", stage.share}});
  }
  return json;
}

std::string JsonText(const std::vector<BenchResult>& results, const Machine& machine) {
  Json json;
  json["results"] = Json::array();
  for (const BenchResult& result : results) json["results"].push_back(ToJson(result));
  json["machine"] = {{"cpu", machine.cpu},
                     {"cores", machine.cores},
                     {"instruction_set", machine.instruction_set},
                     {"compiler", machine.compiler},
                     {"build_type", machine.build_type},
                     {"version", machine.version},
                     {"git_hash", machine.git_hash}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

int Run(const BenchArguments& arguments) {
  const Machine machine = ThisMachine();
  const std::vector<Case> cases = Cases(arguments);
  try {
    const std::vector<BenchResult> results = Measure(cases, arguments);
    PrintData(arguments.json ? JsonText(results, machine) : Table(results, machine));
  } catch (const Error& error) {
    if (error.code() != Code::kInterrupted) throw;
    std::fputs("ossicle: interrupted\n", stderr);
    return kInterrupted + InterruptSignal();
  }
  return kDone;
}

}  // namespace

void AddBench(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("bench",
                         "Examples:\n"
                         "  ossicle bench\n"
                         "  ossicle bench --frontend whisper-80 --workers 1 --json\n"
                         "  ossicle bench --frontend mine.json --instruction-set all --precision "
                         "both\n\n"
                         "How fast front ends are on this machine");
  auto arguments = std::make_shared<BenchArguments>();
  command
      ->add_option("--frontend", arguments->frontend,
                   "Preset or a spec's .json; all presets if it is not given")
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
  command->callback([arguments, &exit_code] { exit_code = Run(*arguments); });
}

}  // namespace ossicle::cli
