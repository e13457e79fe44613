#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "batch.h"
#include "commands.h"
#include "interrupt.h"
#include "model_arguments.h"
#include "ossicle/error.h"
#include "ossicle/npy.h"
#include "report.h"
#include "stream_job.h"

namespace ossicle::cli {

namespace {

struct StreamArguments : ModelArguments {
  std::string format;
  std::string precision = "float";
  std::string statistics;
  std::string save_statistics;
  bool fail_on_nan = false;

  const std::string& input() const { return inputs.front(); }
};

StreamStatistics ReadStatistics(const std::string& path) {
  try {
    StreamStatistics statistics;
    statistics.mode = StatisticsMode::kFrozen;
    statistics.frozen = StatisticsFromJson(ReadText(path));
    return statistics;
  } catch (const Error& error) {
    throw Error(error.code(), "--statistics frozen:" + path + ": " + error.what());
  }
}

constexpr char kModes[] = "exact, running, segment:SECONDS or frozen:FILE.json";

/// As StreamStatistics::Parse, in the words of the flag.
StreamStatistics ParseMode(const std::string& text) {
  try {
    return StreamStatistics::Parse(text);
  } catch (const Error& error) {
    throw Error(error.code(), "--statistics " + text + ", but it must be " + kModes +
                                  "; a segment has more than 0 and at most " +
                                  std::to_string(kMaxSegmentSeconds) + " seconds");
  }
}

/// Throws Error(kInvalidSpec).
StreamOptions Options(const StreamArguments& arguments, const FrontendSpec& spec) {
  constexpr std::string_view kFrozen = "frozen:";
  const std::string& text = arguments.statistics;
  const bool are_needed = NeedsStatistics(spec);
  if (are_needed && text.empty()) {
    throw Error(Code::kInvalidSpec,
                "the front end \"" + spec.name +
                    "\" looks at the whole signal, which a live one does not have yet; say with "
                    "--statistics what to do: " +
                    kModes);
  }
  if (text.empty()) return {};
  StreamOptions options;
  options.statistics =
      text.starts_with(kFrozen) ? ReadStatistics(text.substr(kFrozen.size())) : ParseMode(text);
  if (!are_needed) options.statistics.reset();
  return options;
}

/// Throws Error(kInvalidSpec), or Error(kOutput) if they could not be written.
void CheckSavedStatistics(const StreamArguments& arguments, const StreamOptions& options) {
  if (arguments.save_statistics.empty()) return;
  if (!options.statistics || options.statistics->mode == StatisticsMode::kSegment) {
    throw Error(Code::kInvalidSpec,
                "--save-statistics, but there will be none of the whole signal; it goes with "
                "--statistics exact, running or frozen:FILE.json and a front end that needs them");
  }
  CheckOutput(arguments.save_statistics, arguments.overwrite);
}

void SaveStatistics(const StreamArguments& arguments,
                    const std::vector<StepStatistics>& statistics) {
  if (arguments.save_statistics.empty()) return;
  if (statistics.empty()) {
    throw Error(Code::kOutput, "there is nothing to be written to \"" + arguments.save_statistics +
                                   "\": the input was too short for a frame");
  }
  const std::string text = ToJson(statistics) + "\n";
  const OutputGuard guard(arguments.save_statistics);
  AtomicFile file(arguments.save_statistics, arguments.overwrite);
  file.Write(text.data(), text.size());
  file.Commit();
}

std::unique_ptr<LiveJob> MakeJob(const StreamArguments& arguments) {
  const StreamFormat format = ChosenStreamFormat(arguments.format);
  if (!arguments.model.empty()) {
    const Model model = OpenModel(arguments.model, arguments.Choices());
    const StreamOptions options = Options(arguments, model.frontend.spec());
    CheckSavedStatistics(arguments, options);
    return MakeEmbeddingJob(model,
                            {options, format, arguments.fail_on_nan, arguments.MadeBy(model)});
  }
  const Frontend frontend(arguments.Spec());
  const StreamOptions options = Options(arguments, frontend.spec());
  CheckSavedStatistics(arguments, options);
  const auto make =
      arguments.precision == "double" ? MakeFeatureJob<double> : MakeFeatureJob<float>;
  return make(frontend, options, format);
}

/// The input as the front end takes it, while it comes.
class LiveInput {
 public:
  LiveInput(const InputRequest& request, const FrontendSpec& spec) {
    std::unique_ptr<AudioSource> source = OpenRequest(request, spec.downmix);
    info_ = source->info();
    source_ = Resampled(std::move(source), spec.sample_rate_hz, spec.resampler);
    info_.resampler = source_->info().resampler;
  }

  const AudioInfo& info() const noexcept { return info_; }
  double duration_s() const {
    return static_cast<double>(samples_) / source_->info().sample_rate_hz;
  }

  /// Pushes what has come, again and again, until the end. Throws Error(kInterrupted).
  void PushTo(LiveJob& job) {
    while (const std::size_t count = Read()) {
      job.Push(std::span(block_).first(count));
      samples_ += static_cast<std::int64_t>(count);
    }
  }

 private:
  static constexpr std::size_t kBlockSamples = 1 << 14;

  std::size_t Read() {
    CheckInterrupt();
    return static_cast<std::size_t>(source_->ReadSome(block_));
  }

  AudioInfo info_;
  std::unique_ptr<AudioSource> source_;
  std::vector<float> block_ = std::vector<float>(kBlockSamples);
  std::int64_t samples_ = 0;
};

/// Returns whether a signal ended it.
bool WasInterrupted(LiveInput& input, LiveJob& job) {
  try {
    input.PushTo(job);
  } catch (const Error& error) {
    if (error.code() != Code::kInterrupted) throw;
    return true;
  }
  try {
    job.Finish();
  } catch (const Error& error) {
    if (error.code() != Code::kShape) throw;
    throw Error(error.code(), "\"" + input.info().name + "\": " + error.what());
  }
  return false;
}

int Run(const StreamArguments& arguments) {
  const std::unique_ptr<LiveJob> job = MakeJob(arguments);
  EndWaitsBySignals();
  LiveInput input(arguments.Request(arguments.input()), job->frontend().spec());
  Outcome outcome;
  outcome.state = Outcome::State::kDone;
  outcome.input = arguments.input();
  const int rate_hz = input.info().sample_rate_hz;
  outcome.live =
      LiveReport{LookaheadSamples(job->frontend(), rate_hz), WasInterrupted(input, *job)};
  outcome.audio = input.info();
  outcome.duration_s = input.duration_s();
  outcome.artifact = job->Written();
  outcome.not_finite = job->not_finite();
  const std::vector<StepStatistics> statistics = job->statistics();
  if (!outcome.live->was_interrupted || !statistics.empty()) SaveStatistics(arguments, statistics);
  if (!arguments.quiet && !arguments.json) std::fputs(Summary({outcome}).c_str(), stderr);
  if (arguments.json) std::fputs(JsonSummary({outcome}).c_str(), stderr);
  if (!outcome.live->was_interrupted) return kDone;
  std::fputs("ossicle: interrupted\n", stderr);
  return kInterrupted + InterruptSignal();
}

void AddFlags(CLI::App& command, StreamArguments& arguments) {
  arguments.AddFilesTo(command)->expected(1)->description(
      "- for standard input, with --raw; or a FIFO, with --raw; or a file");
  arguments.AddFrontendTo(command);
  CLI::Option* model = arguments.AddModelTo(command);
  for (const char* flag : {"--windows", "--tail"}) command.get_option(flag)->needs(model);
  command
      .add_option("--statistics", arguments.statistics,
                  "What a step does that looks at the whole signal: exact (all comes\n"
                  "out at the end), running (of what has come), segment:SECONDS, or\n"
                  "frozen:FILE.json; counts for nothing where there is no such step")
      ->type_name("MODE");
  command
      .add_option("--save-statistics", arguments.save_statistics,
                  "At the end, write the statistics there, for frozen:FILE.json")
      ->type_name("FILE.json");
  command
      .add_option("--format", arguments.format,
                  "npy-stream (.npy arrays one after the other), jsonl (a line of\n"
                  "JSON a frame or window) or raw (the values alone); if it is not\n"
                  "given, jsonl on a terminal and npy-stream elsewhere")
      ->check(CLI::IsMember({"npy-stream", "jsonl", "raw"}).description(""))
      ->type_name("KIND");
  command.add_option("--precision", arguments.precision, "Of the arithmetic and the values")
      ->check(CLI::IsMember({"float", "double"}))
      ->capture_default_str()
      ->excludes(model)
      ->type_name("TYPE");
  command
      .add_flag("--fail-on-nan", arguments.fail_on_nan,
                "End with exit code 5 if the model gives a NaN or an infinity")
      ->needs(model);
  arguments.AddWriteFlagsTo(command);
  command.get_option("--overwrite")->description("Replace the file of --save-statistics");
  command.add_flag("--json", arguments.json, "Write a summary for programs to standard error");
}

}  // namespace

void AddStream(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand(
      "stream",
      "Examples:\n"
      "  ossicle stream --model packed.onnx --raw s16le:48000:2 --format jsonl -\n"
      "  arecord -q -t raw -f S16_LE -r 16000 -c 1 |\n"
      "      ossicle stream --frontend kaldi-fbank-80 --raw s16le:16000:1 -\n"
      "  ffmpeg -loglevel error -i rtsp://... -f s16le -ac 1 -ar 16000 - |\n"
      "      ossicle stream --frontend whisper-80 --statistics running \\\n"
      "      --raw s16le:16000:1 - > frames.npy\n\n"
      "Features or embeddings of live audio, to standard output at once");
  auto arguments = std::make_shared<StreamArguments>();
  AddFlags(*command, *arguments);
  command->callback([arguments, &exit_code] {
    if (arguments->frontend.empty() && arguments->model.empty()) {
      throw CLI::RequiredError("--frontend or --model");
    }
    exit_code = Run(*arguments);
  });
}

}  // namespace ossicle::cli
