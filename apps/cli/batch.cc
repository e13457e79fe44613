#include "batch.h"

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <map>

#include "commands.h"
#include "interrupt.h"
#include "ossicle/error.h"
#include "ossicle/npy.h"
#include "progress.h"

namespace ossicle::cli {

namespace {

namespace fs = std::filesystem;

}  // namespace

bool IsFolder(const InputArguments& arguments) {
  std::error_code ignored;
  return arguments.inputs.size() > 1 || arguments.output.ends_with('/') ||
         (arguments.output != "-" && fs::is_directory(arguments.output, ignored));
}

namespace {

fs::path NameInFolder(const std::string& input, const std::string& ending) {
  const fs::path stem = input == "-" ? fs::path("stdin") : fs::path(input).stem();
  return stem.string() + ending;
}

void MakeFolder(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error && fs::is_directory(folder)) return;
  std::error_code ignored;
  if (fs::exists(folder, ignored)) {
    throw Error(Code::kOutput, "\"" + folder +
                                   "\" is a file, but several inputs go to a folder; "
                                   "name another one with -o");
  }
  throw Error(Code::kOutput, "the folder \"" + folder + "\" cannot be made: " + error.message() +
                                 "; name another one with -o");
}

std::vector<InputRequest> Requests(const InputArguments& arguments) {
  std::vector<InputRequest> requests;
  for (const std::string& input : arguments.inputs) requests.push_back(arguments.Request(input));
  return requests;
}

void CheckIsNotInput(const std::string& output, const std::string& input) {
  std::error_code no_file;
  if (!fs::equivalent(output, input, no_file)) return;
  throw Error(Code::kInvalidSpec,
              "the output \"" + output + "\" is the input; name another place with -o");
}

std::vector<std::string> OutputNames(const InputArguments& arguments, const std::string& ending) {
  if (!IsFolder(arguments)) return {arguments.output};
  if (arguments.output == "-") {
    throw Error(Code::kInvalidSpec, "-o - takes one input, but " +
                                        std::to_string(arguments.inputs.size()) +
                                        " were given; name a folder with -o");
  }
  std::vector<std::string> names;
  std::map<std::string, std::string> made_from;
  for (const std::string& input : arguments.inputs) {
    names.push_back((arguments.output / NameInFolder(input, ending)).string());
    const auto [found, is_new] = made_from.emplace(names.back(), input);
    if (!is_new) {
      throw Error(Code::kInvalidSpec, "\"" + found->second + "\" and \"" + input +
                                          "\" would both be written to \"" + names.back() +
                                          "\"; use two folders");
    }
  }
  MakeFolder(arguments.output);
  return names;
}

class Batch {
 public:
  Batch(const InputArguments& arguments, const InputTask& task, const std::string& ending)
      : arguments_(arguments),
        task_(task),
        requests_(Requests(arguments)),
        outputs_(OutputNames(arguments, ending)),
        outcomes_(outputs_.size()),
        progress_(static_cast<int>(outputs_.size()), !arguments.quiet) {
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
      CheckIsNotInput(outputs_[i], arguments.inputs[i]);
    }
    if (outputs_.size() == 1) CheckOutput(outputs_.front(), arguments.overwrite);
  }

  int Run() {
    RunAll();
    progress_.Clear();
    if (!arguments_.quiet) std::fputs(Summary(outcomes_).c_str(), stderr);
    if (InterruptSignal() != 0) std::fputs("ossicle: interrupted\n", stderr);
    if (arguments_.json) WriteJson();
    return Result();
  }

 private:
  void WriteJson() const {
    const std::string json = JsonSummary(outcomes_);
    if (arguments_.output != "-") return PrintData(json);
    std::fputs(json.c_str(), stderr);
  }

  /// One input gets all workers; of several, each worker takes the next.
  void RunAll() {
    const int inputs = static_cast<int>(outputs_.size());
    if (inputs == 1) {
      const bool named = arguments_.workers > 0;
      Workers workers(arguments_.Workers(), named ? Workers::Use::kAll : Workers::Use::kByGrain);
      return RunOne(0, &workers);
    }
    Workers workers(std::min(arguments_.Workers(), inputs));
    std::atomic<std::size_t> next = 0;
    workers.Run(workers.count(), [&](int) {
      for (std::size_t i = next++; i < outputs_.size() && !stop_; i = next++) RunOne(i, nullptr);
    });
  }

  void RunOne(std::size_t index, Workers* workers) {
    const std::string& input = arguments_.inputs[index];
    const std::string& output = outputs_[index];
    Outcome& outcome = outcomes_[index];
    try {
      if (KeepsExisting(output)) {
        outcome.state = Outcome::State::kKept;
        outcome.artifact.path = output;
      } else {
        const auto report = [this](double done_s, double total_s) {
          CheckInterrupt();
          progress_.Report(done_s, total_s);
        };
        outcome = task_(requests_[index], output, workers, report);
        outcome.state = Outcome::State::kDone;
      }
    } catch (const Error& error) {
      Fail(outcome, error);
    }
    outcome.input = input;
    progress_.InputDone();
  }

  /// Several inputs go on where an earlier run ended; a single one says that the file is there.
  bool KeepsExisting(const std::string& output) const {
    std::error_code ignored;
    return outputs_.size() > 1 && !arguments_.overwrite && fs::exists(output, ignored);
  }

  void Fail(Outcome& outcome, const Error& error) {
    if (error.code() == Code::kInterrupted) {
      stop_ = true;
      return;
    }
    outcome.state = Outcome::State::kFailed;
    outcome.error = error.what();
    outcome.exit_code = ExitCodeOf(error.code());
    // What cannot be written for one input cannot for the next; nor is a model better for it.
    if (outcome.exit_code == kOutput || outcome.exit_code == kModel) stop_ = true;
    progress_.Clear();
    std::fprintf(stderr, "ossicle: %s\n", outcome.error.c_str());
  }

  int Result() const {
    if (InterruptSignal() != 0) return kInterrupted + InterruptSignal();
    int result = kDone;
    for (const Outcome& outcome : outcomes_) {
      if (outcome.exit_code == kDone) continue;
      const bool ends_all =
          outcomes_.size() == 1 || outcome.exit_code == kOutput || outcome.exit_code == kModel;
      if (ends_all) return outcome.exit_code;
      result = kSomeFailed;
    }
    return result;
  }

  const InputArguments& arguments_;
  const InputTask& task_;
  const std::vector<InputRequest> requests_;
  const std::vector<std::string> outputs_;
  std::vector<Outcome> outcomes_;
  Progress progress_;
  std::atomic<bool> stop_ = false;
};

}  // namespace

void CheckOutput(const std::string& output, bool overwrite) {
  std::error_code ignored;
  if (output == "-" || fs::is_other(output, ignored)) return;
  const OutputGuard guard(output);
  const AtomicFile removed_at_once(output, overwrite);
}

int RunBatch(const InputArguments& arguments, const InputTask& task, const std::string& ending) {
  return Batch(arguments, task, ending).Run();
}

}  // namespace ossicle::cli
