#include <type_traits>

#include "resample/block_stage.h"
#include "resample/fir_stage.h"
#include "resample/interpolated_stage.h"
#include "resample/pipeline.h"
#include "resample/soxr_design.h"

namespace ossicle::internal {

namespace {

template <class C>
constexpr Precision kPrecision = std::is_same_v<C, double> ? Precision::kDouble : Precision::kFloat;

template <class C>
StagePlans<C> PlansOf(const BankRecipe& recipe, Ratio ratio, int, int) {
  return {std::make_shared<FirPlan<C>>(recipe.bank(ratio, kPrecision<C>), recipe.edge)};
}

template <class C>
StagePlans<C> PlansOf(const InterpolatedFilter& filter, Ratio ratio, int from_hz, int to_hz) {
  if constexpr (std::is_same_v<C, std::int16_t>) {
    return {};
  } else {
    return {std::make_shared<InterpolatedPlan<C>>(filter, ratio, from_hz, to_hz)};
  }
}

template <class C>
StagePlans<C> PlansOf(const SoxrRecipe& recipe, Ratio ratio, int, int) {
  StagePlans<C> plans;
  if constexpr (!std::is_same_v<C, std::int16_t>) {
    for (const SoxrStage& stage : DesignSoxr(recipe.quality, ratio.up, ratio.down)) {
      if (stage.fft_size != 0) {
        plans.push_back(std::make_shared<BlockPlan<C>>(stage));
      } else {
        plans.push_back(std::make_shared<FirPlan<C>>(
            BankOfFilter({stage.up, stage.down}, stage.taps), ResamplerEdge::kZeros));
      }
    }
  }
  return plans;
}

}  // namespace

template <class C>
StagePlans<C> MakeStagePlans(const ResamplerRow& row, Ratio ratio, int from_hz, int to_hz) {
  return std::visit([&](const auto& recipe) { return PlansOf<C>(recipe, ratio, from_hz, to_hz); },
                    row.recipe);
}

template StagePlans<float> MakeStagePlans(const ResamplerRow&, Ratio, int, int);
template StagePlans<double> MakeStagePlans(const ResamplerRow&, Ratio, int, int);
template StagePlans<std::int16_t> MakeStagePlans(const ResamplerRow&, Ratio, int, int);

}  // namespace ossicle::internal
