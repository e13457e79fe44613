#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

#include "frontend/compile.h"
#include "frontend/signal.h"
#include "ossicle/features.h"
#include "ossicle/workers.h"

namespace ossicle::internal {

/// What Scratch owns: for each worker a 64-byte aligned piece of memory and its peak.
struct ScratchMemory {
  /// Serves float and double. Throws Error(kInvalidSpec) for other than 1..256 workers.
  ScratchMemory(const CompiledFrontend& compiled, int workers);

  /// Serves T alone: half as much for most front ends in float.
  template <class T>
  static ScratchMemory For(const CompiledFrontend& compiled, int workers = 1);

  template <class T>
  T* Of(int worker) const {
    return reinterpret_cast<T*>(memory.get() + static_cast<std::size_t>(worker) * worker_bytes);
  }

  int workers() const { return static_cast<int>(peaks.size()); }

  struct Free {
    void operator()(std::byte* bytes) const { ::operator delete[](bytes, std::align_val_t(64)); }
  };

  std::size_t worker_bytes = 0;
  std::unique_ptr<std::byte[], Free> memory;
  std::vector<double> peaks;  // one per worker

 private:
  ScratchMemory(std::size_t kernel_bytes, const CompiledFrontend& compiled, int workers);
};

/// A run of frames to compute.
template <class T>
struct FrameRun {
  const CompiledFrontend& compiled;
  const SignalPiece& piece;
  std::int64_t first = 0;
  FeatureView<T> out;                   ///< out.data nullptr: only the peak is wanted
  const T* floor = nullptr;             ///< what a PeakFloor of the kernel raises values to
  dsp::StageSeconds* stages = nullptr;  ///< if set, one worker's stages are timed
};

/// Computes `run` on as many workers as it has work for; the peak of its frames is returned (minus
/// infinity if the front end takes none). Allocates nothing. The calling thread is in a
/// DefaultFpEnvironment.
template <class T>
T ComputeFrames(const FrameRun<T>& run, ScratchMemory& scratch, Workers* workers);

}  // namespace ossicle::internal
