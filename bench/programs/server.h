#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace ossicle::bench {

/// What a competitor's program offers to bench/run.py, which talks to it over standard input and
/// output, a line at a time:
///
///   (start)       -> {"ready": true, "frames": ..., ...}
///   run SECONDS   -> [seconds of each whole call]; at least one call
///   output PATH   -> {"written": true}
///   stages        -> {"name": number, ...}: where the time goes and what else it tells; not all do
///   (end of file) -> the program ends
struct Competitor {
  std::string description;                              ///< members of the first line, as JSON
  std::function<void()> run;                            ///< one whole call, everything warmed up
  std::function<void(const std::string& path)> output;  ///< writes the last call's result as .npy
  std::function<std::string()> stages = nullptr;        ///< JSON; may be missing
};

/// Serves until the end of input. Returns the exit code.
int Serve(const Competitor& competitor);

using Arguments = std::map<std::string, std::string>;

/// "--name value" pairs. Throws std::runtime_error for anything else.
Arguments ParseArguments(int argc, char** argv);
std::string Get(const Arguments& arguments, const std::string& name, const std::string& otherwise);
int GetInt(const Arguments& arguments, const std::string& name, int otherwise);

std::string Quoted(const std::string& text);

/// The raw float32 samples of `path`, repeated or cut to `samples` (0: as they are).
std::vector<float> LoadAudio(const std::string& path, std::int64_t samples = 0);

/// Writes a rows x columns matrix as .npy.
template <class T>
void WriteMatrix(const std::string& path, const T* values, std::int64_t rows, std::int64_t columns);

/// Calls `body`; an exception's message goes to standard error, and the exit code is 1.
int Main(const std::function<int()>& body);

}  // namespace ossicle::bench
