#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ossicle/engine.h"
#include "ossicle/frontend.h"

namespace ossicle {

struct BenchOptions {
  int workers = 1;       ///< 1..256
  double seconds = 1.0;  ///< of measuring, 0.01..600; the warm-up takes up to half as much more
};

/// A stage of Frontend::Run and its part of the time of one worker, 0..1; all together make 1.
struct StageShare {
  std::string name;
  double share = 0.0;
};

/// The fastest of many runs over the same audio.
struct BenchResult {
  std::string frontend;   ///< the spec's name
  std::string precision;  ///< "float" or "double"
  std::string instruction_set;
  int workers = 1;
  double audio_s = 0.0;  ///< of one run: a minute, less where that is needed to keep to `seconds`
  std::int64_t frames = 0;       ///< of one run
  std::int64_t repetitions = 0;  ///< at least 3
  double us_per_frame = 0.0;     ///< wall time of all workers together
  double times_real_time = 0.0;
  double gb_per_s = 0.0;  ///< 10^9 bytes of samples read and features written per second
  std::vector<StageShare> stages;
};

/// Measures Frontend::Run on this machine with the instruction set in use, on noise that it makes
/// in memory: at most 64 MiB of samples and features, unless the padding alone gives more frames.
///   frontend  is what is measured
///   progress  called after each run with the seconds of measuring done and options.seconds; throw
///             from it to stop, and the exception is passed on
/// Throws Error(kInvalidSpec) for options out of range.
template <class T>
BenchResult BenchFrontend(const Frontend& frontend, const BenchOptions& options = {},
                          const ProgressFunction& progress = nullptr);

struct ModelBenchOptions {
  int request_windows = 25;  ///< 1..65536
  int workers = 1;           ///< 1..256
  double seconds = 1.0;      ///< of measuring, 0.01..600
};

/// The fastest of many requests with the same samples.
struct ModelBenchResult {
  std::string model;         ///< the file's name
  std::string frontend;      ///< the spec's name
  std::int64_t windows = 0;  ///< of a request; more than were asked for where none gives so few
  int workers = 1;
  double audio_s = 0.0;          ///< of a request
  std::int64_t repetitions = 0;  ///< at least 3
  double ms_per_request = 0.0;   ///< samples in memory to embeddings in memory, wall time
  double windows_per_second = 0.0;
  double features_ms = 0.0;  ///< of ms_per_request
  double encoder_ms = 0.0;   ///< of ms_per_request
};

/// Measures Encode() of samples in memory, as long as a request of so many windows needs, on noise.
///   progress  as BenchFrontend's
/// Throws Error(kInvalidSpec) for options out of range, and what Encode() throws.
ModelBenchResult BenchModel(const Model& model, const ModelBenchOptions& options = {},
                            const ProgressFunction& progress = nullptr);

/// What a measurement depends on besides the front end.
struct Machine {
  std::string cpu;              ///< the model's name as the system gives it, or the architecture
  int cores = 1;                ///< that this process may use
  std::string instruction_set;  ///< the one in use
  std::string compiler;         ///< of this library, such as "GCC 12.2.0"
  std::string version;          ///< Version()
  std::string git_hash;         ///< GitHash()
  std::string build_type;       ///< BuildType()
};
Machine ThisMachine();

}  // namespace ossicle
