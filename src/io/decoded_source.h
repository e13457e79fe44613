#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ossicle/audio.h"

namespace ossicle {

inline constexpr int kMaxSampleRateHz = 768000;

/// What every decoder shares: blocks, the choice or mean of channels, and the check for numbers.
class DecodedSource : public AudioSource {
 public:
  const AudioInfo& info() const final { return info_; }
  std::int64_t Read(std::span<float> out) final;
  void Rewind() final;

 protected:
  /// Throws Error(kInput) unless channels, rate and the chosen channel are legal.
  DecodedSource(AudioInfo info, const AudioOptions& options);

  /// Fills `out` with whole frames of info().channels interleaved samples; returns the frames,
  /// fewer than there is room for only at the end.
  virtual std::int64_t ReadFrames(std::span<float> out) = 0;

  /// Called once when the input has ended after `frames`; throws if that is too early.
  virtual void CheckEnd(std::int64_t frames) const = 0;

  virtual void Restart() = 0;

 private:
  std::int64_t ReadBlock(std::span<float> out);
  void Mix(std::span<const float> interleaved, std::span<float> out) const;
  void CheckFinite(std::span<const float> block) const;

  const AudioInfo info_;
  const AudioOptions options_;
  std::vector<float> interleaved_;
  std::int64_t position_ = 0;
  bool ended_ = false;
};

}  // namespace ossicle
