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
#include <type_traits>

#include "dsp/fir.h"
#include "dsp/transpose-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

inline constexpr int kParts = 8;

template <class C>
HWY_INLINE const C* SamplesOf(const FirInput<C>& input, FirPlace place) {
  return input.samples + (input.offset + place.sample);
}

template <class C>
HWY_INLINE int RowTapsOf(const FirInput<C>& input, FirPlace place) {
  return place.row_taps != 0 ? place.row_taps : input.row_taps;
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

HWY_INLINE std::int32_t OneSum(const std::int16_t* samples, const std::int16_t* taps,
                               int row_taps) {
  std::int32_t sum = 0;
  for (int k = 0; k < row_taps; ++k) sum += std::int32_t{samples[k]} * taps[k];
  return sum;
}

#if !HWY_HAVE_SCALABLE && HWY_TARGET != HWY_SCALAR

/// How products are summed: kVectors vectors of sums, for each kStep taps.
template <class T>
struct FirArithmetic {
  using D = hn::CappedTag<T, kParts>;
  using DSum = D;
  static constexpr int kLanes = static_cast<int>(hn::MaxLanes(D()));
  static constexpr int kVectors = kParts / kLanes;
  static constexpr int kStep = kParts;

  struct Sum {
    HWY_INLINE Sum() {}  // NOLINT(modernize-use-equals-default): that one would not have the target
    hn::Vec<D> parts[kVectors];
    HWY_INLINE void Clear() {
      Unroll<kVectors>([&](auto v) OSSICLE_LAMBDA { parts[v] = hn::Zero(D()); });
    }
    /// Clear() and Add(), but for the sign of a zero.
    template <int kVector>
    HWY_INLINE void Begin(hn::Vec<D> samples, hn::Vec<D> taps) {
      parts[kVector] = hn::Mul(samples, taps);
    }
    template <int kVector>
    HWY_INLINE void Add(hn::Vec<D> samples, hn::Vec<D> taps) {
      parts[kVector] = hn::Add(parts[kVector], hn::Mul(samples, taps));
    }
    /// Vectors i and i + kVectors / 2 first.
    HWY_INLINE hn::Vec<D> Total() const {
      if constexpr (kVectors == 1) {
        return parts[0];
      } else if constexpr (kVectors == 2) {
        return hn::Add(parts[0], parts[1]);
      } else {
        return hn::Add(hn::Add(parts[0], parts[2]), hn::Add(parts[1], parts[3]));
      }
    }
  };
};

template <>
struct FirArithmetic<std::int16_t> {
  using D = hn::CappedTag<std::int16_t, kFirRowTaps<std::int16_t>>;
  using DSum = hn::RepartitionToWide<D>;
  static constexpr int kLanes = static_cast<int>(hn::MaxLanes(D()));
  static constexpr int kVectors = 1;
  static constexpr int kStep = kLanes;

  struct Sum {
    HWY_INLINE Sum() {}  // NOLINT(modernize-use-equals-default): that one would not have the target
    hn::Vec<DSum> even, odd;
    HWY_INLINE void Clear() { even = odd = hn::Zero(DSum()); }
    template <int kVector>
    HWY_INLINE void Begin(hn::Vec<D> samples, hn::Vec<D> taps) {
      Clear();
      Add<kVector>(samples, taps);
    }
    template <int kVector>
    HWY_INLINE void Add(hn::Vec<D> samples, hn::Vec<D> taps) {
      even = hn::ReorderWidenMulAccumulate(DSum(), samples, taps, even, odd);
    }
    HWY_INLINE hn::Vec<DSum> Total() const { return hn::Add(even, odd); }
  };
};

// Below, a blend and one shuffle bring together what is added: blends run on any port, and the
// order of two terms does not matter.

/// In each 128-bit block of two vectors of 4-byte lanes: a0 + a2, a1 + a3, b0 + b2, b1 + b3.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V AddPairs(D d, V a, V b) {
  const hn::Repartition<double, D> dd;
  const auto blend = hn::OddEven(hn::BitCast(dd, b), hn::BitCast(dd, a));
  return hn::Add(hn::BitCast(d, blend), hn::CombineShiftRightBytes<8>(d, b, a));
}

/// In each block, of lanes of 4 bytes: a0 + a1, b0 + b1, a2 + a3, b2 + b3; of 8 bytes: the first
/// two.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V AddNeighbours(D d, V a, V b) {
  if constexpr (sizeof(hn::TFromD<D>) == 8) {
    return hn::Add(hn::OddEven(b, a), hn::CombineShiftRightBytes<8>(d, b, a));
  } else {
    return hn::Add(hn::OddEven(b, a), hn::Shuffle2301(hn::OddEven(a, b)));
  }
}

/// The upper half of a's lanes added to the lower, and after them those of b.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V AddHalves(D d, V a, V b) {
  return hn::Add(hn::ConcatUpperLower(d, b, a), hn::ConcatLowerUpper(d, b, a));
}

/// The same in each half of vectors of four blocks.
template <class V>
HWY_INLINE V AddNeighbourBlocks(V a, V b) {
  return hn::Add(hn::OddEvenBlocks(hn::SwapAdjacentBlocks(b), a),
                 hn::OddEvenBlocks(b, hn::SwapAdjacentBlocks(a)));
}

/// Lane i is the sum of row i's lanes, as many as there are rows: those that are half as far apart
/// as there are lanes first. Adding while transposing takes half the shuffles. Changes the rows.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V SumsOfRows(D d, V* rows) {
  constexpr int kLanes = static_cast<int>(hn::MaxLanes(D()));
  constexpr int kBlock = static_cast<int>(kBlockLanes<hn::TFromD<D>>);
  constexpr int kHalf = kLanes / 2;
  if constexpr (kLanes > kBlock) {
    Unroll<kHalf>([&](auto i) OSSICLE_LAMBDA { rows[i] = AddHalves(d, rows[i], rows[i + kHalf]); });
  }
  if constexpr (kLanes == 4 * kBlock) {
    Unroll<kHalf / 2>(
        [&](auto i) OSSICLE_LAMBDA { rows[i] = AddNeighbourBlocks(rows[i], rows[i + kHalf / 2]); });
  }
  if constexpr (kBlock == 2) {
    return AddNeighbours(d, rows[0], rows[1]);
  } else {
    return AddNeighbours(d, AddPairs(d, rows[0], rows[2]), AddPairs(d, rows[1], rows[3]));
  }
}

/// As many outputs at a time as a vector of sums has lanes.
template <class C>
class FirBlock {
 public:
  using A = FirArithmetic<C>;
  using DSum = typename A::DSum;
  using TSum = hn::TFromD<DSum>;
  static constexpr int kOutputs = static_cast<int>(hn::MaxLanes(DSum()));

  /// Successive outputs.
  static HWY_INLINE void Run(const FirInput<C>& input, const FirPlace* places, TSum* sums) {
    constexpr int kGroup = kOutputs < 4 ? kOutputs : 4;
    const std::ptrdiff_t row = input.row_taps;
    const C* const taps = input.taps + places[0].tap;
    V rows[kOutputs];
    Unroll<kOutputs / kGroup>([&](auto group) OSSICLE_LAMBDA {
      constexpr int kFirst = group * kGroup;
      const C* x[kGroup];
      const C* h[kGroup];
      Unroll<kGroup>([&](auto i) OSSICLE_LAMBDA {
        x[i] = SamplesOf(input, places[kFirst + i]) + row;
        h[i] = taps + (kFirst + i + 1) * row;
      });
      Sum<kGroup, kGroup>(x, h, row, rows + kFirst);
    });
    hn::StoreU(SumsOfRows(DSum(), rows), DSum(), sums);
  }

  /// Successive outputs, each in as many periods, for which a tap is loaded once.
  static HWY_INLINE void RunPeriods(const FirInput<C>& input, const FirPlace* places,
                                    FirPeriod period, TSum* sums) {
    V by_output[kOutputs];
    for (int i = 0; i < kOutputs; ++i) {
      const std::ptrdiff_t row = RowTapsOf(input, places[i]);
      const C* const taps = input.taps + places[i].tap + row;
      const C* x[kOutputs];
      V rows[kOutputs];
      x[0] = SamplesOf(input, places[i]) + row;
      Unroll<kOutputs - 1>([&](auto p) OSSICLE_LAMBDA { x[p + 1] = x[p] + period.samples; });
      Sum<kOutputs, 1>(x, &taps, row, rows);
      // Only from +0 on is a sum of nothing but -0 what it is defined to be.
      by_output[i] = hn::Add(SumsOfRows(DSum(), rows), hn::Zero(DSum()));
    }
    Transpose(DSum(), by_output);
    Unroll<kOutputs>([&](auto p) OSSICLE_LAMBDA {
      hn::StoreU(by_output[p], DSum(), sums + p * period.outputs);
    });
  }

 private:
  using V = hn::Vec<DSum>;

  /// The sums, before their lanes are added, of the taps that end at h and the samples that end at
  /// x: as many as have their sums and pointers in registers.
  template <int kCount, int kRows>
  static HWY_INLINE void Sum(const C* const* x, const C* const* h, std::ptrdiff_t row, V* rows) {
    const typename A::D d;
    typename A::Sum sum[kCount];
    const auto step = [&](std::ptrdiff_t k, auto begins) OSSICLE_LAMBDA {
      Unroll<A::kVectors>([&](auto v) OSSICLE_LAMBDA {
        const std::ptrdiff_t at = k + v * A::kLanes;
        hn::Vec<typename A::D> taps[kRows];
        Unroll<kRows>([&](auto i) OSSICLE_LAMBDA { taps[i] = hn::LoadU(d, h[i] + at); });
        Unroll<kCount>([&](auto i) OSSICLE_LAMBDA {
          const auto samples = hn::LoadU(d, x[i] + at);
          if constexpr (begins) {
            sum[i].template Begin<v>(samples, taps[i % kRows]);
          } else {
            sum[i].template Add<v>(samples, taps[i % kRows]);
          }
        });
      });
    };
    std::ptrdiff_t k = -row;
    if constexpr (kRows == 1) {  // one addition less of each
      step(k, std::true_type());
      k += A::kStep;
    } else {
      Unroll<kCount>([&](auto i) OSSICLE_LAMBDA { sum[i].Clear(); });
    }
    for (; k < 0; k += A::kStep) step(k, std::false_type());
    Unroll<kCount>([&](auto i) OSSICLE_LAMBDA { rows[i] = sum[i].Total(); });
  }
};

#endif

template <class C, class TSum>
void SumsOf(const FirInput<C>& input, std::span<const FirPlace> places, TSum* sums) {
  std::size_t done = 0;
#if !HWY_HAVE_SCALABLE && HWY_TARGET != HWY_SCALAR
  using Block = FirBlock<C>;
  constexpr std::size_t kOutputs = Block::kOutputs;
  for (; done + kOutputs <= places.size(); done += kOutputs) {
    Block::Run(input, places.data() + done, sums + done);
  }
  if (done > 0 && done < places.size()) {  // the last block overlaps the one before it
    done = places.size() - kOutputs;
    return Block::Run(input, places.data() + done, sums + done);
  }
#endif
  for (; done < places.size(); ++done) {
    sums[done] =
        OneSum(SamplesOf(input, places[done]), input.taps + places[done].tap, input.row_taps);
  }
}

template <class C, class TSum>
void PeriodSumsOf(const FirInput<C>& input, std::span<const FirPlace> places, FirPeriod period,
                  TSum* sums) {
  FirInput<C> shifted = input;
#if !HWY_HAVE_SCALABLE && HWY_TARGET != HWY_SCALAR
  using Block = FirBlock<C>;
  constexpr std::size_t kOutputs = Block::kOutputs;
  if (places.size() >= kOutputs) {
    static_assert(kFirPeriods % kOutputs == 0);
    for (std::size_t p = 0; p < kFirPeriods; p += kOutputs) {
      for (std::size_t done = 0; done < places.size(); done += kOutputs) {
        const std::size_t at = std::min(done, places.size() - kOutputs);
        Block::RunPeriods(shifted, places.data() + at, period, sums + at);
      }
      shifted.offset += static_cast<std::int64_t>(kOutputs) * period.samples;
      sums += static_cast<std::int64_t>(kOutputs) * period.outputs;
    }
    return;
  }
#endif
  for (int p = 0; p < kFirPeriods; ++p) {
    for (std::size_t i = 0; i < places.size(); ++i) {
      sums[i] = OneSum(SamplesOf(shifted, places[i]), input.taps + places[i].tap,
                       RowTapsOf(input, places[i]));
    }
    shifted.offset += period.samples;
    sums += period.outputs;
  }
}

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
