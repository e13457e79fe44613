#include "dsp/fir.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/fir.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "dsp/wasm_double-inl.h"
// After what its templates name.
#include "dsp/fir-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

void SumsOfFloats(const FirInput<float>& input, std::span<const FirPlace> places, float* sums) {
  SumsOf(input, places, sums);
}

void SumsOfDoubles(const FirInput<double>& input, std::span<const FirPlace> places, double* sums) {
  SumsOf(input, places, sums);
}

void SumsOfIntegers(const FirInput<std::int16_t>& input, std::span<const FirPlace> places,
                    std::int32_t* sums) {
  SumsOf(input, places, sums);
}

void PeriodSumsOfFloats(const FirInput<float>& input, std::span<const FirPlace> places,
                        FirPeriod period, float* sums) {
  PeriodSumsOf(input, places, period, sums);
}

void PeriodSumsOfDoubles(const FirInput<double>& input, std::span<const FirPlace> places,
                         FirPeriod period, double* sums) {
  PeriodSumsOf(input, places, period, sums);
}

void PeriodSumsOfIntegers(const FirInput<std::int16_t>& input, std::span<const FirPlace> places,
                          FirPeriod period, std::int32_t* sums) {
  PeriodSumsOf(input, places, period, sums);
}

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ossicle::dsp {

namespace {
HWY_EXPORT(SumsOfFloats);
HWY_EXPORT(SumsOfDoubles);
HWY_EXPORT(SumsOfIntegers);
HWY_EXPORT(PeriodSumsOfFloats);
HWY_EXPORT(PeriodSumsOfDoubles);
HWY_EXPORT(PeriodSumsOfIntegers);
}  // namespace

void FirSums(const FirInput<float>& input, std::span<const FirPlace> places, float* sums) {
  HWY_DYNAMIC_DISPATCH(SumsOfFloats)(input, places, sums);
}

void FirSums(const FirInput<double>& input, std::span<const FirPlace> places, double* sums) {
  HWY_DYNAMIC_DISPATCH(SumsOfDoubles)(input, places, sums);
}

void FirSums(const FirInput<std::int16_t>& input, std::span<const FirPlace> places,
             std::int32_t* sums) {
  HWY_DYNAMIC_DISPATCH(SumsOfIntegers)(input, places, sums);
}

void FirPeriodSums(const FirInput<float>& input, std::span<const FirPlace> places, FirPeriod period,
                   float* sums) {
  HWY_DYNAMIC_DISPATCH(PeriodSumsOfFloats)(input, places, period, sums);
}

void FirPeriodSums(const FirInput<double>& input, std::span<const FirPlace> places,
                   FirPeriod period, double* sums) {
  HWY_DYNAMIC_DISPATCH(PeriodSumsOfDoubles)(input, places, period, sums);
}

void FirPeriodSums(const FirInput<std::int16_t>& input, std::span<const FirPlace> places,
                   FirPeriod period, std::int32_t* sums) {
  HWY_DYNAMIC_DISPATCH(PeriodSumsOfIntegers)(input, places, period, sums);
}

}  // namespace ossicle::dsp
#endif  // HWY_ONCE
