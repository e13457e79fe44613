#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "frontend/compile.h"
#include "frontend/compute.h"
#include "frontend/live_step.h"
#include "ossicle/stream.h"

namespace ossicle::internal {

/// What a live stream does with the frames that the kernel makes: the steps that look at the whole
/// signal, in one of the modes, and those after them. Frames are computed and taken in turns:
///   at most Room() frames, exactly as many if NeedsPeak() and the signal goes on;
///   if NeedsPeak(), first TakePeak() with their peak; then, with floor(), they are appended to
///   Target() and Take() is called.
template <class T>
class LiveSteps {
 public:
  /// Throws Error(kInvalidSpec): no mode where one is needed, numbers that do not fit the steps, a
  /// segment out of range. `compiled` must outlive this.
  LiveSteps(const CompiledFrontend& compiled, const std::optional<StreamStatistics>& statistics);

  /// Whether a step looks at the whole signal; otherwise the kernel's frames are finished.
  bool HaveWork() const { return mode_.has_value(); }
  /// Whether finished frames may come later than they are computed.
  bool HoldsBack() const {
    return mode_ == StatisticsMode::kExact || mode_ == StatisticsMode::kSegment;
  }

  std::int64_t Room() const;
  bool NeedsPeak() const { return compiled_.two_passes && mode_ != StatisticsMode::kFrozen; }
  void TakePeak(T peak);
  /// What a PeakFloor of the kernel raises values to.
  const T* floor() const { return compiled_.two_passes ? &floor_ : nullptr; }
  std::vector<T>& Target(std::vector<T>& out) { return HoldsBack() ? held_ : out; }

  /// The last `count` frames of Target(out) are new; finishes them, or appends those to `out` that
  /// were held back and are known now.
  void Take(std::int64_t count, ScratchMemory& scratch, std::vector<T>& out);
  /// The signal has ended.
  void Finish(ScratchMemory& scratch, std::vector<T>& out);

  void Reset();
  std::vector<StepStatistics> statistics() const;

 private:
  void Freeze(const std::vector<StepStatistics>& statistics);
  void Flush(ScratchMemory& scratch, std::vector<T>& out);

  const CompiledFrontend& compiled_;
  int bands_;
  std::optional<StatisticsMode> mode_;  // none where no step looks at the whole signal
  std::vector<StepStatistics> given_;   // kFrozen

  T peak_ = -std::numeric_limits<T>::infinity();  // of a PeakFloor of the kernel
  T floor_ = 0;

  std::vector<LiveStep<T>> steps_;  // kRunning, kFrozen
  std::int64_t seen_frames_ = 0;

  std::int64_t segment_frames_ = std::numeric_limits<std::int64_t>::max();
  std::vector<T> held_;                // kExact, kSegment
  std::vector<StepStatistics> whole_;  // kExact: after Finish
};

}  // namespace ossicle::internal
