// A block of frames from samples to features. Included once per target.
#if defined(OSSICLE_DSP_KERNEL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef OSSICLE_DSP_KERNEL_INL_H_
#undef OSSICLE_DSP_KERNEL_INL_H_
#else
#define OSSICLE_DSP_KERNEL_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>

#include "dsp/fft-inl.h"
#include "dsp/kernel.h"
#include "dsp/log-inl.h"
#include "dsp/scratch_layout.h"

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Rows of one vector each: row i of frame `lane` is at [i * lanes + lane].
template <class D, class T = hn::TFromD<D>>
class BlockKernel {
 public:
  using V = hn::Vec<D>;

  BlockKernel(const KernelPlan<T>& plan, T* scratch)
      : plan_(plan),
        lanes_(hn::Lanes(D())),
        layout_(plan, static_cast<int>(lanes_)),
        samples_(scratch),
        columns_(scratch + layout_.columns),
        spectrum_(scratch + layout_.spectrum),
        mel_(scratch + layout_.mel),
        cepstrum_(scratch + layout_.cepstrum),
        frame_(scratch + layout_.frame) {}

  void Run(const BlockOutput<T>& output) {
    SamplesToColumns();
    if (plan_.remove_dc || plan_.log_energy) MeasureFrames();
    LoadFftInput();
    RunFft(D(), plan_.fft, spectrum_);
    if (plan_.fft.paired) {
      PowerOfPairs();
    } else {
      PowerOfElements();
    }
    SumBands();
    if (plan_.take_log) TakeLog();
    T* rows = ApplyOps(output);
    if (output.out != nullptr) StoreRows(rows, output);
  }

 private:
  /// A column per hop becomes a row per sample, so that one load reads that sample of all frames.
  void SamplesToColumns() {
    const auto rows = static_cast<std::size_t>(plan_.ColumnSamples());
    const auto columns = static_cast<std::size_t>(plan_.Columns(static_cast<int>(lanes_)));
    const std::size_t stride = layout_.column_stride;
    for (std::size_t c = 0; c < columns; ++c) {
      const T* HWY_RESTRICT from = samples_ + c * rows;
      T* HWY_RESTRICT to = columns_ + c;
      for (std::size_t r = 0; r < rows; ++r) to[r * stride] = from[r];
    }
  }

  HWY_INLINE V Sample(std::size_t row, std::size_t column) const {
    return hn::LoadU(D(), columns_ + row * layout_.column_stride + column);
  }

  /// Mean and energy of each frame, as four interleaved sums over n mod 4.
  void MeasureFrames() {
    const D d;
    const auto window = static_cast<std::size_t>(plan_.window_samples);
    V mean = hn::Zero(d);
    if (plan_.remove_dc) {
      mean = hn::Div(SumSamples<false>(mean), hn::Set(d, static_cast<T>(window)));
    }
    hn::Store(mean, d, frame_);
    if (plan_.log_energy) {
      constexpr T kFloor = static_cast<T>(1.1920928955078125e-07);
      const V energy = SumSamples<true>(mean);
      hn::Store(Ln(d, hn::Max(energy, hn::Set(d, kFloor))), d, frame_ + lanes_);
    }
  }

  /// Sum of the window's samples less `mean`, or of their squares.
  template <bool kSquares>
  V SumSamples(V mean) const {
    const D d;
    V sum0 = hn::Zero(d), sum1 = sum0, sum2 = sum0, sum3 = sum0;
    const auto rows = static_cast<std::size_t>(plan_.ColumnSamples());
    const auto window = static_cast<std::size_t>(plan_.window_samples);
    std::size_t row = 0;
    std::size_t column = 0;
    for (std::size_t n = 0; n < window; ++n) {
      V x = hn::Sub(Sample(row, column), mean);
      if constexpr (kSquares) x = hn::Mul(x, x);
      const V sum = hn::Add(sum0, x);
      sum0 = sum1;
      sum1 = sum2;
      sum2 = sum3;
      sum3 = sum;
      if (++row == rows) {
        row = 0;
        ++column;
      }
    }
    return hn::Add(hn::Add(sum0, sum1), hn::Add(sum2, sum3));
  }

  void LoadFftInput() {
    const D d;
    const bool per_frame = plan_.remove_dc || plan_.frame_preemphasis;
    T* HWY_RESTRICT to = spectrum_;
    for (const FftInput<T>& input : plan_.inputs) {
      V x = hn::Zero(d);
      if (input.row >= 0) {
        x = per_frame ? EmphasizedSample(input)
                      : Sample(static_cast<std::size_t>(input.row),
                               static_cast<std::size_t>(input.column));
        x = hn::Mul(x, hn::Set(d, input.window));
      }
      hn::Store(x, d, to);
      to += lanes_;
    }
  }

  HWY_INLINE V EmphasizedSample(const FftInput<T>& input) const {
    const D d;
    const V mean = plan_.remove_dc ? hn::Load(d, frame_) : hn::Zero(d);
    const V x = hn::Sub(
        Sample(static_cast<std::size_t>(input.row), static_cast<std::size_t>(input.column)), mean);
    if (!plan_.frame_preemphasis) return x;
    const V previous = hn::Sub(Sample(static_cast<std::size_t>(input.previous_row),
                                      static_cast<std::size_t>(input.previous_column)),
                               mean);
    return hn::Sub(x, hn::Mul(previous, hn::Set(d, plan_.preemphasis_coefficient)));
  }

  HWY_INLINE V Power(V re, V im) const {
    const D d;
    const V power =
        hn::Add(hn::Add(hn::Mul(re, re), hn::Mul(im, im)), hn::Set(d, plan_.spectrum_epsilon));
    return plan_.magnitude ? hn::Sqrt(power) : power;
  }

  /// Bin k goes where the real part of element k was.
  HWY_INLINE T* Bin(std::size_t k) const { return spectrum_ + k * 2 * lanes_; }

  void PowerOfElements() {
    const D d;
    const auto bins = static_cast<std::size_t>(plan_.fft.size / 2 + 1);
    for (std::size_t k = 0; k < bins; ++k) {
      T* p = Bin(k);
      hn::Store(Power(hn::Load(d, p), hn::Load(d, p + lanes_)), d, p);
    }
  }

  /// Element k holds the spectra of the even samples (E) and odd ones (O) as E + i O. With
  /// E = (Z[k] + conj Z[m-k]) / 2, O = (Z[k] - conj Z[m-k]) / 2i and W = e^(-2 pi i k / n), the
  /// bins are X[k] = E + W O and X[m-k] = conj(E - W O).
  void PowerOfPairs() {
    const D d;
    const auto m = static_cast<std::size_t>(plan_.fft.complex_size);
    const V half = hn::Set(d, T(0.5));
    const T* HWY_RESTRICT root = plan_.fft.separation.data();
    for (std::size_t k = 0; 2 * k <= m; ++k, root += 2) {
      const T* const low = Bin(k);
      const T* const high = k == 0 ? low : Bin(m - k);
      const V a = hn::Load(d, low), b = hn::Load(d, low + lanes_);
      const V c = hn::Load(d, high), e = hn::Load(d, high + lanes_);
      const V even_re = hn::Mul(hn::Add(a, c), half), even_im = hn::Mul(hn::Sub(b, e), half);
      const V odd_re = hn::Mul(hn::Add(b, e), half), odd_im = hn::Mul(hn::Sub(c, a), half);
      const V cosine = hn::Set(d, root[0]), sine = hn::Set(d, root[1]);
      const V turned_re = hn::Sub(hn::Mul(odd_re, cosine), hn::Mul(odd_im, sine));
      const V turned_im = hn::Add(hn::Mul(odd_re, sine), hn::Mul(odd_im, cosine));
      hn::Store(Power(hn::Sub(even_re, turned_re), hn::Sub(even_im, turned_im)), d, Bin(m - k));
      hn::Store(Power(hn::Add(even_re, turned_re), hn::Add(even_im, turned_im)), d, Bin(k));
    }
  }

  /// Each band as two interleaved sums over its taps.
  void SumBands() {
    const D d;
    T* HWY_RESTRICT to = mel_;
    for (const BandTaps& band : plan_.bands) {
      const T* HWY_RESTRICT weight = plan_.weights.data() + band.first_weight;
      const T* HWY_RESTRICT bin = Bin(static_cast<std::size_t>(band.first_bin));
      V even = hn::Zero(d), odd = hn::Zero(d);
      for (int i = 0; i < band.count; ++i, ++weight, bin += 2 * lanes_) {
        const V sum = hn::Add(even, hn::Mul(hn::Set(d, *weight), hn::Load(d, bin)));
        even = odd;
        odd = sum;
      }
      hn::Store(hn::Add(even, odd), d, to);
      to += lanes_;
    }
  }

  void TakeLog() {
    const D d;
    const V floor = hn::Set(d, plan_.log_floor);
    const V scale = hn::Set(d, plan_.log_scale);
    const V offset = hn::Set(d, plan_.log_offset);
    const std::size_t end = plan_.bands.size() * lanes_;
    for (std::size_t i = 0; i < end; i += lanes_) {
      V x = hn::Load(d, mel_ + i);
      x = plan_.add_floor ? hn::Add(x, floor) : hn::Max(x, floor);
      hn::Store(hn::Add(hn::Mul(scale, Ln(d, x)), offset), d, mel_ + i);
    }
  }

  /// Returns the rows that hold the result.
  T* ApplyOps(const BlockOutput<T>& output) {
    T* rows = mel_;
    std::size_t end = plan_.bands.size() * lanes_;
    for (const RowOp<T>& op : plan_.ops) {
      switch (op.kind) {
        case RowOp<T>::Kind::kAffine:
          ApplyAffine(op, rows, end);
          break;
        case RowOp<T>::Kind::kClip:
          ApplyClip(op.a, op.b, rows, end);
          break;
        case RowOp<T>::Kind::kPeak:
          if (output.peak != nullptr) RaisePeak(rows, end, output);
          if (output.out == nullptr) return rows;
          if (output.floor != nullptr) ApplyFloor(*output.floor, rows, end);
          break;
        case RowOp<T>::Kind::kCepstrum:
          TransformCepstrum();
          rows = cepstrum_;
          end = static_cast<std::size_t>(plan_.coefficients) * lanes_;
          break;
      }
    }
    return rows;
  }

  void ApplyAffine(const RowOp<T>& op, T* rows, std::size_t end) const {
    const D d;
    const V scale = hn::Set(d, op.a), offset = hn::Set(d, op.b);
    for (std::size_t i = 0; i < end; i += lanes_) {
      hn::Store(hn::Add(hn::Mul(scale, hn::Load(d, rows + i)), offset), d, rows + i);
    }
  }

  void ApplyClip(T low, T high, T* rows, std::size_t end) const {
    const D d;
    const V lowest = hn::Set(d, low), highest = hn::Set(d, high);
    for (std::size_t i = 0; i < end; i += lanes_) {
      hn::Store(hn::Min(hn::Max(hn::Load(d, rows + i), lowest), highest), d, rows + i);
    }
  }

  void ApplyFloor(T floor, T* rows, std::size_t end) const {
    const D d;
    const V lowest = hn::Set(d, floor);
    for (std::size_t i = 0; i < end; i += lanes_) {
      hn::Store(hn::Max(hn::Load(d, rows + i), lowest), d, rows + i);
    }
  }

  void RaisePeak(const T* rows, std::size_t end, const BlockOutput<T>& output) {
    const D d;
    V peak = hn::Load(d, rows);
    for (std::size_t i = lanes_; i < end; i += lanes_) peak = hn::Max(peak, hn::Load(d, rows + i));
    T* const of_frame = frame_;
    hn::Store(peak, d, of_frame);
    for (int lane = 0; lane < output.frames; ++lane) {
      *output.peak = std::max(*output.peak, of_frame[lane]);
    }
  }

  /// Each coefficient as two interleaved sums over the bands.
  void TransformCepstrum() {
    const D d;
    const std::size_t bands = plan_.bands.size();
    const T* HWY_RESTRICT weight = plan_.cepstrum.data();
    for (int c = 0; c < plan_.coefficients; ++c) {
      V even = hn::Zero(d), odd = hn::Zero(d);
      for (std::size_t band = 0; band < bands; ++band, ++weight) {
        const V sum =
            hn::Add(even, hn::Mul(hn::Set(d, *weight), hn::Load(d, mel_ + band * lanes_)));
        even = odd;
        odd = sum;
      }
      hn::Store(hn::Add(even, odd), d, cepstrum_ + static_cast<std::size_t>(c) * lanes_);
    }
    if (plan_.log_energy) hn::Store(hn::Load(d, frame_ + lanes_), d, cepstrum_);
  }

  void StoreRows(const T* rows, const BlockOutput<T>& output) const {
    const D d;
    const int bands = plan_.OutputBands();
    const bool full = output.frames == static_cast<int>(lanes_) && output.frame_stride == 1;
    for (int band = 0; band < bands; ++band, rows += lanes_) {
      T* const to = output.out + band * output.band_stride;
      if (full) {
        hn::StoreU(hn::Load(d, rows), d, to);
        continue;
      }
      for (int lane = 0; lane < output.frames; ++lane) to[lane * output.frame_stride] = rows[lane];
    }
  }

  const KernelPlan<T>& plan_;
  std::size_t lanes_;
  ScratchLayout layout_;
  T* samples_;
  T* columns_;
  T* spectrum_;
  T* mel_;
  T* cepstrum_;
  T* frame_;  // mean, then log energy
};

/// Calls visit(D) with the widest vector of at most `lanes` lanes.
template <class T, class Visit>
HWY_INLINE void WithLanes(int lanes, Visit&& visit) {
  if (lanes >= 16) return visit(hn::CappedTag<T, 16>());
  if (lanes >= 8) return visit(hn::CappedTag<T, 8>());
  if (lanes >= 4) return visit(hn::CappedTag<T, 4>());
  if (lanes >= 2) return visit(hn::CappedTag<T, 2>());
  visit(hn::CappedTag<T, 1>());
}

template <class T>
int LanesFor(const KernelPlan<T>& plan) {
  std::size_t lanes = 1;
  WithLanes<T>(MostLanes(plan), [&](auto d) HWY_ATTR { lanes = hn::Lanes(d); });
  return static_cast<int>(lanes);
}

template <class T>
void Compute(const KernelPlan<T>& plan, T* scratch, const BlockOutput<T>& output) {
  WithLanes<T>(MostLanes(plan),
               [&](auto d) HWY_ATTR { BlockKernel<decltype(d)>(plan, scratch).Run(output); });
}

template <class T>
void LogOf(const T* in, T* out, std::size_t count) {
  const hn::CappedTag<T, 1> d;
  for (std::size_t i = 0; i < count; ++i) hn::StoreU(Ln(d, hn::LoadU(d, in + i)), d, out + i);
}

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
