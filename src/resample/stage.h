#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "resample/filter_bank.h"

namespace ossicle::internal {

/// One step of a resampler with its state: samples of type C in, samples of another rate out.
template <class C>
class Stage {
 public:
  virtual ~Stage() = default;

  /// Takes samples and appends the outputs that they complete.
  virtual void Push(std::span<const C> samples, std::vector<C>& out) = 0;

  /// The signal has ended: appends what is left of `outputs` in all.
  virtual void Finish(std::int64_t outputs, std::vector<C>& out) = 0;

  /// A new signal begins.
  virtual void Reset() = 0;
};

/// The tables of a Stage. Immutable; shared by any number of them.
template <class C>
class StagePlan {
 public:
  using Sample = C;

  virtual ~StagePlan() = default;
  virtual std::unique_ptr<Stage<C>> Make(std::shared_ptr<const StagePlan<C>> self) const = 0;

  virtual Ratio ratio() const = 0;

  /// Inputs that `outputs` outputs need.
  virtual std::int64_t InputsFor(std::int64_t outputs) const = 0;

  /// Inputs that Push takes best at a time, where there are so many.
  virtual std::size_t BatchSamples() const { return 16384; }

  /// Most inputs, beyond the one at an output's own time, that Push must have seen.
  virtual std::int64_t Lookahead() const = 0;
};

}  // namespace ossicle::internal
