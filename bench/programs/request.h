#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ossicle/encoder.h"
#include "ossicle/frontend.h"
#include "ossicle/workers.h"

namespace ossicle::bench {

/// Windows for Wav2Lip's encoder, one for each frame of a video with 25 a second.
inline constexpr char kPreset[] = "wav2lip";
inline constexpr WindowRule kRule{.length = 16, .step_numerator = 80, .step_denominator = 25};

/// What a renderer of lips asks for: embeddings of some windows of sound that it has in memory.
class Request {
 public:
  /// Of `windows` windows, from the shortest piece in the middle of `audio` that has them.
  Request(std::span<const float> audio, int windows);

  /// Fills the features, which windows() look at. `workers` may be nullptr.
  void ComputeFeatures(Workers* workers);

  std::span<const float> audio() const { return audio_; }
  const Frontend& frontend() const { return frontend_; }
  Layout layout() const { return frontend_.spec().layout; }
  const std::vector<WindowView>& windows() const { return windows_; }

  /// All windows one after the other, each bands first: what the model of this task takes.
  std::vector<float> Tensor() const;

 private:
  Frontend frontend_;
  Scratch scratch_;
  std::span<const float> audio_;
  std::vector<float> values_;
  FeatureView<float> view_;
  std::vector<WindowView> windows_;
};

}  // namespace ossicle::bench
