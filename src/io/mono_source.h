#pragma once

#include <memory>
#include <string>
#include <vector>

#include "io/channel_mix.h"
#include "io/frame_source.h"
#include "ossicle/audio.h"
#include "ossicle/resampler.h"

namespace ossicle {

/// The one way from frames of channels to samples: split, resampled where the rate does not fit,
/// joined.
class MonoSource final : public AudioSource {
 public:
  /// At the input's own rate. Throws what ChannelMix throws.
  MonoSource(std::unique_ptr<FrameSource> frames, const AudioOptions& options);

  const AudioInfo& info() const override { return info_; }
  std::int64_t Read(std::span<float> out) override;
  std::int64_t ReadSome(std::span<float> out) override;
  void Rewind() override;

  bool is_resampled() const noexcept { return !resamplers_.empty(); }

  /// From here on at another rate, or mixed as `resampler` does it. See Resampled().
  void Resample(int sample_rate_hz, const std::string& resampler, double* seconds);

 private:
  using ReadFunction = std::int64_t (FrameSource::*)(std::span<float>);

  bool Refill(std::size_t wanted, ReadFunction read);
  std::size_t Take(std::span<float> out);
  std::size_t FramesFor(std::size_t wanted) const;
  void ResampleSignals();

  std::unique_ptr<FrameSource> frames_;
  AudioOptions options_;
  AudioInfo info_;
  ChannelMix mix_;
  std::vector<Resampler<float>> resamplers_;  // one for each signal, if the rate does not fit
  double* seconds_ = nullptr;

  std::vector<float> interleaved_;
  ChannelMix::Signals signals_;
  ChannelMix::Signals resampled_;
  std::vector<float> ready_;  // samples; those before ready_begin_ are gone
  std::size_t ready_begin_ = 0;
  std::int64_t position_ = 0;  // in frames
  bool ended_ = false;
};

}  // namespace ossicle
