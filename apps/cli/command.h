#pragma once

namespace ossicle::cli {

/// The whole command, once in a process: it takes over the signals and the standard streams.
/// Returns the exit code.
int RunCommand(int argc, char** argv);

}  // namespace ossicle::cli
