#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/frame_source.h"
#include "ossicle/audio.h"

namespace ossicle {

/// Most channels for which Downmix::kFfmpeg has a layout.
inline constexpr int kMaxFfmpegChannels = 8;

/// What ffmpeg's mix to one channel weighs each of these speakers (letters of Speaker) with.
/// `normalized`: divided by their sum if that is above 1.
std::vector<double> FfmpegWeights(std::string_view speakers, bool normalized);

/// `resampler`, but "swr-float-s16" for "swr-s16" of samples that are not of 16 bits: ffmpeg
/// computes with these in float.
std::string ResamplerFor(const std::string& resampler, bool is_16_bit);

/// What becomes of an input's channels: signals that are resampled, if need be, and of these the
/// one that comes out.
class ChannelMix {
 public:
  template <class T>
  using SignalsOf = std::vector<std::vector<T>>;
  using Signals = SignalsOf<float>;

  /// `resampler` is what brings the signals to another rate; with `rate_fits`, none has to.
  /// Throws Error(kInput) for a channel that is not there, and for more channels than ffmpeg mixes.
  ChannelMix(const FrameSource& frames, const AudioOptions& options, const std::string& resampler,
             bool rate_fits);

  std::size_t signals() const noexcept { return IsMean() ? 1 : channels_.size(); }

  /// See ResamplerFor: a mean is not of 16 bits.
  const std::string& resampler() const noexcept { return resampler_; }
  /// What each signal goes through: ffmpeg rounds to 16 bits after its mix.
  std::string SignalResampler() const;

  /// Makes the signals of whole frames.
  template <class T>
  void Split(std::span<const T> interleaved, SignalsOf<T>& signals) const;

  /// Makes one signal of those, all of one length, which may be used up.
  template <class T>
  void Join(SignalsOf<T>& signals, std::vector<T>& out) const;

 private:
  enum class Arithmetic { kFloat, kRounded, kInteger };

  bool IsMean() const noexcept { return channels_.empty(); }
  void Take(std::size_t channel, double weight);
  void TakeAsFfmpeg(const FrameSource& frames);
  template <class T>
  void Mean(std::span<const T> interleaved, std::span<T> out) const;
  template <class T>
  void JoinFloats(const SignalsOf<T>& signals, std::vector<T>& out) const;
  template <class T>
  void JoinIntegers(const SignalsOf<T>& signals, std::vector<T>& out) const;

  std::size_t all_channels_;
  std::vector<std::size_t> channels_;  // a signal each; none: the mean of all is the signal
  std::vector<double> weights_;        // of the signals
  std::string resampler_;
  Arithmetic arithmetic_ = Arithmetic::kFloat;
};

}  // namespace ossicle
