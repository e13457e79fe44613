#pragma once

#include <cstdint>
#include <memory>

#include "dsp/block_filter.h"
#include "resample/soxr_design.h"
#include "resample/stage.h"

namespace ossicle::internal {

/// A long filter by blocks.
template <class C>
class BlockPlan final : public StagePlan<C> {
 public:
  explicit BlockPlan(const SoxrStage& stage);

  std::unique_ptr<Stage<C>> Make(std::shared_ptr<const StagePlan<C>> self, ResamplerUse use,
                                 C* scratch) const override;
  std::int64_t InputsFor(std::int64_t outputs) const override;
  std::int64_t Lookahead() const override;
  Ratio ratio() const override { return {filter_.shape.up, filter_.shape.down}; }
  std::size_t BatchSamples(ResamplerUse use) const override;
  std::size_t ScratchElements(ResamplerUse use) const override;
  std::size_t MostOutputs(std::size_t samples) const override;

  const dsp::BlockFilter<C>& filter() const { return filter_; }

 private:
  dsp::BlockFilter<C> filter_;
};

}  // namespace ossicle::internal
