#include "dsp/block_filter.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/block_filter_narrow.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "dsp/wasm_double-inl.h"
// After what its templates name.
#include "dsp/block_filter-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

void FilterFewFloats(const BlockFilter<float>& filter, const BlockBatch<float>& batch) {
  BlockRun<BlockTag<float, BlockWidth::kNarrow>>(filter, batch).Run();
}

void FilterFewDoubles(const BlockFilter<double>& filter, const BlockBatch<double>& batch) {
  BlockRun<BlockTag<double, BlockWidth::kNarrow>>(filter, batch).Run();
}

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ossicle::dsp {

namespace {
HWY_EXPORT(FilterFewFloats);
HWY_EXPORT(FilterFewDoubles);
}  // namespace

void FilterNarrowBlocks(const BlockFilter<float>& filter, const BlockBatch<float>& batch) {
  HWY_DYNAMIC_DISPATCH(FilterFewFloats)(filter, batch);
}

void FilterNarrowBlocks(const BlockFilter<double>& filter, const BlockBatch<double>& batch) {
  HWY_DYNAMIC_DISPATCH(FilterFewDoubles)(filter, batch);
}

}  // namespace ossicle::dsp
#endif  // HWY_ONCE
