#pragma once

#include <cstdint>
#include <vector>

#include "dsp/feature_tile.h"
#include "ossicle/spec.h"
#include "ossicle/stream.h"

namespace ossicle::internal {

/// One step after the kernel, on frames that come one after the other, by the statistics of those
/// until now or by given ones.
template <class T>
class LiveStep {
 public:
  LiveStep(const Step& step, int bands);

  /// By these from now on.
  void Freeze(const StepStatistics& statistics);

  /// Counts a frame in, of bands() values: the `frames`th. A fixed sequence of operations in double
  /// (Welford's).
  void See(const T* frame, std::int64_t frames);

  /// Does the step to `frames` adjacent frames.
  void Apply(T* first, int frames) const;

  /// Of the `frames` until now.
  StepStatistics statistics(std::int64_t frames) const;

  void Reset();

 private:
  int bands() const { return bands_; }
  bool Normalizes() const { return !mean_.empty(); }
  double Variance(std::size_t band, std::int64_t frames) const;

  Step step_;
  int bands_;
  dsp::ElementOp<T> op_;  // where the step does not normalize
  T peak_ = 0;
  std::vector<double> mean_;
  std::vector<double> squares_;  // of the differences from the mean; Standardize alone
  std::vector<double> scale_;
};

}  // namespace ossicle::internal
