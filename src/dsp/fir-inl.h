// Sums of products of samples with taps. Included once per target.
#if defined(OSSICLE_DSP_FIR_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef OSSICLE_DSP_FIR_INL_H_
#undef OSSICLE_DSP_FIR_INL_H_
#else
#define OSSICLE_DSP_FIR_INL_H_
#endif

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "dsp/fir.h"
#include "dsp/transpose-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

inline constexpr int kParts = 8;

template <class C>
HWY_INLINE const C* SamplesOf(const FirInput<C>& input, FirPlace place) {
  return input.samples + (input.offset + place.sample);
}

/// One output, as it is defined.
template <class T>
HWY_INLINE T OneSum(const T* samples, const T* taps, int row_taps) {
  T part[kParts] = {};
  for (int k = 0; k < row_taps; k += kParts) {
    for (int i = 0; i < kParts; ++i) part[i] = part[i] + samples[k + i] * taps[k + i];
  }
  return ((part[0] + part[4]) + (part[2] + part[6])) + ((part[1] + part[5]) + (part[3] + part[7]));
}

#if !HWY_HAVE_SCALABLE && HWY_TARGET != HWY_SCALAR

/// As many outputs at a time as a vector has lanes.
template <class D>
class FirBlock {
 public:
  using T = hn::TFromD<D>;
  using V = hn::Vec<D>;
  static constexpr int kLanes = static_cast<int>(hn::MaxLanes(D()));

  static HWY_INLINE void Run(const FirInput<T>& input, const FirPlace* places, T* sums) {
    V rows[kLanes];
    constexpr int kGroup = kLanes < 4 ? kLanes : 4;
    Unroll<kLanes / kGroup>([&](auto group) OSSICLE_LAMBDA {
      constexpr int kFirst = group * kGroup;
      const T* const taps = input.taps + (places[0].tap + kFirst * input.row_taps);
      RunGroup<kGroup>(input, places + kFirst, taps, rows + kFirst);
    });
    Transpose(D(), rows);
    hn::StoreU(Fold<kLanes>(rows), D(), sums);
  }

 private:
  static constexpr int kVectors = kParts / kLanes;

  /// The partial sums of a few outputs: as many as have their pointers in registers.
  template <int kCount>
  static HWY_INLINE void RunGroup(const FirInput<T>& input, const FirPlace* places, const T* taps,
                                  V* sums) {
    const D d;
    const std::ptrdiff_t row = input.row_taps;
    const T* x[kCount];
    const T* h[kCount];
    V part[kCount][kVectors];
    Unroll<kCount>([&](auto i) OSSICLE_LAMBDA {
      x[i] = SamplesOf(input, places[i]) + row;
      h[i] = taps + (i + 1) * row;
      Unroll<kVectors>([&](auto v) OSSICLE_LAMBDA { part[i][v] = hn::Zero(d); });
    });
    for (std::ptrdiff_t k = -row; k < 0; k += kParts) {
      Unroll<kCount>([&](auto i) OSSICLE_LAMBDA {
        Unroll<kVectors>([&](auto v) OSSICLE_LAMBDA {
          const std::ptrdiff_t at = k + v * kLanes;
          part[i][v] = hn::Add(part[i][v],
                               hn::Mul(hn::LoadU(d, x[i] + at), hn::LoadU(d, h[i] + at)));
        });
      });
    }
    Unroll<kCount>([&](auto i) OSSICLE_LAMBDA { sums[i] = Fold<kVectors>(part[i]); });
  }

  /// The sum of kCount vectors: i and i + kCount / 2 first.
  template <int kCount>
  static HWY_INLINE V Fold(V* v) {
    if constexpr (kCount == 1) {
      return v[0];
    } else {
      constexpr int kHalf = kCount / 2;
      Unroll<kHalf>([&](auto i) OSSICLE_LAMBDA { v[i] = hn::Add(v[i], v[i + kHalf]); });
      return Fold<kHalf>(v);
    }
  }
};

#endif

template <class T>
void SumsOf(const FirInput<T>& input, std::span<const FirPlace> places, T* sums) {
  std::size_t done = 0;
#if !HWY_HAVE_SCALABLE && HWY_TARGET != HWY_SCALAR
  using Block = FirBlock<hn::CappedTag<T, kParts>>;
  constexpr std::size_t kLanes = Block::kLanes;
  for (; done + kLanes <= places.size(); done += kLanes) {
    Block::Run(input, places.data() + done, sums + done);
  }
  if (done > 0 && done < places.size()) {  // the last block overlaps the one before it
    done = places.size() - kLanes;
    return Block::Run(input, places.data() + done, sums + done);
  }
#endif
  for (; done < places.size(); ++done) {
    sums[done] =
        OneSum(SamplesOf(input, places[done]), input.taps + places[done].tap, input.row_taps);
  }
}

HWY_INLINE std::int32_t OneIntegerSum(const std::int16_t* samples, const std::int16_t* taps,
                                      int row_taps) {
#if HWY_HAVE_SCALABLE || HWY_TARGET == HWY_SCALAR
  std::int32_t sum = 0;
  for (int k = 0; k < row_taps; ++k) sum += std::int32_t{samples[k]} * taps[k];
  return sum;
#else
  const hn::CappedTag<std::int16_t, kFirRowTaps<std::int16_t>> d16;
  const hn::RepartitionToWide<decltype(d16)> d32;
  constexpr int kLanes = static_cast<int>(hn::MaxLanes(d16));
  auto even = hn::Zero(d32), odd = hn::Zero(d32);
  for (int k = 0; k < row_taps; k += kLanes) {
    even = hn::ReorderWidenMulAccumulate(d32, hn::LoadU(d16, samples + k), hn::LoadU(d16, taps + k),
                                         even, odd);
  }
  return hn::GetLane(hn::SumOfLanes(d32, hn::Add(even, odd)));
#endif
}

HWY_INLINE void IntegerSumsOf(const FirInput<std::int16_t>& input, std::span<const FirPlace> places,
                              std::int32_t* sums) {
  for (const FirPlace place : places) {
    *sums++ = OneIntegerSum(SamplesOf(input, place), input.taps + place.tap, input.row_taps);
  }
}

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
