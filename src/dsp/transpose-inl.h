// Turns vectors of successive samples into vectors of one sample per frame, and back. Included once
// per target.
#if defined(OSSICLE_DSP_TRANSPOSE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef OSSICLE_DSP_TRANSPOSE_INL_H_
#undef OSSICLE_DSP_TRANSPOSE_INL_H_
#else
#define OSSICLE_DSP_TRANSPOSE_INL_H_
#endif

#include <cstddef>

#include "dsp/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

/// Lanes of a 128-bit block, within which shuffles are cheap.
template <class T>
inline constexpr std::size_t kBlockLanes = 16 / sizeof(T);

/// Whether tiles can be transposed in registers here.
template <class D>
constexpr bool CanTranspose() {
#if HWY_HAVE_SCALABLE || HWY_TARGET == HWY_SCALAR
  return false;
#else
  return true;
#endif
}

#if !HWY_HAVE_SCALABLE && HWY_TARGET != HWY_SCALAR

/// Row i of block b becomes what column b * kBlockLanes + i was.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void TransposeInBlocks(D d, V* v) {
  if constexpr (sizeof(hn::TFromD<D>) == 8) {
    const V low = hn::InterleaveLower(d, v[0], v[1]);
    v[1] = hn::InterleaveUpper(d, v[0], v[1]);
    v[0] = low;
  } else {
    const hn::Repartition<double, D> dd;
    const auto lower = [&](V a, V b)
                           OSSICLE_LAMBDA { return hn::BitCast(dd, hn::InterleaveLower(d, a, b)); };
    const auto upper = [&](V a, V b)
                           OSSICLE_LAMBDA { return hn::BitCast(dd, hn::InterleaveUpper(d, a, b)); };
    const auto ab_low = lower(v[0], v[1]), ab_high = upper(v[0], v[1]);
    const auto ce_low = lower(v[2], v[3]), ce_high = upper(v[2], v[3]);
    v[0] = hn::BitCast(d, hn::InterleaveLower(dd, ab_low, ce_low));
    v[1] = hn::BitCast(d, hn::InterleaveUpper(dd, ab_low, ce_low));
    v[2] = hn::BitCast(d, hn::InterleaveLower(dd, ab_high, ce_high));
    v[3] = hn::BitCast(d, hn::InterleaveUpper(dd, ab_high, ce_high));
  }
}

/// v[0], v[step], ... are rows of 128-bit blocks, as many as a vector has; transposes the blocks.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void TransposeBlocks(D d, V* v, std::size_t step) {
  constexpr std::size_t kBlocks = hn::MaxLanes(D()) / kBlockLanes<hn::TFromD<D>>;
  if constexpr (kBlocks == 2) {
    const V low = hn::ConcatLowerLower(d, v[step], v[0]);
    v[step] = hn::ConcatUpperUpper(d, v[step], v[0]);
    v[0] = low;
  } else if constexpr (kBlocks == 4) {
    const V a = hn::ConcatLowerLower(d, v[2 * step], v[0]);
    const V b = hn::ConcatLowerLower(d, v[3 * step], v[step]);
    const V c = hn::ConcatUpperUpper(d, v[2 * step], v[0]);
    const V e = hn::ConcatUpperUpper(d, v[3 * step], v[step]);
    v[0] = hn::OddEvenBlocks(hn::SwapAdjacentBlocks(b), a);
    v[step] = hn::OddEvenBlocks(b, hn::SwapAdjacentBlocks(a));
    v[2 * step] = hn::OddEvenBlocks(hn::SwapAdjacentBlocks(e), c);
    v[3 * step] = hn::OddEvenBlocks(e, hn::SwapAdjacentBlocks(c));
  }
}

/// Lane i of vector j becomes lane j of vector i; there are as many vectors as lanes.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void Transpose(D d, V* v) {
  constexpr int kRows = static_cast<int>(kBlockLanes<hn::TFromD<D>>);
  constexpr int kBlocks = static_cast<int>(hn::MaxLanes(D())) / kRows;
  Unroll<kBlocks>([&](auto b) OSSICLE_LAMBDA { TransposeInBlocks(d, v + b * kRows); });
  Unroll<kRows>([&](auto i) OSSICLE_LAMBDA { TransposeBlocks(d, v + i, kRows); });
  // Vector i + kRows * b now holds lane i of block b, which is lane b * kRows + i.
}

/// Stores the 128-bit blocks of v to `to`, to + step, ...
template <class D, class V = hn::Vec<D>>
HWY_INLINE void StoreBlocks(D d, V v, hn::TFromD<D>* to, std::size_t step) {
  if constexpr (hn::MaxLanes(D()) == kBlockLanes<hn::TFromD<D>>) {
    hn::StoreU(v, d, to);
  } else {
    const hn::Half<D> half;
    constexpr std::size_t kBlocks = hn::MaxLanes(half) / kBlockLanes<hn::TFromD<D>>;
    StoreBlocks(half, hn::LowerHalf(half, v), to, step);
    StoreBlocks(half, hn::UpperHalf(half, v), to + kBlocks * step, step);
  }
}

#endif

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
