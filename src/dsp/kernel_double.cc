#include "dsp/kernel_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/kernel_double.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "dsp/wasm_double-inl.h"
// After what its templates name.
#include "dsp/kernel-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

Kernel<double> MakeDoubleKernel() { return MakeKernel<double>(); }
void LogOfDoubles(const double* in, double* out, std::size_t count) { LogOf(in, out, count); }

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ossicle::dsp {

namespace {
HWY_EXPORT(MakeDoubleKernel);
HWY_EXPORT(LogOfDoubles);
}  // namespace

template <>
Kernel<double> KernelOfTarget([[maybe_unused]] std::int64_t target) {
#if (HWY_TARGETS & (HWY_TARGETS - 1)) == 0  // the table then has one entry
  return HWY_STATIC_DISPATCH(MakeDoubleKernel)();
#else
  hwy::ChosenTarget chosen;
  chosen.Update(target);
  return HWY_DISPATCH_TABLE(MakeDoubleKernel)[chosen.GetIndex()]();
#endif
}

template <>
void NaturalLog(const double* in, double* out, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(LogOfDoubles)(in, out, count);
}

}  // namespace ossicle::dsp
#endif  // HWY_ONCE
