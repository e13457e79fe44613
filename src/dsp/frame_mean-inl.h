// What a frame needs of its own samples before the FFT: its mean, its energy, its pre-emphasis. All
// work on the table of columns-inl.h. Included once per target.
#if defined(OSSICLE_DSP_FRAME_MEAN_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef OSSICLE_DSP_FRAME_MEAN_INL_H_
#undef OSSICLE_DSP_FRAME_MEAN_INL_H_
#else
#define OSSICLE_DSP_FRAME_MEAN_INL_H_
#endif

#include <cstddef>

#include "dsp/lanes-inl.h"
#include "dsp/log-inl.h"
#include "dsp/scratch_layout.h"

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

template <class D>
class FrameMean {
 public:
  using T = hn::TFromD<D>;
  using V = Values<D>;

  FrameMean(const KernelPlan<T>& plan, const ScratchLayout& layout, T* scratch)
      : plan_(plan),
        layout_(layout),
        scratch_(scratch),
        rows_(static_cast<std::size_t>(plan.ColumnSamples())),
        stride_(plan.TablesFor(static_cast<int>(hn::Lanes(D()))).row_stride) {}

  /// Leaves the frames' subtrahends and log energies, and the table as the FFT wants it.
  HWY_INLINE void Run() const {
    if (plan_.frame_preemphasis) SaveLastRow();
    if (!plan_.log_energy && plan_.remove_dc && plan_.frame_preemphasis) {
      return SumAndEmphasize<true, true>();
    }
    if (plan_.remove_dc) SumAndEmphasize<true, false>();
    if (plan_.log_energy) MeasureEnergy();
    if (plan_.frame_preemphasis) SumAndEmphasize<false, true>();
  }

 private:
  HWY_INLINE T* Row(std::size_t row) const { return scratch_ + layout_.table + row * stride_; }
  HWY_INLINE std::size_t Rest() const {
    return static_cast<std::size_t>(plan_.window_samples) % rows_;
  }

  HWY_INLINE void SaveLastRow() const {
    T* const to = scratch_ + layout_.last_row;
    to[-1] = 0;
    for (std::size_t i = 0; i < stride_; i += hn::Lanes(D())) {
      V::Load(Row(rows_ - 1) + i).Store(to + i);
    }
  }

  /// Column by column: the sum of its samples, as four interleaved sums over row mod 4, and
  /// x[n] - c x[n - 1] in their place.
  template <bool kSum, bool kEmphasize>
  HWY_NOINLINE void SumAndEmphasize() const {
    for (std::size_t column = 0; column < stride_; column += hn::Lanes(D())) {
      V sum[4];
      sum[0] = sum[1] = sum[2] = sum[3] = V::All(0);
      V previous = V::All(0);
      if constexpr (kEmphasize) {
        // The sample before a column's first is the last of the column before it.
        previous = V::LoadU(scratch_ + layout_.last_row + column - 1);
        const V x = V::Load(Row(0) + column);
        (x - x * plan_.preemphasis_coefficient).Store(scratch_ + layout_.first_row + column);
      }
      const auto part = [&](std::size_t begin, std::size_t end) OSSICLE_LAMBDA {
        for (std::size_t row = begin; row < end; ++row) {
          const V x = V::Load(Row(row) + column);
          if constexpr (kSum) {
            const V next = sum[0] + x;
            sum[0] = sum[1];
            sum[1] = sum[2];
            sum[2] = sum[3];
            sum[3] = next;
          }
          if constexpr (kEmphasize) {
            (x - previous * plan_.preemphasis_coefficient).Store(Row(row) + column);
            previous = x;
          }
        }
      };
      part(0, Rest());
      if constexpr (kSum) {
        ((sum[0] + sum[1]) + (sum[2] + sum[3])).Store(scratch_ + layout_.part_sums + column);
      }
      part(Rest(), rows_);
      if constexpr (kSum) {
        ((sum[0] + sum[1]) + (sum[2] + sum[3])).Store(scratch_ + layout_.sums + column);
      }
    }
    if constexpr (kSum) StoreSubtrahend();
  }

  HWY_INLINE V SumOfFrame() const {
    const auto window = static_cast<std::size_t>(plan_.window_samples);
    V sum = V::Load(scratch_ + layout_.sums);
    std::size_t column = 1;
    for (; (column + 1) * rows_ <= window; ++column) {
      sum = sum + V::LoadU(scratch_ + layout_.sums + column);
    }
    if (Rest() != 0) sum = sum + V::LoadU(scratch_ + layout_.part_sums + column);
    return sum;
  }

  /// Pre-emphasis is linear, so that of a constant m is m - c m.
  HWY_INLINE void StoreSubtrahend() const {
    const V mean = SumOfFrame() * (T(1) / static_cast<T>(plan_.window_samples));
    const T share = plan_.frame_preemphasis ? T(1) - plan_.preemphasis_coefficient : T(1);
    (mean * share).Store(scratch_ + layout_.subtrahend);
  }

  /// ln of the sum of squares, less the mean, as four interleaved sums over n mod 4.
  HWY_NOINLINE void MeasureEnergy() const {
    const D d;
    constexpr T kFloor = static_cast<T>(1.1920928955078125e-07);
    V mean = V::All(0);
    if (plan_.remove_dc) mean = SumOfFrame() * (T(1) / static_cast<T>(plan_.window_samples));
    V sum[4];
    sum[0] = sum[1] = sum[2] = sum[3] = V::All(0);
    const auto window = static_cast<std::size_t>(plan_.window_samples);
    for (std::size_t n = 0; n < window; ++n) {
      const V x = V::LoadU(Row(n % rows_) + n / rows_) - mean;
      const V next = sum[0] + x * x;
      sum[0] = sum[1];
      sum[1] = sum[2];
      sum[2] = sum[3];
      sum[3] = next;
    }
    const V energy = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    const auto floored = hn::Max(energy.Get(), hn::Set(d, kFloor));
    hn::Store(ScaledLn(d, floored, ScaledLog<T>()), d, scratch_ + layout_.log_energy);
  }

  const KernelPlan<T>& plan_;
  const ScratchLayout& layout_;
  T* scratch_;
  std::size_t rows_;
  std::size_t stride_;
};

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
