#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "io/frame_source.h"

namespace ossicle {

/// What every decoder shares: the check of what the input says of itself, and of its end.
class DecodedSource : public FrameSource {
 public:
  const AudioInfo& info() const final { return info_; }
  int channels() const final { return info_.channels; }
  std::int64_t ReadFrames(std::span<float> out) final { return ReadFramesOf(out); }
  std::int64_t ReadSomeFrames(std::span<float> out) final;
  /// The same without a loss, for samples that float32 cannot hold.
  std::int64_t ReadFrames(std::span<double> out) { return ReadFramesOf(out); }
  void Rewind() final;

 protected:
  /// Throws Error(kInput) unless channels and rate are legal.
  explicit DecodedSource(AudioInfo info);

  /// Fills `out` with whole frames of info().channels interleaved samples; returns the frames,
  /// fewer than there is room for only at the end.
  virtual std::int64_t Decode(std::span<float> out) = 0;
  virtual std::int64_t Decode(std::span<double> out) = 0;

  /// What is there, at least one frame unless the input has ended. A file is always there.
  virtual std::int64_t DecodeSome(std::span<float> out) { return Decode(out); }

  /// Called once when the input has ended after `frames`; throws if that is too early.
  virtual void CheckEnd(std::int64_t frames) const = 0;

  virtual void Restart() = 0;

 private:
  template <class T>
  std::int64_t ReadFramesOf(std::span<T> out);
  void End();

  const AudioInfo info_;
  std::int64_t position_ = 0;
  bool ended_ = false;
};

/// What OpenAudio and OpenRawAudio open, before its channels are mixed.
std::unique_ptr<DecodedSource> OpenFrames(const std::string& path);
std::unique_ptr<DecodedSource> OpenRawFrames(const std::string& path, const RawFormat& format);

}  // namespace ossicle
