#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "ossicle/audio.h"

namespace ossicle {

/// Of a loudspeaker, all that counts when channels are mixed.
enum Speaker : char { kFront = 'F', kCenter = 'C', kBehindOrBeside = 'B', kSilent = '-' };

/// Audio as its input has it: frames of interleaved channels, float32, full scale 1.0.
class FrameSource {
 public:
  virtual ~FrameSource() = default;
  virtual const AudioInfo& info() const = 0;
  virtual int channels() const = 0;
  /// Where each channel's loudspeaker is, a letter of Speaker each; empty if the input does not
  /// say.
  virtual std::string speakers() const { return {}; }

  /// Fills `out` with whole frames of channels() samples; returns the frames, fewer than there is
  /// room for only at the end, 0 from then on. Throws as AudioSource::Read, but for NaN.
  virtual std::int64_t ReadFrames(std::span<float> out) = 0;

  /// As AudioSource::ReadSome: at least one frame, 0 at the end.
  virtual std::int64_t ReadSomeFrames(std::span<float> out) { return ReadFrames(out); }

  virtual void Rewind() = 0;
};

}  // namespace ossicle
