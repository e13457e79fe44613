#pragma once

#include <functional>
#include <string>
#include <vector>

#include "arguments.h"
#include "report.h"

namespace ossicle::cli {

/// What a command does with one input. Returns what it wrote; throws ossicle::Error.
///   workers   for this input alone; nullptr where several inputs are worked on at the same time
using InputTask = std::function<Outcome(const InputRequest& input, const std::string& output,
                                        Workers* workers, const ProgressFunction& progress)>;

/// Runs `task` for every input and writes the messages, the progress and the summary. One input
/// goes to the file that -o names; several, or a name that is a folder or ends in "/", to NAME and
/// `ending` in that folder. Returns the exit code.
int RunBatch(const InputArguments& arguments, const InputTask& task,
             const std::string& ending = ".npy");

/// Whether the output is a folder for a file from each input.
bool IsFolder(const InputArguments& arguments);

/// Says before any work that an output cannot be written. Opens no device and no FIFO.
/// Throws Error(kOutput).
void CheckOutput(const std::string& output, bool overwrite);

}  // namespace ossicle::cli
