// float64 for WebAssembly's SIMD, as far as the kernels use it, where Highway has none.
#pragma once

#include <hwy/highway.h>

#if HWY_TARGET == HWY_WASM && !HWY_HAVE_FLOAT64

#include <wasm_simd128.h>

#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace hwy::HWY_NAMESPACE {

template <std::size_t N, HWY_IF_LE128(double, N)>
HWY_API Vec128<double, N> Set(Simd<double, N, 0>, double value) {
  return {wasm_f64x2_splat(value)};
}

template <std::size_t N>
HWY_API Vec128<double, N> operator+(Vec128<double, N> a, Vec128<double, N> b) {
  return {wasm_f64x2_add(a.raw, b.raw)};
}
template <std::size_t N>
HWY_API Vec128<double, N> operator-(Vec128<double, N> a, Vec128<double, N> b) {
  return {wasm_f64x2_sub(a.raw, b.raw)};
}
template <std::size_t N>
HWY_API Vec128<double, N> operator*(Vec128<double, N> a, Vec128<double, N> b) {
  return {wasm_f64x2_mul(a.raw, b.raw)};
}
template <std::size_t N>
HWY_API Vec128<double, N> operator/(Vec128<double, N> a, Vec128<double, N> b) {
  return {wasm_f64x2_div(a.raw, b.raw)};
}
template <std::size_t N>
HWY_API Vec128<double, N> Add(Vec128<double, N> a, Vec128<double, N> b) {
  return a + b;
}
template <std::size_t N>
HWY_API Vec128<double, N> Sub(Vec128<double, N> a, Vec128<double, N> b) {
  return a - b;
}
template <std::size_t N>
HWY_API Vec128<double, N> Mul(Vec128<double, N> a, Vec128<double, N> b) {
  return a * b;
}
template <std::size_t N>
HWY_API Vec128<double, N> Div(Vec128<double, N> a, Vec128<double, N> b) {
  return a / b;
}
template <std::size_t N>
HWY_API Vec128<double, N> Sqrt(Vec128<double, N> a) {
  return {wasm_f64x2_sqrt(a.raw)};
}
template <std::size_t N>
HWY_API Vec128<double, N> Min(Vec128<double, N> a, Vec128<double, N> b) {
  return {wasm_f64x2_min(a.raw, b.raw)};
}
template <std::size_t N>
HWY_API Vec128<double, N> Max(Vec128<double, N> a, Vec128<double, N> b) {
  return {wasm_f64x2_max(a.raw, b.raw)};
}

template <std::size_t N>
HWY_API Mask128<double, N> operator==(Vec128<double, N> a, Vec128<double, N> b) {
  return {wasm_f64x2_eq(a.raw, b.raw)};
}
template <std::size_t N>
HWY_API Mask128<double, N> operator>(Vec128<double, N> a, Vec128<double, N> b) {
  return {wasm_f64x2_gt(a.raw, b.raw)};
}

template <std::size_t N>
HWY_API Vec128<double, N> Round(Vec128<double, N> a) {
  return {wasm_f64x2_nearest(a.raw)};
}
template <std::size_t N>
HWY_API Vec128<double, N> Neg(Vec128<double, N> a) {
  return {wasm_f64x2_neg(a.raw)};
}
template <std::size_t N, HWY_IF_LE128(double, N)>
HWY_API Vec128<double, N> PromoteTo(Simd<double, N, 0>, Vec128<float, N> from) {
  return {wasm_f64x2_promote_low_f32x4(from.raw)};
}

/// Highway's own converts the lane's bits as if they were an integer.
template <std::size_t N>
HWY_API double GetLane(Vec128<double, N> v) {
  return wasm_f64x2_extract_lane(v.raw, 0);
}

template <std::size_t N, HWY_IF_LE128(float, N)>
HWY_API Vec128<float, N> DemoteTo(Simd<float, N, 0>, Vec128<double, N> from) {
  return {wasm_f32x4_demote_f64x2_zero(from.raw)};
}

}  // namespace hwy::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
