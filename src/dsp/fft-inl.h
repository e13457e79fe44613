// The passes of the FFT over a block of frames. Included once per target.
#if defined(OSSICLE_DSP_FFT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef OSSICLE_DSP_FFT_INL_H_
#undef OSSICLE_DSP_FFT_INL_H_
#else
#define OSSICLE_DSP_FFT_INL_H_
#endif

#include <cstddef>
#include <cstdint>

#include "dsp/codelets-inl.h"
#include "dsp/fft.h"
#include "dsp/lanes-inl.h"
#include "dsp/prefetch-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

/// Where the first pass reads the samples of a block and what it does to them.
template <class T>
struct FirstPassInput {
  const T* samples = nullptr;
  const std::int32_t* offsets = nullptr;  ///< per input: of its row of frames from `samples`
  const T* window = nullptr;              ///< per input
  int used_rows = 0;                      ///< inputs of later rows are 0
  const T* subtrahend = nullptr;          ///< per frame, from each sample; nullptr: none
};

template <class D>
class Fft {
 public:
  using T = hn::TFromD<D>;
  using V = Values<D>;
  using C = Complex<D>;

  Fft(const FftPlan<T>& plan, T* spectrum)
      : plan_(plan),
        spectrum_(spectrum),
        column_(2 * Lanes() * static_cast<std::size_t>(plan.column_stride)) {}

  /// Does a step of `prefetch` for each of the plan's columns.
  HWY_INLINE void FirstPass(const FirstPassInput<T>& input, const Prefetcher& prefetch) const {
    switch (plan_.rows) {
      case 2:
        return Subtracting<2, 2, 0>(input, prefetch);
      case 3:
        return Subtracting<3, 3, 0>(input, prefetch);
      case 4:
        return Subtracting<4, 4, 0>(input, prefetch);
      case 5:
        return Subtracting<5, 5, 0>(input, prefetch);
      case 8:
        return Subtracting<8, 8, 0>(input, prefetch);
      case 16:
        if (plan_.column_stride == 25) return Subtracting<16, 16, 25>(input, prefetch);
        return Subtracting<16, 16, 0>(input, prefetch);
      default:
        return FirstPassOf32(input, prefetch);
    }
  }

  /// Leaves the power of each bin, or its root, at FftPlan::bin_places. Does a step of `prefetch`
  /// for each kept column.
  HWY_INLINE void ColumnPasses(bool magnitude, Prefetcher prefetch) const {
    const Result result = magnitude ? Result::kMagnitude : Result::kPower;
    const int first = plan_.paired ? 1 : 0;
    if (plan_.paired) TransformColumns(0, 1, Result::kElements, prefetch);
    if (plan_.stages.size() == 1) {
      TransformColumns(first, plan_.kept, result, prefetch);
    } else {
      // All stages of a column before the next one, while it is in the nearest cache.
      for (int column = first; column < plan_.kept; ++column) {
        TransformColumns(column, column + 1, result, prefetch);
      }
    }
    if (!plan_.paired) return;
    if (magnitude) {
      SeparatePairs<true>();
    } else {
      SeparatePairs<false>();
    }
  }

 private:
  enum class Result { kElements, kTwiddled, kPower, kMagnitude };
  static HWY_INLINE std::size_t Lanes() { return hn::Lanes(D()); }

  /// The sizes that most front ends have get code of their own: 400 samples in 512, 800, 1024,
  /// 2048.
  HWY_INLINE void FirstPassOf32(const FirstPassInput<T>& input, const Prefetcher& prefetch) const {
    if (input.used_rows <= 25) {
      if (plan_.column_stride == 17) return Subtracting<32, 25, 17>(input, prefetch);
      return Subtracting<32, 25, 0>(input, prefetch);
    }
    switch (plan_.column_stride) {
      case 25:
        return Subtracting<32, 32, 25>(input, prefetch);
      case 33:
        return Subtracting<32, 32, 33>(input, prefetch);
      case 65:
        return Subtracting<32, 32, 65>(input, prefetch);
      default:
        return Subtracting<32, 32, 0>(input, prefetch);
    }
  }

  template <int kRows, int kInputs, int kStride>
  HWY_INLINE void Subtracting(const FirstPassInput<T>& input, const Prefetcher& prefetch) const {
#if HWY_HAVE_SCALABLE  // fewer functions to compile: x - 0 is x
    RealColumns<kRows, kInputs, 0, true>(input, prefetch);
#else
    if (input.subtrahend != nullptr) {
      RealColumns<kRows, kInputs, kStride, true>(input, prefetch);
    } else {
      RealColumns<kRows, kInputs, kStride, false>(input, prefetch);
    }
#endif
  }

  template <int kRows, int kInputs, int kStride, bool kSubtract>
  HWY_NOINLINE void RealColumns(const FirstPassInput<T>& input, Prefetcher prefetch) const {
    const int untwiddled = plan_.coprime ? plan_.columns : 1;
    for (int column = 0; column < untwiddled; ++column) {
      prefetch.Step();
      RealColumn<kRows, kInputs, kStride, kSubtract, false>(input, column);
    }
    for (int column = untwiddled; column < plan_.columns; ++column) {
      prefetch.Step();
      RealColumn<kRows, kInputs, kStride, kSubtract, true>(input, column);
    }
  }

  /// kStride is FftPlan::column_stride, or 0 for any.
  template <int kRows, int kInputs, int kStride, bool kSubtract, bool kTwiddle>
  HWY_INLINE void RealColumn(const FirstPassInput<T>& input, int index) const {
    const auto column = static_cast<std::size_t>(index);
    const T* HWY_RESTRICT samples = input.samples;
    const std::int32_t* HWY_RESTRICT offsets = input.offsets + column * kRows;
    const T* HWY_RESTRICT window = input.window + column * kRows;
    const T* HWY_RESTRICT twiddles = nullptr;
    if constexpr (kTwiddle) {
      twiddles = plan_.row_twiddles.data() + (column - 1) * 2 * ((kRows - 1) / 2);
    }
    const std::int32_t* HWY_RESTRICT sums = plan_.sum_places.data() + 2 * column;
    T* HWY_RESTRICT out = spectrum_ + 2 * Lanes() * column;
    const std::size_t step = kStride == 0 ? column_ : 2 * kStride * Lanes();
    V subtrahend = V::All(0);
    if constexpr (kSubtract) {
      if (!HWY_HAVE_SCALABLE || input.subtrahend != nullptr) {
        subtrahend = V::Load(input.subtrahend);
      }
    }
    RealDft<kRows, kInputs, D>(
        [&](auto row) OSSICLE_LAMBDA {
          V x = V::LoadU(samples + offsets[row]);
          if constexpr (kSubtract) x = x - subtrahend;
          return x * window[row];
        },
        [&](V even, V odd) OSSICLE_LAMBDA {
          even.Store(spectrum_ + static_cast<std::size_t>(sums[0]) * Lanes());
          odd.Store(spectrum_ + static_cast<std::size_t>(sums[1]) * Lanes());
        },
        [&](auto kept, C x) OSSICLE_LAMBDA {
          if constexpr (kTwiddle) x = x.Times(twiddles + 2 * (kept - 1));
          x.Store(out + kept * step);
        });
  }

  /// Blocks of elements that a stage works on.
  struct Blocks {
    T* first;
    std::size_t count;
    std::size_t step;  ///< from one to the next
  };

  HWY_INLINE void TransformColumns(int begin, int end, Result result, Prefetcher& prefetch) const {
    T* const first = spectrum_ + static_cast<std::size_t>(begin) * column_;
    int size = plan_.columns;
    for (const FftStage& stage : plan_.stages) {
      const auto blocks_of_column = static_cast<std::size_t>(plan_.columns / size);
      const std::size_t block = 2 * Lanes() * static_cast<std::size_t>(size);
      // Several columns only where a block is a column.
      const Blocks blocks = blocks_of_column == 1
                                ? Blocks{first, static_cast<std::size_t>(end - begin), column_}
                                : Blocks{first, blocks_of_column, block};
      RunStage(stage, blocks, stage.rest == 1 ? result : Result::kTwiddled, prefetch);
      size = stage.rest;
    }
  }

  HWY_INLINE void RunStage(const FftStage& stage, const Blocks& blocks, Result result,
                           Prefetcher& prefetch) const {
    switch (stage.radix) {
      case 1:
        return StageTo<1>(stage, blocks, result, prefetch);
      case 2:
        return StageTo<2>(stage, blocks, result, prefetch);
      case 3:
        return StageTo<3>(stage, blocks, result, prefetch);
      case 4:
        return StageTo<4>(stage, blocks, result, prefetch);
      case 5:
        return StageTo<5>(stage, blocks, result, prefetch);
      case 8:
        return StageTo<8>(stage, blocks, result, prefetch);
      case 15:
        return StageTo<15>(stage, blocks, result, prefetch);
      case 16:
        return StageTo<16>(stage, blocks, result, prefetch);
      case 25:
        return StageTo<25>(stage, blocks, result, prefetch);
      default:
        return StageTo<32>(stage, blocks, result, prefetch);
    }
  }

  template <int kRadix>
  HWY_INLINE void StageTo(const FftStage& stage, const Blocks& blocks, Result result,
                          Prefetcher& prefetch) const {
    switch (result) {
      case Result::kTwiddled:
        return TwiddledStage<kRadix>(stage, blocks);
      case Result::kElements:
        prefetch = LastStage<kRadix, Result::kElements>(blocks, prefetch);
        break;
      case Result::kPower:
        prefetch = LastStage<kRadix, Result::kPower>(blocks, prefetch);
        break;
      case Result::kMagnitude:
        prefetch = LastStage<kRadix, Result::kMagnitude>(blocks, prefetch);
        break;
    }
  }

  template <int kRadix>
  HWY_NOINLINE void TwiddledStage(const FftStage& stage, const Blocks& blocks) const {
    const auto rest = static_cast<std::size_t>(stage.rest);
    const std::size_t step = 2 * Lanes() * rest;
    for (std::size_t block = 0; block < blocks.count; ++block) {
      T* HWY_RESTRICT p = blocks.first + block * blocks.step;
      const T* HWY_RESTRICT twiddle = plan_.stage_twiddles.data() + stage.first_twiddle;
      for (std::size_t j = 0; j < rest; ++j, p += 2 * Lanes(), twiddle += 2 * (kRadix - 1)) {
        Dft<kRadix, D>([&](auto q) OSSICLE_LAMBDA { return C::Load(p + q * step); },
                       [&](auto k, C x) OSSICLE_LAMBDA {
                         if constexpr (k != 0) x = x.Times(twiddle + 2 * (k - 1));
                         x.Store(p + k * step);
                       });
      }
    }
  }

  template <int kRadix, Result kResult>
  HWY_NOINLINE static Prefetcher LastStage(const Blocks& blocks, Prefetcher prefetch) {
    T* HWY_RESTRICT p = blocks.first;
    for (std::size_t left = blocks.count; left > 0; --left, p += blocks.step) {
      prefetch.Step();
      Dft<kRadix, D>([&](auto q) OSSICLE_LAMBDA { return C::Load(p + q * 2 * Lanes()); },
                     [&](auto k, C x) OSSICLE_LAMBDA {
                       if constexpr (kResult == Result::kElements) {
                         x.Store(p + k * 2 * Lanes());
                       } else {
                         Finished<kResult == Result::kMagnitude>(x.Power()).Store(p + k * Lanes());
                       }
                     });
    }
    return prefetch;
  }

  template <bool kMagnitude>
  static HWY_INLINE V Finished(V power) {
    if constexpr (kMagnitude) return Sqrt(power);
    return power;
  }

  /// Column 0 holds the transforms of two real sequences E and O as E + i O. With
  /// E = (Z[k] + conj Z[n - k]) / 2, O = (Z[k] - conj Z[n - k]) / 2i and the pair's twiddle W, the
  /// two bins are E + W O and E - W O.
  template <bool kMagnitude>
  HWY_NOINLINE void SeparatePairs() const {
    constexpr T kHalf = static_cast<T>(0.5);
    const std::int32_t* HWY_RESTRICT place = plan_.pair_places.data();
    const T* HWY_RESTRICT twiddle = plan_.pair_twiddles.data();
    const auto pairs = static_cast<std::size_t>(plan_.columns / 2 + 1);
    for (std::size_t k = 0; k < pairs; ++k, place += 2, twiddle += 2) {
      T* const low = spectrum_ + static_cast<std::size_t>(place[0]) * 2 * Lanes();
      T* const high = spectrum_ + static_cast<std::size_t>(place[1]) * 2 * Lanes();
      const C a = C::Load(low), b = C::Load(high);
      const C even = {(a.re + b.re) * kHalf, (a.im - b.im) * kHalf};
      const C odd = C{(a.im + b.im) * kHalf, (b.re - a.re) * kHalf}.Times(twiddle);
      Finished<kMagnitude>((even - odd).Power()).Store(low == high ? high + Lanes() : high);
      Finished<kMagnitude>((even + odd).Power()).Store(low);
    }
  }

  const FftPlan<T>& plan_;
  T* spectrum_;
  std::size_t column_;
};

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
