#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include "dsp/kernel.h"
#include "ossicle/spec.h"

namespace ossicle::internal {

/// A run of a signal's samples that is in memory: all of it, or the part that a stream still holds.
struct SignalPiece {
  static constexpr std::int64_t kUnknown = std::numeric_limits<std::int64_t>::max() / 8;

  std::span<const float> samples;
  std::int64_t first = 0;          ///< index in the signal of samples[0]
  std::int64_t length = kUnknown;  ///< samples of the whole signal, once it is known
  /// Finite numbers of any kind that may be read behind the samples.
  std::int64_t readable_behind = 0;

  std::int64_t end() const { return first + static_cast<std::int64_t>(samples.size()); }
};

/// Whether a Cepstrum has the logarithm of the energy.
bool MeasuresEnergy(const FrontendSpec& spec);

/// Gives a signal's samples as the frames want them: scaled, rounded, dithered, pre-emphasised, and
/// continued beyond the edges.
template <class T>
class SignalReader {
 public:
  SignalReader(const FrontendSpec& spec, const SignalPiece& piece);

  /// Writes samples index .. index + count - 1 of the signal, which may lie beyond its edges.
  /// What the piece does not hold is 0.
  void Read(std::int64_t index, std::int64_t count, T* out) const;

  /// Whether the kernel may read `count` samples from the piece itself, of which those from `used`
  /// on may be any numbers.
  bool IsPlain(std::int64_t index, std::int64_t used, std::int64_t count) const {
    return plain_ && index > piece_.first && index + used <= piece_.end() &&
           index + count <= piece_.end() + piece_.readable_behind;
  }
  dsp::BlockInput<T> PlainInput(std::int64_t index) const;

 private:
  T Scaled(std::int64_t index) const;
  T Emphasized(std::int64_t index) const;
  T AnySample(std::int64_t index) const;
  void ReadInside(std::int64_t index, std::int64_t count, T* out) const;

  const SignalPiece& piece_;
  std::int64_t padded_length_;  // with the appended zeros
  Edge edge_;
  T scale_;
  bool round_;
  T dither_;
  std::uint64_t seed_;
  bool emphasize_;
  T rest_;      // 1 - the coefficient
  bool plain_;  // the kernel knows all that is to be done
};

}  // namespace ossicle::internal
