#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ossicle/engine.h"
#include "ossicle/stream.h"
#include "report.h"
#include "stream_output.h"

namespace ossicle::cli {

/// Stream::lookahead_samples() of samples at `input_rate_hz`; 0: the front end's.
std::int64_t LookaheadSamples(const Frontend& frontend, int input_rate_hz = 0);

/// What is done with live samples at the front end's rate.
class LiveJob {
 public:
  virtual ~LiveJob() = default;

  /// Writes what the samples complete.
  virtual void Push(std::span<const float> samples) = 0;
  /// The signal has ended: writes the rest.
  virtual void Finish() = 0;

  virtual const Frontend& frontend() const = 0;
  virtual std::vector<StepStatistics> statistics() const = 0;  ///< as Stream's
  /// What was written until now.
  virtual Artifact Written() const = 0;
  virtual std::int64_t not_finite() const { return 0; }  ///< as EmbeddingStream's
};

template <class T>
std::unique_ptr<LiveJob> MakeFeatureJob(const Frontend& frontend, const StreamOptions& options,
                                        StreamFormat format);

struct EmbeddingJobOptions {
  StreamOptions stream;
  StreamFormat format = StreamFormat::kNpyStream;
  bool fail_on_nan = false;  ///< Error(kModel) in place of an embedding that is not finite
  std::string made_by;       ///< of Artifact
};

std::unique_ptr<LiveJob> MakeEmbeddingJob(const Model& model, const EmbeddingJobOptions& options);

}  // namespace ossicle::cli
