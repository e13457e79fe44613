#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "ossicle/resampler.h"
#include "resample/filter_bank.h"

namespace ossicle::internal {

/// Samples that are taken at a time, about.
constexpr std::size_t ChunkSamples(ResamplerUse use) {
  return use == ResamplerUse::kLive ? 1024 : 4096;
}

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
  /// `scratch`: ScratchElements(use), aligned to 64 bytes, in which nothing lasts from one call to
  /// the next; it must outlive the stage.
  virtual std::unique_ptr<Stage<C>> Make(std::shared_ptr<const StagePlan<C>> self, ResamplerUse use,
                                         C* scratch) const = 0;
  virtual std::size_t ScratchElements(ResamplerUse) const { return 0; }

  virtual Ratio ratio() const = 0;

  /// Inputs that `outputs` outputs need.
  virtual std::int64_t InputsFor(std::int64_t outputs) const = 0;

  /// Inputs that Push takes best at a time, where there are so many.
  virtual std::size_t BatchSamples(ResamplerUse) const { return 16384; }

  /// Most outputs that a Push of `samples` inputs gives.
  virtual std::size_t MostOutputs(std::size_t samples) const {
    const std::size_t waited = samples + static_cast<std::size_t>(Lookahead()) + 1;
    return waited * static_cast<std::size_t>(ratio().up) / static_cast<std::size_t>(ratio().down) +
           1;
  }

  /// Most inputs, beyond the one at an output's own time, that Push must have seen.
  virtual std::int64_t Lookahead() const = 0;
};

}  // namespace ossicle::internal
