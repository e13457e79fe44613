// From a block's samples to what the FFT reads: the table of columns-inl.h, and what is to be
// subtracted from each frame. Included once per target.
#if defined(OSSICLE_DSP_SAMPLES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef OSSICLE_DSP_SAMPLES_INL_H_
#undef OSSICLE_DSP_SAMPLES_INL_H_
#else
#define OSSICLE_DSP_SAMPLES_INL_H_
#endif

#include <cstddef>

#include "dsp/columns-inl.h"
#include "dsp/log-inl.h"
#include "dsp/scratch_layout.h"

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

template <class D>
class BlockSamples {
 public:
  using T = hn::TFromD<D>;
  using V = Values<D>;

  BlockSamples(const KernelPlan<T>& plan, const LaneTables& tables, const BlockInput<T>& input,
               T* scratch)
      : plan_(plan), layout_(tables.layout), input_(input), scratch_(scratch) {
    shape_.rows = static_cast<std::size_t>(plan.ColumnSamples());
    shape_.columns = static_cast<std::size_t>(plan.Columns(static_cast<int>(hn::Lanes(D()))));
    shape_.hop_samples =
        input.signal == nullptr ? shape_.rows : static_cast<std::size_t>(plan.hop_samples);
    shape_.stride = layout_.row_stride;
  }

  HWY_INLINE void Run() const {
    for (std::size_t i = 0; i < shape_.stride; i += hn::Lanes(D())) {
      V::All(0).Store(scratch_ + layout_.zero_row + i);
    }
    if (input_.signal == nullptr) return From<T, SampleStep::kNone>(input_.prepared);
    if (input_.round) return From<float, SampleStep::kScaleAndRound>(input_.signal);
    if (kAlwaysScale || input_.scale != T(1)) {
      return From<float, SampleStep::kScale>(input_.signal);
    }
    From<float, SampleStep::kNone>(input_.signal);
  }

 private:
  /// Loads of 64 bytes nearly always cross a line of the cache. Without an operation between, GCC
  /// loads them anew for each of the two shuffles that follow.
  static constexpr bool kAlwaysScale = hn::MaxLanes(D()) * sizeof(T) == 64;

  template <class Sample, SampleStep kStep>
  HWY_INLINE void From(const Sample* samples) const {
    const SampleSource<D, Sample, kStep> source = {samples, input_.scale};
    if (plan_.remove_dc) SumColumns(source);
    if (plan_.log_energy) {
      FillTable<false>(source, T(0));
      MeasureEnergy();
    }
    if (plan_.frame_preemphasis) {
      FillFirstRow(source);
      return FillTable<true>(source, plan_.preemphasis_rest);
    }
    if (input_.signal != nullptr && input_.emphasize) {
      return FillTable<true>(source, input_.rest);
    }
    if (!plan_.log_energy) FillTable<false>(source, T(0));
  }

  template <bool kEmphasize, class Source>
  HWY_INLINE void FillTable(const Source& source, T rest) const {
    TableFiller<D, Source, kEmphasize>(shape_, source, rest, scratch_ + layout_.table).Fill();
  }

  /// The window's first sample has none before it: x - c x.
  template <class Source>
  HWY_INLINE void FillFirstRow(const Source& source) const {
    T* const row = scratch_ + layout_.first_row;
    for (std::size_t column = 0; column < hn::Lanes(D()); ++column) {
      row[column] = plan_.preemphasis_rest * source.LoadOne(column * shape_.hop_samples);
    }
  }

  /// Samples of a column beyond the last whole column of a window.
  std::size_t Rest() const { return static_cast<std::size_t>(plan_.window_samples) % shape_.rows; }

  /// The sums of each column's samples, and from them each frame's mean.
  template <class Source>
  HWY_NOINLINE void SumColumns(const Source& source) const {
    const std::size_t rest = Rest();
    for (std::size_t column = 0; column < shape_.columns; ++column) {
      const std::size_t start = column * shape_.hop_samples;
      const T part = SumOfSamples<D>(source, start, rest);
      scratch_[layout_.part_sums + column] = part;
      scratch_[layout_.sums + column] =
          part + SumOfSamples<D>(source, start + rest, shape_.rows - rest);
    }
    // Pre-emphasis is linear: that of a constant m is m - c m.
    const T share = plan_.frame_preemphasis ? plan_.preemphasis_rest : T(1);
    (Mean() * share).Store(scratch_ + layout_.subtrahend);
  }

  HWY_INLINE V Mean() const {
    const auto window = static_cast<std::size_t>(plan_.window_samples);
    V sum = V::LoadU(scratch_ + layout_.sums);
    std::size_t column = 1;
    for (; (column + 1) * shape_.rows <= window; ++column) {
      sum = sum + V::LoadU(scratch_ + layout_.sums + column);
    }
    if (Rest() != 0) sum = sum + V::LoadU(scratch_ + layout_.part_sums + column);
    return sum * (T(1) / static_cast<T>(plan_.window_samples));
  }

  /// ln of the sum of squares, less the mean, as four interleaved sums over n mod 4.
  HWY_NOINLINE void MeasureEnergy() const {
    const D d;
    constexpr T kFloor = static_cast<T>(1.1920928955078125e-07);
    V mean = V::All(0);
    if (plan_.remove_dc) mean = Mean();
    V sum[4];
    sum[0] = sum[1] = sum[2] = sum[3] = V::All(0);
    const auto window = static_cast<std::size_t>(plan_.window_samples);
    for (std::size_t n = 0; n < window; ++n) {
      const std::size_t row = n % shape_.rows, column = n / shape_.rows;
      const V x = V::LoadU(scratch_ + layout_.table + row * shape_.stride + column) - mean;
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
  const BlockInput<T>& input_;
  T* scratch_;
  TableShape shape_;
};

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
