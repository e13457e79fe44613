#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "exit_code.h"
#include "ossicle/engine.h"

namespace ossicle::cli {

/// An array that was written.
struct Artifact {
  std::string kind;  ///< "features" or "embeddings"
  std::string made_by;
  std::string path;
  std::vector<std::int64_t> shape;  ///< empty for a picture
  std::string type;                 ///< "float32"
};

/// What became of one input.
struct Outcome {
  enum class State { kDone, kKept, kFailed, kSkipped };
  State state = State::kSkipped;
  std::string input;
  AudioInfo audio;
  double duration_s = 0.0;
  StageSeconds seconds;
  Artifact artifact;
  std::string error;
  ExitCode exit_code = kDone;
};

/// "talk.wav: 2.99 s, 16000 Hz, 1 channel, WAV, 16-bit PCM".
std::string AudioText(const std::string& input, double duration_s, const AudioInfo& audio);

/// A few lines for a person: one input in full, or a summary of several.
std::string Summary(const std::vector<Outcome>& outcomes);

/// The same for a program.
std::string JsonSummary(const std::vector<Outcome>& outcomes);

}  // namespace ossicle::cli
