#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
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
  Pipeline(const StagePlans<C>& plans, ResamplerUse use)
      : plans_(plans),
        batch_samples_(plans_[0]->BatchSamples(use)),
        scratch_(ScratchFor(use)),
        between_(plans.size()),
        wanted_(plans.size()) {
    for (const auto& plan : plans_) stages_.push_back(plan->Make(plan, use, scratch_.get()));
    if (use == ResamplerUse::kLive) KeepBetweenSmall();
  }

  /// Most outputs that a Push of `samples` inputs gives.
  std::size_t MostOutputs(std::size_t samples) const {
    for (const auto& plan : plans_) samples = plan->MostOutputs(samples);
    return samples;
  }

  void Push(std::span<const C> samples, std::vector<C>& out) {
    if (stages_.size() == 1) return stages_[0]->Push(samples, out);
    // In pieces, so that what lies between the stages stays small.
    while (!samples.empty()) {
      const std::size_t count = std::min(samples.size(), batch_samples_);
      PushPiece(samples.first(count), out);
      samples = samples.subspan(count);
    }
  }

  /// Appends what is left of `outputs` in all.
  void Finish(std::int64_t outputs, std::vector<C>& out) {
    wanted_.back() = outputs;
    for (std::size_t i = stages_.size(); i-- > 1;) {
      wanted_[i - 1] = plans_[i]->InputsFor(wanted_[i]);
    }
    std::span<const C> last;
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      std::vector<C>& to = i + 1 == stages_.size() ? out : between_[i];
      if (&to != &out) to.clear();
      stages_[i]->Push(last, to);
      stages_[i]->Finish(wanted_[i], to);
      last = to;
    }
  }

  void Reset() {
    for (const auto& stage : stages_) stage->Reset();
  }

 private:
  static constexpr std::align_val_t kAlign{64};
  struct FreeAligned {
    void operator()(C* memory) const { ::operator delete[](memory, kAlign); }
  };
  using Scratch = std::unique_ptr<C[], FreeAligned>;

  /// Of a live signal, in all that lies between the stages.
  static constexpr std::size_t kMostBetween = 26 * 1024 / sizeof(C);

  /// For all stages: only one runs at a time.
  Scratch ScratchFor(ResamplerUse use) const {
    std::size_t most = 0;
    for (const auto& plan : plans_) most = std::max(most, plan->ScratchElements(use));
    return Scratch(static_cast<C*>(::operator new[](most * sizeof(C), kAlign)));
  }

  /// Elements between the stages after a Push of a batch; `use(i, count)` is told each.
  template <class Use>
  std::size_t Between(Use&& use) const {
    std::size_t sum = 0;
    std::size_t samples = batch_samples_;
    for (std::size_t i = 0; i + 1 < plans_.size(); ++i) {
      samples = plans_[i]->MostOutputs(samples);
      use(i, samples);
      sum += samples;
    }
    return sum;
  }

  /// And there from the start, so that no Push allocates.
  void KeepBetweenSmall() {
    while (batch_samples_ > 256 && Between([](std::size_t, std::size_t) {}) > kMostBetween) {
      batch_samples_ /= 2;
    }
    Between([this](std::size_t i, std::size_t count) { between_[i].reserve(count); });
  }

  void PushPiece(std::span<const C> samples, std::vector<C>& out) {
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      std::vector<C>& to = i + 1 == stages_.size() ? out : between_[i];
      if (&to != &out) to.clear();
      stages_[i]->Push(samples, to);
      samples = to;
    }
  }

  const StagePlans<C> plans_;
  std::size_t batch_samples_;
  Scratch scratch_;
  std::vector<std::unique_ptr<Stage<C>>> stages_;
  std::vector<std::vector<C>> between_;  ///< what each stage but the last has made
  std::vector<std::int64_t> wanted_;     ///< outputs of each stage in the end
};

}  // namespace ossicle::internal
