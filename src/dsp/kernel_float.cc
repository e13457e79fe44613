#include "dsp/kernel_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/kernel_float.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "dsp/kernel-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

Kernel<float> MakeFloatKernel() { return MakeKernel<float>(); }
void LogOfFloats(const float* in, float* out, std::size_t count) { LogOf(in, out, count); }

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ossicle::dsp {

namespace {
HWY_EXPORT(MakeFloatKernel);
HWY_EXPORT(LogOfFloats);
}  // namespace

template <>
Kernel<float> KernelOfTarget([[maybe_unused]] std::int64_t target) {
#if (HWY_TARGETS & (HWY_TARGETS - 1)) == 0  // the table then has one entry
  return HWY_STATIC_DISPATCH(MakeFloatKernel)();
#else
  hwy::ChosenTarget chosen;
  chosen.Update(target);
  return HWY_DISPATCH_TABLE(MakeFloatKernel)[chosen.GetIndex()]();
#endif
}

template <>
void NaturalLog(const float* in, float* out, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(LogOfFloats)(in, out, count);
}

}  // namespace ossicle::dsp
#endif  // HWY_ONCE
