#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include "frontend/compute.h"
#include "frontend/held_signal.h"
#include "ossicle/features.h"
#include "ossicle/frontend.h"
#include "ossicle/workers.h"

namespace ossicle::internal {

/// Feeds one long signal to a Frontend piece by piece, on some workers, and appends its frames to
/// Features: the same bits as Frontend::Run on the whole, in memory that does not grow with it.
template <class T>
class FrameStream {
 public:
  /// Whether `spec` needs the signal twice: a PeakFloor before a Cepstrum. Push everything to a
  /// first FrameStream with kFindPeak, then to a second one with its peak().
  static bool NeedsTwoPasses(const Frontend& frontend);

  enum class Mode { kCompute, kFindPeak };

  /// `workers` (may be nullptr) is used, not owned, and must outlive the stream.
  explicit FrameStream(const Frontend& frontend, Workers* workers = nullptr,
                       Mode mode = Mode::kCompute, double peak = 0.0);

  /// Takes the next samples (any number; full scale 1.0) and appends the frames that they complete.
  /// Throws Error(kNotFinite) with the sample's index.
  void Push(std::span<const float> samples, Features<T>& out);

  /// Appends the last frames, then applies the steps that look at the whole signal to all of `out`,
  /// which must hold this signal's frames and no others. Push may not be called again.
  void Finish(Features<T>& out);

  /// kFindPeak: the peak of all frames; valid after Finish.
  double peak() const noexcept { return static_cast<double>(peak_); }

 private:
  void Compute(std::int64_t end, std::int64_t length, Features<T>& out);

  Frontend frontend_;
  const CompiledFrontend& compiled_;
  Workers* workers_;
  ScratchMemory scratch_;
  HeldSignal held_;
  Mode mode_;
  T floor_ = 0;
  std::int64_t next_frame_ = 0;
  T peak_ = -std::numeric_limits<T>::infinity();
  bool finished_ = false;
};

}  // namespace ossicle::internal
