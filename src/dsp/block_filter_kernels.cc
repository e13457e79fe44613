#include "dsp/block_filter.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/block_filter_kernels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "dsp/wasm_double-inl.h"
// After what its templates name.
#include "dsp/block_filter-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

void FilterFloats(const BlockFilter<float>& filter, const BlockBatch<float>& batch) {
  BlockRun<BlockTag<float, BlockWidth::kFull>>(filter, batch).Run();
}

void FilterDoubles(const BlockFilter<double>& filter, const BlockBatch<double>& batch) {
  BlockRun<BlockTag<double, BlockWidth::kFull>>(filter, batch).Run();
}

template <class T>
int LanesOf(BlockWidth width) {
  return static_cast<int>(width == BlockWidth::kFull
                              ? hn::Lanes(BlockTag<T, BlockWidth::kFull>())
                              : hn::Lanes(BlockTag<T, BlockWidth::kNarrow>()));
}

int LanesOfFloats(BlockWidth width) { return LanesOf<float>(width); }
int LanesOfDoubles(BlockWidth width) { return LanesOf<double>(width); }

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ossicle::dsp {

namespace {
HWY_EXPORT(FilterFloats);
HWY_EXPORT(FilterDoubles);
HWY_EXPORT(LanesOfFloats);
HWY_EXPORT(LanesOfDoubles);
}  // namespace

void FilterBlocks(const BlockFilter<float>& filter, const BlockBatch<float>& batch) {
  if (batch.width == BlockWidth::kNarrow) return FilterNarrowBlocks(filter, batch);
  HWY_DYNAMIC_DISPATCH(FilterFloats)(filter, batch);
}

void FilterBlocks(const BlockFilter<double>& filter, const BlockBatch<double>& batch) {
  if (batch.width == BlockWidth::kNarrow) return FilterNarrowBlocks(filter, batch);
  HWY_DYNAMIC_DISPATCH(FilterDoubles)(filter, batch);
}

template <>
int BlockLanes<float>(BlockWidth width) {
  return HWY_DYNAMIC_DISPATCH(LanesOfFloats)(width);
}

template <>
int BlockLanes<double>(BlockWidth width) {
  return HWY_DYNAMIC_DISPATCH(LanesOfDoubles)(width);
}

}  // namespace ossicle::dsp
#endif  // HWY_ONCE
