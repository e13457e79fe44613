#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

#include "resample/resampler_table.h"
#include "resample/stage.h"

namespace ossicle::internal {

template <class C>
using StagePlans = std::vector<std::shared_ptr<const StagePlan<C>>>;

/// The tables of a row for two rates: all stages compute in C.
template <class C>
StagePlans<C> MakeStagePlans(const ResamplerRow& row, Ratio ratio, int from_hz, int to_hz);

/// A Resampler's stages, one after the other.
template <class C>
class Pipeline {
 public:
  explicit Pipeline(const StagePlans<C>& plans) : plans_(plans), between_(plans.size()) {
    for (const auto& plan : plans_) stages_.push_back(plan->Make(plan));
  }

  void Push(std::span<const C> samples, std::vector<C>& out) {
    if (stages_.size() == 1) return stages_[0]->Push(samples, out);
    // In pieces, so that what lies between the stages stays small.
    while (!samples.empty()) {
      const std::size_t count = std::min(samples.size(), plans_[0]->BatchSamples());
      PushPiece(samples.first(count), out);
      samples = samples.subspan(count);
    }
  }

  /// Appends what is left of `outputs` in all.
  void Finish(std::int64_t outputs, std::vector<C>& out) {
    std::vector<std::int64_t> wanted(stages_.size(), outputs);
    for (std::size_t i = stages_.size(); i-- > 1;) wanted[i - 1] = plans_[i]->InputsFor(wanted[i]);
    std::span<const C> last;
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      std::vector<C>& to = i + 1 == stages_.size() ? out : between_[i];
      if (&to != &out) to.clear();
      stages_[i]->Push(last, to);
      stages_[i]->Finish(wanted[i], to);
      last = to;
    }
  }

  void Reset() {
    for (const auto& stage : stages_) stage->Reset();
  }

 private:
  void PushPiece(std::span<const C> samples, std::vector<C>& out) {
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      std::vector<C>& to = i + 1 == stages_.size() ? out : between_[i];
      if (&to != &out) to.clear();
      stages_[i]->Push(samples, to);
      samples = to;
    }
  }

  const StagePlans<C> plans_;
  std::vector<std::unique_ptr<Stage<C>>> stages_;
  std::vector<std::vector<C>> between_;  ///< what each stage but the last has made
};

}  // namespace ossicle::internal
