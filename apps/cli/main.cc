#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "commands.h"
#include "exit_code.h"
#include "interrupt.h"
#include "ossicle/error.h"

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

int Run(int argc, char** argv) {
  int exit_code = kDone;
  CLI::App app(kDescription, "ossicle");
  app.footer(kFooter);
  app.set_version_flag("--version", VersionText,
                       "Print the version, the instruction sets and the ONNX Runtime found");
  app.require_subcommand(1);
  AddExtract(app, exit_code);
  AddEncode(app, exit_code);
  AddPlot(app, exit_code);
  AddFrontends(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  return exit_code;
}

}  // namespace
}  // namespace ossicle::cli

int main(int argc, char** argv) {
  using namespace ossicle;
  cli::CatchInterrupts();
  try {
    return cli::Run(argc, argv);
  } catch (const Error& error) {
    std::fprintf(stderr, "ossicle: %s\n", error.what());
    return cli::ExitCodeOf(error.code());
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "ossicle: not enough memory for this job\n");
    return cli::kInput;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ossicle: %s\n", error.what());
    return cli::kInput;
  }
}
