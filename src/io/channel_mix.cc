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

namespace ossicle {
namespace {

using internal::DefaultFpEnvironment;
using Signals = std::vector<std::vector<float>>;

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
                  "; take one (--channel N) or their mean (--downmix mean)");
}

constexpr float k16Bit = 32768.0f;

float From16Bit(float scaled) {
  return std::clamp(scaled, -k16Bit, k16Bit - 1.0f) * (1.0f / k16Bit);
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
  if (resampler_ == "swr-s16" && !is_16_bit) resampler_ = "swr-float-s16";
  if (!resampler_.ends_with("s16")) return;
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

void ChannelMix::Split(std::span<const float> interleaved, Signals& signals) const {
  const DefaultFpEnvironment environment;
  const std::size_t frames = interleaved.size() / all_channels_;
  signals.resize(this->signals());
  for (std::size_t s = 0; s < signals.size(); ++s) {
    signals[s].resize(frames);
    if (IsMean()) {
      Mean(interleaved, signals[s]);
    } else {
      for (std::size_t i = 0; i < frames; ++i) {
        signals[s][i] = interleaved[i * all_channels_ + channels_[s]];
      }
    }
  }
}

void ChannelMix::Mean(std::span<const float> interleaved, std::span<float> out) const {
  const float scale = 1.0f / static_cast<float>(all_channels_);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::span<const float> frame = interleaved.subspan(i * all_channels_, all_channels_);
    float sum = frame[0];
    for (std::size_t c = 1; c < all_channels_; ++c) sum += frame[c];
    out[i] = sum * scale;
  }
}

void ChannelMix::Join(Signals& signals, std::vector<float>& out) const {
  if (signals.size() == 1) {
    out.swap(signals[0]);
    return;
  }
  const DefaultFpEnvironment environment;
  arithmetic_ == Arithmetic::kInteger ? JoinIntegers(signals, out) : JoinFloats(signals, out);
}

void ChannelMix::JoinIntegers(const Signals& signals, std::vector<float>& out) const {
  std::vector<std::int64_t> weights;
  for (const double weight : weights_) weights.push_back(std::llrint(weight * k16Bit));
  out.resize(signals[0].size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::int64_t sum = 1 << 14;
    for (std::size_t s = 0; s < signals.size(); ++s) {
      sum += weights[s] * static_cast<std::int64_t>(signals[s][i] * k16Bit);
    }
    out[i] = From16Bit(static_cast<float>(sum >> 15));
  }
}

void ChannelMix::JoinFloats(const Signals& signals, std::vector<float>& out) const {
  const std::vector<float> weights(weights_.begin(), weights_.end());
  out.resize(signals[0].size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    float sum = weights[0] * signals[0][i];
    for (std::size_t s = 1; s < signals.size(); ++s) sum += weights[s] * signals[s][i];
    out[i] = sum;
  }
  if (arithmetic_ != Arithmetic::kRounded) return;
  for (float& x : out) x = From16Bit(std::nearbyint(x * k16Bit));
}

}  // namespace ossicle
