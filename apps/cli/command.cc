#include "command.h"

#include <fcntl.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <sstream>

#include "commands.h"
#include "exit_code.h"
#include "help.h"
#include "interrupt.h"
#include "ossicle/error.h"
#include "ossicle/npy.h"

namespace ossicle::cli {
namespace {

constexpr const char* kDescription =
    "Example:\n"
    "  ossicle extract --frontend wav2lip talk.wav -o talk.npy\n\n"
    "Turns audio files and raw PCM into the features that a model was trained with, and into the\n"
    "model's embeddings. Data goes to files or standard output, words to standard error.";

constexpr const char* kFooter =
    "Exit codes: 0 done, 1 some inputs failed, 2 usage, 3 input, 4 output, 5 model,\n"
    "130 and 143 interrupted. `ossicle COMMAND --help` says more of a command.";

/// Gives a standard stream that is closed a number of its own, so that no file is opened under it.
/// Writing to it fails.
void OpenStandardStreams() {
  for (int fd = 0; fd <= 2; ++fd) {
    if (fcntl(fd, F_GETFD) < 0) open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
  }
}

/// Prints help, the version or what is wrong with the arguments.
int Explain(const CLI::App& app, const CLI::ParseError& error) {
  std::ostringstream data;
  std::ostringstream words;
  const bool is_error = app.exit(error, data, words) != 0;
  std::fputs(words.str().c_str(), stderr);
  PrintData(data.str());
  return is_error ? kUsage : kDone;
}

int Parse(int argc, char** argv) {
  int exit_code = kDone;
  CLI::App app(kDescription, "ossicle");
  StyleMessages(app);
  app.footer(kFooter);
  app.set_version_flag("--version", VersionText,
                       "Print the version, the instruction sets and the ONNX Runtime found");
  app.require_subcommand(1);
  AddExtract(app, exit_code);
  AddEncode(app, exit_code);
  AddStream(app, exit_code);
  AddPack(app, exit_code);
  AddInspect(app, exit_code);
  AddPlot(app, exit_code);
  AddCompare(app, exit_code);
  AddFrontends(app, exit_code);
  AddResample(app, exit_code);
  AddResamplers(app, exit_code);
  AddBench(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return Explain(app, error);
  }
  return exit_code;
}

}  // namespace

void PrintData(const std::string& text) {
  AtomicFile standard_output("-");
  standard_output.Write(text.data(), text.size());
}

int RunCommand(int argc, char** argv) {
  OpenStandardStreams();
  CatchInterrupts();
  try {
    return Parse(argc, argv);
  } catch (const Error& error) {
    std::fprintf(stderr, "ossicle: %s\n", error.what());
    return ExitCodeOf(error.code());
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "ossicle: not enough memory for this job\n");
    return kInput;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ossicle: %s\n", error.what());
    return kInput;
  }
}

}  // namespace ossicle::cli
