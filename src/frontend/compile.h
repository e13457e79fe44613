#pragma once

#include <vector>

#include "dsp/kernel.h"
#include "ossicle/spec.h"

namespace ossicle::internal {

struct SharedTables;

/// PeakFloor, SubtractMean, Standardize.
bool LooksAtWholeSignal(const Step& step);

/// The tables of a spec, and its steps dealt between the kernel and the passes over the output.
struct CompiledFrontend {
  /// Throws Error(kInvalidSpec).
  explicit CompiledFrontend(const FrontendSpec& spec);

  /// Frames of a signal of `samples` samples.
  std::int64_t Frames(std::int64_t samples) const noexcept;

  /// Throws Error(kShape) for fewer samples than the spec takes, unless there are none.
  void CheckSamples(std::int64_t samples) const;

  template <class T>
  const dsp::KernelPlan<T>& Plan() const;

  /// The samples are the features: the kernel has nothing to do.
  bool IsWaveform() const { return spec.spectrum == Spectrum::kWaveform; }

  FrontendSpec spec;
  /// The kernel takes the peak for a PeakFloor.
  bool takes_peak = false;
  /// The first of `late_steps` is that PeakFloor.
  bool PeakIsForLateSteps() const { return takes_peak && !two_passes; }
  /// That PeakFloor is followed by a Cepstrum, so the kernel runs twice: for the peak, then for the
  /// values. Otherwise the PeakFloor is the first of `late_steps`.
  bool two_passes = false;
  double peak_range = 0.0;
  /// What is left to do when all frames are there.
  std::vector<Step> late_steps;

 private:
  CompiledFrontend(const FrontendSpec& valid, const SharedTables& tables);

  std::size_t EarlySteps();

  dsp::KernelPlan<float> float_plan_;
  dsp::KernelPlan<double> double_plan_;
};

}  // namespace ossicle::internal
