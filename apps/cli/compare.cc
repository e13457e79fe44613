#include <cstdio>
#include <memory>
#include <optional>

#include "batch.h"
#include "commands.h"
#include "comparison.h"
#include "exit_code.h"
#include "interrupt.h"
#include "ossicle/error.h"
#include "ossicle/npy.h"
#include "progress.h"

namespace ossicle::cli {

namespace {

[[noreturn]] void Usage(const std::string& message) { throw Error(Code::kInvalidSpec, message); }

void RequireSpecs(const CompareArguments& arguments) {
  if (arguments.spec.empty()) {
    Usage("nothing to compare; name an array (.npy) and --audio, or --spec and --with");
  }
  if (arguments.with.empty()) {
    Usage("--spec is compared with another spec; name it, such as --with whisper-80");
  }
  if (!arguments.output.empty()) {
    Usage(
        "-o writes the spec that was found for an array, but none was given; `ossicle "
        "frontends NAME` prints a spec");
  }
}

void RequireArrays(const CompareArguments& arguments) {
  const std::vector<std::string>& arrays = arguments.inputs;
  if (!arguments.spec.empty()) {
    Usage("an array and --spec were given; an array is compared with a spec by --with " +
          arguments.spec);
  }
  if (arguments.audio.empty()) {
    Usage("--audio is missing: name the sound that \"" + arrays.front() + "\" was made of");
  }
  if (arrays.size() > 2) {
    Usage("there are " + std::to_string(arrays.size()) + " arrays; one or two can be compared");
  }
  if (arrays.size() == 2 && !arguments.with.empty()) {
    Usage("two arrays and --with were given; leave one of them out");
  }
  int from_standard_input = arguments.audio == "-" ? 1 : 0;
  for (const std::string& array : arrays) from_standard_input += array == "-" ? 1 : 0;
  if (from_standard_input > 1) Usage("- (standard input) was given twice; save one in a file");
}

void Check(const CompareArguments& arguments) {
  arguments.inputs.empty() ? RequireSpecs(arguments) : RequireArrays(arguments);
  if (!arguments.output.empty()) CheckOutput(arguments.output, arguments.overwrite);
  if (arguments.plot.empty()) return;
  ValidatePlotOptions(ComparisonPlotOptions(arguments));
  CheckOutput(arguments.plot, arguments.overwrite);
}

Identification Identify(const UnknownFeatures& array, const Signal& audio, bool quiet) {
  Progress progress(1, !quiet);
  IdentifyOptions options;
  options.progress = [&progress](double share) {
    CheckInterrupt();
    progress.Report(share, 1.0);
  };
  return IdentifyFrontend(array, audio.samples, audio.info.sample_rate_hz, options);
}

Side SideOfSpec(const std::string& name) { return {name, {}, {}, ReadSpec(name)}; }

Side SideOfArray(const std::string& path, const Signal& audio, bool quiet) {
  const std::string name = path == "-" ? "standard input" : path;
  const UnknownFeatures array = ReadNpy(path);
  try {
    const Identification found = Identify(array, audio, quiet);
    return {name, array, found, found.best};
  } catch (const Error& error) {
    if (error.code() == Code::kInterrupted) throw;
    throw Error(error.code(), name + ": " + error.what());
  }
}

SpecDifference DifferenceOf(const FrontendSpec& mine, const FrontendSpec& theirs,
                            const std::optional<Signal>& audio) {
  if (!audio) return CompareSpecs(mine, theirs, ComparisonSignal(), kComparisonSignalRateHz);
  return CompareSpecs(mine, theirs, audio->samples, audio->info.sample_rate_hz);
}

void CompareSides(const Side& theirs, Comparison& comparison) {
  const Side& mine = comparison.mine;
  if (mine.array && theirs.array) comparison.arrays = CompareArrays(*mine.array, *theirs.array);
  if (mine.IsKnown() && theirs.IsKnown()) {
    comparison.difference = DifferenceOf(mine.spec, theirs.spec, comparison.audio);
  }
}

/// Mixed down as it should be.
Signal ReadAudio(const CompareArguments& arguments, const std::optional<Side>& wanted) {
  const Downmix downmix = wanted ? wanted->spec.downmix : Downmix::kMean;
  return ReadSignal(arguments.Request(arguments.audio), arguments.DownmixOr(downmix));
}

Comparison CompareAnySpecs(const CompareArguments& arguments) {
  Comparison comparison;
  const Side theirs = SideOfSpec(arguments.with);
  comparison.mine = SideOfSpec(arguments.spec);
  if (!arguments.audio.empty()) comparison.audio = ReadAudio(arguments, theirs);
  CompareSides(theirs, comparison);
  comparison.theirs = theirs;
  return comparison;
}

Comparison CompareAnyArrays(const CompareArguments& arguments) {
  Comparison comparison;
  if (!arguments.with.empty()) comparison.theirs = SideOfSpec(arguments.with);
  const Signal audio = ReadAudio(arguments, comparison.theirs);
  comparison.audio = audio;
  comparison.mine = SideOfArray(arguments.inputs[0], audio, arguments.quiet);
  if (arguments.inputs.size() == 2)
    comparison.theirs = SideOfArray(arguments.inputs[1], audio, arguments.quiet);
  if (!comparison.theirs) return comparison;
  FrontendSpec& found = comparison.mine.spec;
  found = WithUnheardOf(found, comparison.theirs->spec, audio.info.sample_rate_hz);
  CompareSides(*comparison.theirs, comparison);
  return comparison;
}

void WriteSpec(const FrontendSpec& spec, const CompareArguments& arguments) {
  const std::string json = spec.ToJson() + "\n";
  const OutputGuard guard(arguments.output);
  AtomicFile file(arguments.output, arguments.overwrite);
  file.Write(json.data(), json.size());
  file.Commit();
}

int Report(const CompareArguments& arguments) {
  const Comparison comparison =
      arguments.inputs.empty() ? CompareAnySpecs(arguments) : CompareAnyArrays(arguments);
  const bool is_known = comparison.mine.IsKnown();
  if (!arguments.output.empty() && is_known) WriteSpec(comparison.mine.spec, arguments);
  if (!arguments.plot.empty()) DrawComparison(comparison, ComparisonPlotOptions(arguments));
  const std::string report = arguments.json ? CompareJson(comparison)
                                            : CompareReport(comparison, !arguments.output.empty());
  if (arguments.output != "-") {
    PrintData(report);
  } else if (!arguments.quiet) {
    std::fputs(report.c_str(), stderr);
  }
  return is_known && (!comparison.theirs || comparison.theirs->IsKnown()) ? kDone : kSomeFailed;
}

int Run(const CompareArguments& arguments) {
  Check(arguments);
  try {
    return Report(arguments);
  } catch (const Error& error) {
    if (error.code() != Code::kInterrupted) throw;
    std::fputs("ossicle: interrupted\n", stderr);
    return kInterrupted + InterruptSignal();
  }
}

void AddOptions(CLI::App& command, CompareArguments& arguments) {
  command
      .add_option("array", arguments.inputs, "One or two arrays of features; - is standard input")
      ->type_name("FILE.npy");
  command.add_option("--audio", arguments.audio, "The sound that they were made of")
      ->type_name("IN");
  arguments.AddAudioFlagsTo(command);
  command.add_option("--spec", arguments.spec, "A preset or a spec's .json in place of an array")
      ->type_name("NAME|FILE.json");
  command.add_option("--with", arguments.with, "The preset or spec that it should be")
      ->type_name("NAME|FILE.json");
  command
      .add_option("-o,--output", arguments.output,
                  "File for the spec that was found, or - for standard output")
      ->type_name("FILE.json");
  command
      .add_option("--plot", arguments.plot, "Draw both and their difference; ends in .png or .svg")
      ->type_name("OUT");
  command.add_flag("--overwrite", arguments.overwrite, "Replace what is there already");
  command.add_flag("--json", arguments.json, "Print the result for programs");
  command.add_flag("--quiet", arguments.quiet, "Write nothing but errors to standard error");
}

}  // namespace

void AddCompare(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand(
      "compare",
      "Examples:\n"
      "  ossicle compare mine.npy --audio talk.wav                     # which front end is it?\n"
      "  ossicle compare mine.npy --audio talk.wav --with whisper-80   # what differs from that?\n"
      "  ossicle compare mine.npy theirs.npy --audio talk.wav          # what differs?\n"
      "  ossicle compare --spec mine.json --with whisper-80\n\n"
      "Which front end made an array, and what differs between two front ends");
  auto arguments = std::make_shared<CompareArguments>();
  AddOptions(*command, *arguments);
  command->callback([arguments, &exit_code] { exit_code = Run(*arguments); });
}

}  // namespace ossicle::cli
