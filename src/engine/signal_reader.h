#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "ossicle/engine.h"

namespace ossicle {

/// One input at a front end's rate, block by block.
class SignalReader {
 public:
  /// Throws what OpenAudio and Resampled throw.
  SignalReader(const InputRequest& input, const FrontendSpec& spec);

  /// The next block, valid until the next call; empty at the end. Throws what AudioSource::Read
  /// throws.
  std::span<const float> Read();

  /// Before the first Read: makes Rewind possible where the source cannot go back (a pipe), by
  /// holding all samples from now on.
  void PrepareRewind();

  /// Back to the first sample.
  void Rewind();

  /// As it is; but its resampler is what brought it to the front end's rate.
  const AudioInfo& input() const noexcept { return input_; }

  double done_s() const noexcept;   ///< of audio, since the beginning
  double total_s() const noexcept;  ///< 0: not known

  /// Adds the time of decoding and of resampling until now.
  void AddSeconds(StageSeconds& seconds) const noexcept;

 private:
  std::span<const float> NextRead();
  std::span<const float> NextHeld() const;

  const int rate_hz_;
  AudioInfo input_;
  std::unique_ptr<AudioSource> source_;
  std::vector<float> block_;
  enum class Held { kNothing, kAsRead, kAll } held_ = Held::kNothing;
  std::vector<float> signal_;  ///< what is held of it
  std::int64_t samples_ = 0;
  double read_s_ = 0.0;      ///< of decoding and resampling together
  double resample_s_ = 0.0;  ///< of it, resampling
};

}  // namespace ossicle
