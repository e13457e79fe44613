#pragma once

#include <cstdint>
#include <span>

#include "dsp/kernel.h"
#include "frontend/compile.h"
#include "frontend/held_signal.h"
#include "frontend/signal.h"

namespace ossicle::internal {

/// A frame of one of many signals.
struct PlacedFrame {
  SignalPiece piece;
  std::int64_t index = 0;
};

/// Computes frames that have nothing to do with each other, one in each lane of the kernel: to the
/// bits of ComputeFrames.
template <class T>
class ApartBlock {
 public:
  explicit ApartBlock(const CompiledFrontend& compiled);

  /// Most frames of a block; 0 where the front end has none: its samples are its features, the
  /// kernel runs twice, or no scratch is small enough.
  int lanes() const { return kernel_.lanes; }

  /// `frames` are 1..lanes(). Writes their values to `out`, frames first. The calling thread is in
  /// a DefaultFpEnvironment.
  void Compute(std::span<const PlacedFrame> frames, T* scratch, T* out) const;

 private:
  const CompiledFrontend& compiled_;
  const dsp::KernelPlan<T>& plan_;
  const FrameGeometry geometry_;
  dsp::Kernel<T> kernel_{0, nullptr};
};

}  // namespace ossicle::internal
