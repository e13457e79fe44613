// From a block's samples to what the FFT reads: the table of columns-inl.h, and what is to be
// subtracted from each frame. Included once per target.
#if defined(OSSICLE_DSP_SAMPLES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef OSSICLE_DSP_SAMPLES_INL_H_
#undef OSSICLE_DSP_SAMPLES_INL_H_
#else
#define OSSICLE_DSP_SAMPLES_INL_H_
#endif

#include <algorithm>
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

  /// Of `frames` frames: the other lanes keep what is there, and compute with it.
  BlockSamples(const KernelPlan<T>& plan, const ScratchLayout& layout, const BlockInput<T>& input,
               int frames, T* scratch)
      : plan_(plan),
        layout_(layout),
        input_(input),
        hop_rows_(static_cast<std::size_t>(plan.ColumnSamples())),
        scratch_(scratch) {
    const bool apart = input.spacing() == Spacing::kApart;
    shape_.rows = layout_.rows;
    shape_.columns = static_cast<std::size_t>(apart ? frames : plan.Columns(frames));
    shape_.stride = layout_.row_stride;
  }

  HWY_INLINE void Run() const {
    for (std::size_t i = 0; i < shape_.stride; i += hn::Lanes(D())) {
      V::All(0).Store(scratch_ + layout_.zero_row + i);
    }
    if (input_.prepared != nullptr || input_.windows != nullptr) {
      return From<SampleStep::kNone>(input_.prepared, hop_rows_, input_.windows);
    }
    if (input_.round) return FromSignal<SampleStep::kScaleAndRound>();
    if (kAlwaysScale || input_.scale != T(1)) return FromSignal<SampleStep::kScale>();
    FromSignal<SampleStep::kNone>();
  }

 private:
  /// Loads of 64 bytes nearly always cross a line of the cache. Without an operation between, GCC
  /// loads them anew for each of the two shuffles that follow.
  static constexpr bool kAlwaysScale = hn::MaxLanes(D()) * sizeof(T) == 64;

  template <SampleStep kStep>
  HWY_INLINE void FromSignal() const {
    From<kStep>(input_.signal, static_cast<std::size_t>(plan_.hop_samples), input_.signals);
  }

  template <SampleStep kStep, class Sample>
  HWY_INLINE void From(const Sample* first, std::size_t hop_samples,
                       const Sample* const* starts) const {
    const SampleSource<D, Sample, kStep> source = {first, hop_samples, starts, input_.scale};
    if (plan_.remove_dc) FindMeans(source);
    if (plan_.log_energy) {
      FillTable<false>(source, T(0));
      MeasureEnergy();
    }
    if (plan_.frame_preemphasis) {
      FillFirstRow(source);
      return FillTable<true>(source, plan_.preemphasis_rest);
    }
    if (input_.emphasize) {
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
    for (std::size_t frame = 0; frame < std::min(hn::Lanes(D()), shape_.columns); ++frame) {
      row[frame] = plan_.preemphasis_rest * source.LoadOne(source.Start(frame));
    }
  }

  /// Whole hops of a window.
  std::size_t Hops() const { return static_cast<std::size_t>(plan_.window_samples) / hop_rows_; }
  /// Its samples beyond them.
  std::size_t Rest() const { return static_cast<std::size_t>(plan_.window_samples) % hop_rows_; }

  /// The sums of each hop's samples, and from them each frame's mean.
  template <class Source>
  HWY_NOINLINE void FindMeans(const Source& source) const {
    for (std::size_t column = 0; column < shape_.columns; ++column) SumColumn(source, column);
    // Pre-emphasis is linear: that of a constant m is m - c m.
    const T share = plan_.frame_preemphasis ? plan_.preemphasis_rest : T(1);
    (Mean() * share).Store(scratch_ + layout_.subtrahend);
  }

  /// A column is one hop, or the hops of a frame apart and its rest.
  template <class Source>
  HWY_INLINE void SumColumn(const Source& source, std::size_t column) const {
    const bool apart = input_.spacing() == Spacing::kApart;
    const std::size_t rest = Rest();
    const typename Source::From* start = source.Start(column);
    std::size_t place = column;
    for (std::size_t left = shape_.rows; left >= hop_rows_; left -= hop_rows_) {
      const T part = SumOfSamples<D>(source, start, rest);
      scratch_[layout_.part_sums + place] = part;
      scratch_[layout_.sums + place] =
          part + SumOfSamples<D>(source, start + rest, hop_rows_ - rest);
      start += hop_rows_;
      place += layout_.sum_stride;
    }
    if (apart && rest != 0) {
      scratch_[layout_.part_sums + place] = SumOfSamples<D>(source, start, rest);
    }
  }

  HWY_INLINE V Mean() const {
    V sum = V::LoadU(scratch_ + layout_.sums);
    std::size_t place = layout_.sum_stride;
    for (std::size_t hop = 1; hop < Hops(); ++hop, place += layout_.sum_stride) {
      sum = sum + V::LoadU(scratch_ + layout_.sums + place);
    }
    if (Rest() != 0) sum = sum + V::LoadU(scratch_ + layout_.part_sums + place);
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
  const std::size_t hop_rows_;
  T* scratch_;
  TableShape shape_;
};

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
