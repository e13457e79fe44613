// A block of frames from samples to features. Included once per target.
#if defined(OSSICLE_DSP_KERNEL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef OSSICLE_DSP_KERNEL_INL_H_
#undef OSSICLE_DSP_KERNEL_INL_H_
#else
#define OSSICLE_DSP_KERNEL_INL_H_
#endif

#include <hwy/cache_control.h>

#include <algorithm>
#include <chrono>
#include <cstddef>

#include "dsp/columns-inl.h"
#include "dsp/fft-inl.h"
#include "dsp/frame_mean-inl.h"
#include "dsp/kernel.h"
#include "dsp/log-inl.h"
#include "dsp/mel-inl.h"
#include "dsp/scratch_layout.h"

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

/// Rows of one vector each: row i of frame `lane` is at [i * lanes + lane].
template <class D>
class BlockKernel {
 public:
  using T = hn::TFromD<D>;
  using V = hn::Vec<D>;

  BlockKernel(const KernelPlan<T>& plan, T* scratch, const BlockInput<T>& input,
              const BlockOutput<T>& output)
      : plan_(plan),
        layout_(plan, static_cast<int>(Lanes())),
        scratch_(scratch),
        input_(input),
        output_(output) {}

  void Run() {
    Mark(StageSeconds::kCount);
    FillTable();
    Mark(StageSeconds::kSamples);
    const Fft<D> fft(plan_.fft, scratch_);
    RunFirstPass(fft);
    Mark(StageSeconds::kFirstPass);
    RunColumnPasses(fft);
    Mark(StageSeconds::kColumnPasses);
    MelSums<D>(plan_.mel, Tables().mel_taps.data(), scratch_, scratch_ + layout_.falls,
               scratch_ + layout_.rises)
        .Run();
    Mark(StageSeconds::kMel);
    FinishBands();
    T* const rows = ApplyOps();
    Mark(StageSeconds::kLog);
    if (output_.out != nullptr) StoreRows(rows);
    Mark(StageSeconds::kStore);
  }

 private:
  static constexpr std::size_t kLineBytes = 64;

  static HWY_INLINE std::size_t Lanes() { return hn::Lanes(D()); }
  const LaneTables& Tables() const { return plan_.TablesFor(static_cast<int>(Lanes())); }

  /// Adds the time since the last mark to `stage`.
  HWY_INLINE void Mark(StageSeconds::Stage stage) {
    if (output_.stages == nullptr) return;
    const auto now = std::chrono::steady_clock::now();
    if (stage != StageSeconds::kCount) {
      output_.stages->seconds[stage] += std::chrono::duration<double>(now - mark_).count();
    }
    mark_ = now;
  }

  HWY_INLINE void FillTable() {
    TableShape shape;
    shape.rows = static_cast<std::size_t>(plan_.ColumnSamples());
    shape.columns = static_cast<std::size_t>(plan_.Columns(static_cast<int>(Lanes())));
    shape.hop_samples =
        input_.signal == nullptr ? shape.rows : static_cast<std::size_t>(plan_.hop_samples);
    shape.stride = Tables().row_stride;
    TableFiller<D>(shape, input_, scratch_ + layout_.table).Fill();
    for (std::size_t i = 0; i < shape.stride; i += Lanes()) {
      hn::Store(hn::Zero(D()), D(), scratch_ + layout_.zero_row + i);
    }
    if (plan_.remove_dc || plan_.frame_preemphasis || plan_.log_energy) {
      FrameMean<D>(plan_, layout_, scratch_).Run();
    }
  }

  HWY_INLINE void RunFirstPass(const Fft<D>& fft) const {
    FirstPassInput<T> first;
    first.samples = scratch_ + layout_.table;
    first.offsets = Tables().inputs.data();
    first.window = plan_.window.data();
    first.used_rows = plan_.used_rows;
    if (plan_.remove_dc) first.subtrahend = scratch_ + layout_.subtrahend;

    // The samples of the next block, spread over the pass.
    const char* next = nullptr;
    std::size_t lines = 0;
    if (input_.signal != nullptr) {
      const auto hop = static_cast<std::size_t>(plan_.hop_samples);
      const auto columns = static_cast<std::size_t>(plan_.Columns(static_cast<int>(Lanes())));
      next =
          reinterpret_cast<const char*>(std::min(input_.signal + columns * hop, input_.signal_end));
      const auto known =
          static_cast<std::size_t>(reinterpret_cast<const char*>(input_.signal_end) - next);
      lines = std::min(Lanes() * hop * sizeof(float), known) / kLineBytes;
    }
    const auto passes = static_cast<std::size_t>(plan_.fft.columns);
    const std::size_t lines_a_pass = (lines + passes - 1) / passes;
    fft.FirstPass(first, [&](int) OSSICLE_LAMBDA {
      const std::size_t now = std::min(lines, lines_a_pass);
      for (std::size_t i = 0; i < now; ++i, next += kLineBytes) hwy::Prefetch(next);
      lines -= now;
    });
  }

  HWY_INLINE void RunColumnPasses(const Fft<D>& fft) const {
    // The lines that the result goes to, spread over the passes.
    const bool by_band = output_.band_stride > output_.frame_stride;
    const std::size_t rows = output_.out == nullptr ? 0
                             : by_band              ? static_cast<std::size_t>(plan_.OutputBands())
                                                    : static_cast<std::size_t>(output_.frames);
    const std::int64_t row_stride = by_band ? output_.band_stride : output_.frame_stride;
    const std::size_t row_bytes =
        sizeof(T) * (by_band ? Lanes() : static_cast<std::size_t>(plan_.OutputBands()));
    const auto kept = static_cast<std::size_t>(plan_.fft.kept);
    const std::size_t rows_a_column = (rows + kept - 1) / kept;
    std::size_t row = 0;
    const bool root_now = plan_.magnitude && plan_.spectrum_epsilon == 0;
    fft.ColumnPasses(root_now, [&](int) OSSICLE_LAMBDA {
      const std::size_t end = std::min(row + rows_a_column, rows);
      for (; row < end; ++row) {
        const char* const line = reinterpret_cast<const char*>(
            output_.out + static_cast<std::int64_t>(row) * row_stride);
        for (std::size_t i = 0; i < row_bytes; i += kLineBytes) hwy::Prefetch(line + i);
      }
    });
    if (plan_.spectrum_epsilon != 0) AddEpsilon();
  }

  HWY_NOINLINE void AddEpsilon() const {
    const D d;
    for (const std::int32_t place : plan_.fft.bin_places) {
      T* const bin = scratch_ + static_cast<std::size_t>(place) * Lanes();
      const V power = hn::Add(hn::Load(d, bin), hn::Set(d, plan_.spectrum_epsilon));
      hn::Store(plan_.magnitude ? hn::Sqrt(power) : power, d, bin);
    }
  }

  T* Bands() const { return scratch_ + layout_.rises; }

  /// Adds the two sides of each band and takes the logarithm; a clip right after it is done too.
  HWY_INLINE void FinishBands() {
    if (!plan_.take_log) return SumSides();
    const bool clip = !plan_.ops.empty() && plan_.ops[0].kind == RowOp<T>::Kind::kClip;
    done_ops_ = clip ? 1 : 0;
    if (plan_.add_floor) return clip ? LogOfBands<true, true>() : LogOfBands<true, false>();
    return clip ? LogOfBands<false, true>() : LogOfBands<false, false>();
  }

  HWY_INLINE V Band(const T* falls, const T* rises) const {
    return hn::Add(hn::Load(D(), rises), hn::Load(D(), falls + Lanes()));
  }

  HWY_NOINLINE void SumSides() const {
    const T* falls = scratch_ + layout_.falls;
    T* rises = Bands();
    for (int band = 0; band < plan_.mel.bands; ++band, falls += Lanes(), rises += Lanes()) {
      hn::Store(Band(falls, rises), D(), rises);
    }
  }

  template <bool kAddFloor, bool kClip>
  HWY_NOINLINE void LogOfBands() const {
    const D d;
    const V floor = hn::Set(d, plan_.log_floor);
    const V low = hn::Set(d, kClip ? plan_.ops[0].a : T(0));
    const V high = hn::Set(d, kClip ? plan_.ops[0].b : T(0));
    const ScaledLog<T> log = plan_.log;
    const T* HWY_RESTRICT falls = scratch_ + layout_.falls;
    T* HWY_RESTRICT rises = Bands();
    for (int band = 0; band < plan_.mel.bands; ++band, falls += Lanes(), rises += Lanes()) {
      const V x = Band(falls, rises);
      V y = ScaledLn(d, kAddFloor ? hn::Add(x, floor) : hn::Max(x, floor), log);
      if constexpr (kClip) y = hn::Min(hn::Max(y, low), high);
      hn::Store(y, d, rises);
    }
  }

  /// Returns the rows that hold the result.
  T* ApplyOps() const {
    using Kind = typename RowOp<T>::Kind;
    T* rows = Bands();
    std::size_t end = static_cast<std::size_t>(plan_.mel.bands) * Lanes();
    for (std::size_t i = done_ops_; i < plan_.ops.size(); ++i) {
      const RowOp<T>& op = plan_.ops[i];
      switch (op.kind) {
        case Kind::kAffine:
          ApplyAffine(op, rows, end);
          break;
        case Kind::kClip:
          ApplyClip(op.a, op.b, rows, end);
          break;
        case Kind::kPeak:
          if (output_.peak != nullptr) RaisePeak(rows, end);
          if (output_.out == nullptr) return rows;
          if (output_.floor != nullptr) ApplyFloor(*output_.floor, rows, end);
          break;
        case Kind::kCepstrum:
          TransformCepstrum();
          rows = scratch_ + layout_.cepstrum;
          end = static_cast<std::size_t>(plan_.coefficients) * Lanes();
          break;
      }
    }
    return rows;
  }

  void ApplyAffine(const RowOp<T>& op, T* rows, std::size_t end) const {
    const D d;
    const V scale = hn::Set(d, op.a), offset = hn::Set(d, op.b);
    for (std::size_t i = 0; i < end; i += Lanes()) {
      hn::Store(hn::Add(hn::Mul(scale, hn::Load(d, rows + i)), offset), d, rows + i);
    }
  }

  void ApplyClip(T low, T high, T* rows, std::size_t end) const {
    const D d;
    const V lowest = hn::Set(d, low), highest = hn::Set(d, high);
    for (std::size_t i = 0; i < end; i += Lanes()) {
      hn::Store(hn::Min(hn::Max(hn::Load(d, rows + i), lowest), highest), d, rows + i);
    }
  }

  void ApplyFloor(T floor, T* rows, std::size_t end) const {
    const D d;
    const V lowest = hn::Set(d, floor);
    for (std::size_t i = 0; i < end; i += Lanes()) {
      hn::Store(hn::Max(hn::Load(d, rows + i), lowest), d, rows + i);
    }
  }

  HWY_NOINLINE void RaisePeak(const T* rows, std::size_t end) const {
    const D d;
    V peak = hn::Load(d, rows);
    for (std::size_t i = Lanes(); i < end; i += Lanes())
      peak = hn::Max(peak, hn::Load(d, rows + i));
    T* const of_frame = scratch_ + layout_.subtrahend;
    hn::Store(peak, d, of_frame);
    for (int lane = 0; lane < output_.frames; ++lane) {
      *output_.peak = std::max(*output_.peak, of_frame[lane]);
    }
  }

  /// Each coefficient as two interleaved sums over the bands.
  HWY_NOINLINE void TransformCepstrum() const {
    const D d;
    const T* HWY_RESTRICT weight = plan_.cepstrum.data();
    T* const to = scratch_ + layout_.cepstrum;
    for (std::size_t c = 0; c < static_cast<std::size_t>(plan_.coefficients); ++c) {
      V even = hn::Zero(d), odd = hn::Zero(d);
      const T* band = Bands();
      for (int i = 0; i < plan_.mel.bands; ++i, ++weight, band += Lanes()) {
        const V sum = hn::Add(even, hn::Mul(hn::Set(d, *weight), hn::Load(d, band)));
        even = odd;
        odd = sum;
      }
      hn::Store(hn::Add(even, odd), d, to + c * Lanes());
    }
    if (plan_.log_energy) hn::Store(hn::Load(d, scratch_ + layout_.log_energy), d, to);
  }

  HWY_INLINE void StoreRows(const T* rows) const {
    const bool whole = output_.frames == static_cast<int>(Lanes());
    if (whole && output_.frame_stride == 1) return StoreBands(rows);
    if constexpr (CanTranspose<D>()) {
      if (output_.band_stride == 1 && plan_.OutputBands() >= static_cast<int>(Lanes())) {
        return StoreFrames(rows);
      }
    }
    StoreOneByOne(rows);
  }

  void StoreOneByOne(const T* rows) const {
    for (int band = 0; band < plan_.OutputBands(); ++band, rows += Lanes()) {
      T* const to = output_.out + band * output_.band_stride;
      for (int lane = 0; lane < output_.frames; ++lane)
        to[lane * output_.frame_stride] = rows[lane];
    }
  }

  HWY_NOINLINE void StoreBands(const T* rows) const {
    for (int band = 0; band < plan_.OutputBands(); ++band, rows += Lanes()) {
      hn::StoreU(hn::Load(D(), rows), D(), output_.out + band * output_.band_stride);
    }
  }

  /// In tiles of as many bands as frames; the last tile may overlap the one before it.
  HWY_NOINLINE void StoreFrames([[maybe_unused]] const T* rows) const {
#if !HWY_HAVE_SCALABLE && HWY_TARGET != HWY_SCALAR
    constexpr int kLanes = static_cast<int>(hn::MaxLanes(D()));
    const int bands = plan_.OutputBands();
    for (int band = 0; band < bands; band += kLanes) {
      const int first = std::min(band, bands - kLanes);
      V v[kLanes];
      Unroll<kLanes>([&](auto i)
                         OSSICLE_LAMBDA { v[i] = hn::Load(D(), rows + (first + i) * kLanes); });
      Transpose(D(), v);
      T* to = output_.out + first;
      if (output_.frames == kLanes) {
        Unroll<kLanes>(
            [&](auto i) OSSICLE_LAMBDA { hn::StoreU(v[i], D(), to + i * output_.frame_stride); });
        continue;
      }
      for (int i = 0; i < output_.frames; ++i) hn::StoreU(v[i], D(), to + i * output_.frame_stride);
    }
#endif
  }

  const KernelPlan<T>& plan_;
  const ScratchLayout layout_;
  T* scratch_;
  const BlockInput<T>& input_;
  const BlockOutput<T>& output_;
  std::size_t done_ops_ = 0;
  std::chrono::steady_clock::time_point mark_;
};

template <class T>
using Tag = hn::CappedTag<T, KernelPlan<T>::kMaxLanes>;

template <class T>
void Compute(const KernelPlan<T>& plan, T* scratch, const BlockInput<T>& input,
             const BlockOutput<T>& output) {
  BlockKernel<Tag<T>>(plan, scratch, input, output).Run();
}

template <class T>
Kernel<T> MakeKernel() {
  return {static_cast<int>(hn::Lanes(Tag<T>())), &Compute<T>};
}

template <class T>
void LogOf(const T* in, T* out, std::size_t count) {
  const hn::CappedTag<T, 1> d;
  const ScaledLog<T> log;
  for (std::size_t i = 0; i < count; ++i) {
    hn::StoreU(ScaledLn(d, hn::LoadU(d, in + i), log), d, out + i);
  }
}

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
