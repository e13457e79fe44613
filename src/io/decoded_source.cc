#include "io/decoded_source.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <utility>

#include "io/file_descriptor.h"
#include "ossicle/error.h"

namespace ossicle {
namespace {

// Of all channels together, so that memory does not grow with their number.
constexpr std::int64_t kBlockSamples = 65536;

void Validate(const AudioInfo& info, const AudioOptions& options) {
  const std::string name = InputName(info.name);
  if (info.channels < 1 || info.channels > kMaxChannels) {
    throw Error(Code::kInput, name + " has " + std::to_string(info.channels) + " channels; 1.." +
                                  std::to_string(kMaxChannels) +
                                  " are legal: split it, or mix it down first");
  }
  if (info.sample_rate_hz < 1 || info.sample_rate_hz > kMaxSampleRateHz) {
    throw Error(Code::kInput, name + " has sample_rate_hz=" + std::to_string(info.sample_rate_hz) +
                                  "; 1.." + std::to_string(kMaxSampleRateHz) +
                                  " are legal: its header is damaged, or resample it first");
  }
  if (options.channel && (*options.channel < 0 || *options.channel >= info.channels)) {
    throw Error(Code::kInput, "channel=" + std::to_string(*options.channel) + ", but " + name +
                                  " has channels 0.." + std::to_string(info.channels - 1) +
                                  "; choose one of these, or none for the mean of all");
  }
}

bool AllFinite(std::span<const float> block) {
  bool finite = true;
  for (const float x : block) finite &= std::abs(x) <= std::numeric_limits<float>::max();
  return finite;
}

std::string Seconds(std::int64_t samples, int sample_rate_hz) {
  char text[48];
  std::snprintf(text, sizeof text, "%.6f", static_cast<double>(samples) / sample_rate_hz);
  return text;
}

}  // namespace

DecodedSource::DecodedSource(AudioInfo info, const AudioOptions& options)
    : info_(std::move(info)), options_(options) {
  Validate(info_, options_);
  if (info_.channels > 1) {
    interleaved_.resize(static_cast<std::size_t>(kBlockSamples / info_.channels * info_.channels));
  }
}

std::int64_t DecodedSource::Read(std::span<float> out) {
  const std::size_t block = static_cast<std::size_t>(kBlockSamples / info_.channels);
  std::size_t done = 0;
  while (done < out.size() && !ended_) {
    const std::size_t want = std::min(block, out.size() - done);
    const std::int64_t got = ReadBlock(out.subspan(done, want));
    done += static_cast<std::size_t>(got);
    if (static_cast<std::size_t>(got) < want) {
      CheckEnd(position_);
      ended_ = true;
    }
  }
  return static_cast<std::int64_t>(done);
}

void DecodedSource::Rewind() {
  Restart();
  position_ = 0;
  ended_ = false;
}

std::int64_t DecodedSource::ReadBlock(std::span<float> out) {
  std::int64_t frames = 0;
  if (info_.channels == 1) {
    frames = ReadFrames(out);
  } else {
    const std::size_t channels = static_cast<std::size_t>(info_.channels);
    frames = ReadFrames(std::span(interleaved_).first(out.size() * channels));
    Mix(interleaved_, out.first(static_cast<std::size_t>(frames)));
  }
  CheckFinite(out.first(static_cast<std::size_t>(frames)));
  position_ += frames;
  return frames;
}

void DecodedSource::Mix(std::span<const float> interleaved, std::span<float> out) const {
  const std::size_t channels = static_cast<std::size_t>(info_.channels);
  if (options_.channel) {
    const std::size_t channel = static_cast<std::size_t>(*options_.channel);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = interleaved[i * channels + channel];
    return;
  }
  const float scale = 1.0f / static_cast<float>(channels);
  for (std::size_t i = 0; i < out.size(); ++i) {
    float sum = interleaved[i * channels];
    for (std::size_t c = 1; c < channels; ++c) sum += interleaved[i * channels + c];
    out[i] = sum * scale;
  }
}

void DecodedSource::CheckFinite(std::span<const float> block) const {
  if (AllFinite(block)) return;
  const auto bad =
      std::find_if(block.begin(), block.end(), [](float x) { return !std::isfinite(x); });
  const std::int64_t sample = position_ + (bad - block.begin());
  throw Error(Code::kNotFinite,
              InputName(info_.name) + " holds " + (std::isnan(*bad) ? "a NaN" : "an infinity") +
                  " at " + Seconds(sample, info_.sample_rate_hz) + " s (sample " +
                  std::to_string(sample) +
                  ", counted from 0); audio must be finite numbers: repair the file, or convert "
                  "it to 16-bit PCM");
}

}  // namespace ossicle
