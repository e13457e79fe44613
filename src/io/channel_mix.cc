#include "io/channel_mix.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <numeric>
#include <string_view>

#include "core/fp_environment.h"
#include "io/file_descriptor.h"
#include "ossicle/error.h"
#include "ossicle/resampler.h"

namespace ossicle {
namespace {

using internal::DefaultFpEnvironment;

/// What ffmpeg takes so many channels for where the input does not say: mono,
/// stereo, 2.1, 4.0, 5.0, 5.1, 6.1 and 7.1.
constexpr std::string_view kLayouts[kMaxFfmpegChannels] = {
    "C", "FF", "FF-", "FFCB", "FFCBB", "FFC-BB", "FFC-BBB", "FFC-BBBB"};

double Weight(char speaker) {
  switch (speaker) {
    case kFront:
      return std::numbers::sqrt2 / 2;
    case kCenter:
      return 1.0;
    case kBehindOrBeside:
      return 0.5;
    default:
      return 0.0;
  }
}

void CheckChannel(const FrameSource& frames, int channel) {
  if (channel >= 0 && channel < frames.channels()) return;
  throw Error(Code::kInput, "channel=" + std::to_string(channel) + ", but " +
                                InputName(frames.info().name) + " has channels 0.." +
                                std::to_string(frames.channels() - 1) +
                                "; choose one of these, or none for a mix of all");
}

void CheckFfmpegChannels(const FrameSource& frames) {
  if (frames.channels() <= kMaxFfmpegChannels) return;
  throw Error(Code::kInput,
              InputName(frames.info().name) + " has " + std::to_string(frames.channels()) +
                  " channels, but ffmpeg mixes 1.." + std::to_string(kMaxFfmpegChannels) +
                  "; take one (channel=N) or their mean (downmix=mean)");
}

constexpr float k16Bit = 32768.0f;

template <class T>
T From16Bit(T scaled) {
  return std::clamp<T>(scaled, -k16Bit, k16Bit - 1.0f) * (1.0f / k16Bit);
}

}  // namespace

std::vector<double> FfmpegWeights(std::string_view speakers, bool normalized) {
  std::vector<double> weights;
  for (const char speaker : speakers) weights.push_back(Weight(speaker));
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (normalized && sum > 1.0) {
    for (double& weight : weights) weight /= sum;
  }
  return weights;
}

std::string ResamplerFor(const std::string& resampler, bool is_16_bit) {
  return resampler == "swr-s16" && !is_16_bit ? "swr-float-s16" : resampler;
}

ChannelMix::ChannelMix(const FrameSource& frames, const AudioOptions& options,
                       const std::string& resampler, bool rate_fits)
    : all_channels_(static_cast<std::size_t>(frames.channels())), resampler_(resampler) {
  if (options.channel) {
    CheckChannel(frames, *options.channel);
    Take(static_cast<std::size_t>(*options.channel), 1.0);
  } else if (all_channels_ == 1) {
    Take(0, 1.0);
  } else if (options.downmix == Downmix::kFfmpeg) {
    TakeAsFfmpeg(frames);
  }
  const bool is_16_bit = frames.info().is_16_bit && !IsMean();
  resampler_ = ResamplerFor(resampler, is_16_bit);
  if (resampler_.empty() || !FindResampler(resampler_).is_16_bit) return;
  const bool in_integers = resampler_ == "swr-s16" || (rate_fits && is_16_bit);
  arithmetic_ = in_integers ? Arithmetic::kInteger : Arithmetic::kRounded;
}

void ChannelMix::Take(std::size_t channel, double weight) {
  channels_.push_back(channel);
  weights_.push_back(weight);
}

void ChannelMix::TakeAsFfmpeg(const FrameSource& frames) {
  const std::string told = frames.speakers();
  if (told.empty()) CheckFfmpegChannels(frames);
  const std::string_view speakers = told.empty() ? kLayouts[all_channels_ - 1] : told;
  // ffmpeg keeps integers within their range, but lets floats grow.
  const std::vector<double> weights = FfmpegWeights(speakers, resampler_ != "swr-float");
  for (std::size_t c = 0; c < weights.size(); ++c) {
    if (weights[c] != 0.0) Take(c, weights[c]);
  }
}

std::string ChannelMix::SignalResampler() const {
  const bool rounds_later = signals() > 1 && arithmetic_ == Arithmetic::kRounded;
  return rounds_later ? "swr-float" : resampler_;
}

template <class T>
void ChannelMix::Split(std::span<const T> interleaved, SignalsOf<T>& signals) const {
  const DefaultFpEnvironment environment;
  const std::size_t frames = interleaved.size() / all_channels_;
  signals.resize(this->signals());
  for (std::size_t s = 0; s < signals.size(); ++s) {
    signals[s].resize(frames);
    if (IsMean()) {
      Mean<T>(interleaved, signals[s]);
    } else {
      for (std::size_t i = 0; i < frames; ++i) {
        signals[s][i] = interleaved[i * all_channels_ + channels_[s]];
      }
    }
  }
}

template <class T>
void ChannelMix::Mean(std::span<const T> interleaved, std::span<T> out) const {
  const T scale = T{1} / static_cast<T>(all_channels_);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::span<const T> frame = interleaved.subspan(i * all_channels_, all_channels_);
    T sum = frame[0];
    for (std::size_t c = 1; c < all_channels_; ++c) sum += frame[c];
    out[i] = sum * scale;
  }
}

template <class T>
void ChannelMix::Join(SignalsOf<T>& signals, std::vector<T>& out) const {
  if (signals.size() == 1) {
    out.swap(signals[0]);
    return;
  }
  const DefaultFpEnvironment environment;
  arithmetic_ == Arithmetic::kInteger ? JoinIntegers(signals, out) : JoinFloats(signals, out);
}

template <class T>
void ChannelMix::JoinIntegers(const SignalsOf<T>& signals, std::vector<T>& out) const {
  std::vector<std::int64_t> weights;
  for (const double weight : weights_) weights.push_back(std::llrint(weight * k16Bit));
  out.resize(signals[0].size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::int64_t sum = 1 << 14;
    for (std::size_t s = 0; s < signals.size(); ++s) {
      sum += weights[s] * static_cast<std::int64_t>(signals[s][i] * k16Bit);
    }
    out[i] = From16Bit(static_cast<T>(sum >> 15));
  }
}

template <class T>
void ChannelMix::JoinFloats(const SignalsOf<T>& signals, std::vector<T>& out) const {
  const std::vector<T> weights(weights_.begin(), weights_.end());
  out.resize(signals[0].size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    T sum = weights[0] * signals[0][i];
    for (std::size_t s = 1; s < signals.size(); ++s) sum += weights[s] * signals[s][i];
    out[i] = sum;
  }
  if (arithmetic_ != Arithmetic::kRounded) return;
  for (T& x : out) x = From16Bit(std::nearbyint(x * k16Bit));
}

template void ChannelMix::Split(std::span<const float>, SignalsOf<float>&) const;
template void ChannelMix::Split(std::span<const double>, SignalsOf<double>&) const;
template void ChannelMix::Join(SignalsOf<float>&, std::vector<float>&) const;
template void ChannelMix::Join(SignalsOf<double>&, std::vector<double>&) const;

}  // namespace ossicle
