#include "io/decoded_source.h"

#include <string>
#include <utility>

#include "io/file_descriptor.h"
#include "ossicle/error.h"
#include "ossicle/resampler.h"

namespace ossicle {
namespace {

void Validate(const AudioInfo& info) {
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
}

}  // namespace

DecodedSource::DecodedSource(AudioInfo info) : info_(std::move(info)) { Validate(info_); }

template <class T>
std::int64_t DecodedSource::ReadFramesOf(std::span<T> out) {
  if (ended_) return 0;
  const std::int64_t frames = Decode(out);
  position_ += frames;
  if (frames < static_cast<std::int64_t>(out.size()) / info_.channels) {
    End();
  }
  return frames;
}

std::int64_t DecodedSource::ReadSomeFrames(std::span<float> out) {
  if (ended_) return 0;
  const std::int64_t frames = DecodeSome(out);
  position_ += frames;
  if (frames == 0) End();
  return frames;
}

void DecodedSource::End() {
  CheckEnd(position_);
  ended_ = true;
}

template std::int64_t DecodedSource::ReadFramesOf(std::span<float>);
template std::int64_t DecodedSource::ReadFramesOf(std::span<double>);

void DecodedSource::Rewind() {
  Restart();
  position_ = 0;
  ended_ = false;
}

}  // namespace ossicle
