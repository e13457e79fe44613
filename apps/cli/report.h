#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "exit_code.h"
#include "ossicle/engine.h"

namespace ossicle::cli {

/// What was written.
struct Artifact {
  std::string kind;  ///< "features", "embeddings" or "samples"
  std::string made_by;
  std::string path;
  std::vector<std::int64_t> shape;  ///< empty for a picture
  std::string type;                 ///< "float32"
};

/// What resampling did.
struct RateChange {
  std::string resampler;  ///< empty: nothing, for the rate was there already
  int output_rate_hz = 0;
  std::int64_t samples_in = 0;   ///< per channel
  std::int64_t samples_out = 0;  ///< per channel
  std::int64_t clipped = 0;      ///< of all channels together
};

/// What a live stream has besides.
struct LiveReport {
  std::int64_t lookahead_samples = 0;  ///< of the input's
  bool was_interrupted = false;
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
  std::optional<RateChange> rate_change;
  std::int64_t not_finite = 0;  ///< embeddings with a NaN or an infinity
  std::optional<LiveReport> live;
  std::string error;
  ExitCode exit_code = kDone;
};

/// "talk.wav: 2.99 s, 16000 Hz, 1 channel, WAV, 16-bit PCM".
std::string AudioText(const std::string& input, double duration_s, const AudioInfo& audio);

double Milliseconds(std::int64_t samples, int sample_rate_hz);

/// "look-ahead  25.00 ms: 400 samples at 16000 Hz".
std::string LookaheadText(std::int64_t samples, int sample_rate_hz);

/// A few lines for a person: one input in full, or a summary of several.
std::string Summary(const std::vector<Outcome>& outcomes);

/// The same for a program.
std::string JsonSummary(const std::vector<Outcome>& outcomes);

}  // namespace ossicle::cli
