// A block of frames from samples to features. Included once per target.
#if defined(OSSICLE_DSP_KERNEL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef OSSICLE_DSP_KERNEL_INL_H_
#undef OSSICLE_DSP_KERNEL_INL_H_
#else
#define OSSICLE_DSP_KERNEL_INL_H_
#endif

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <limits>

#include "dsp/fft-inl.h"
#include "dsp/kernel.h"
#include "dsp/log-inl.h"
#include "dsp/mel-inl.h"
#include "dsp/samples-inl.h"
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
        tables_(plan.TablesFor(static_cast<int>(Lanes()), input.spacing())),
        layout_(tables_.layout),
        scratch_(scratch),
        input_(input),
        output_(output) {}

  void Run() {
    Mark(StageSeconds::kCount);
    BlockSamples<D>(plan_, layout_, input_, output_.frames, scratch_).Run();
    Mark(StageSeconds::kSamples);
    const Fft<D> fft(plan_.fft, scratch_);
    RunFirstPass(fft);
    Mark(StageSeconds::kFirstPass);
    RunColumnPasses(fft);
    Mark(StageSeconds::kColumnPasses);
    MelSums<D>(scratch_, scratch_ + layout_.falls, scratch_ + layout_.rises)
        .Run(plan_.mel, tables_.mel_taps.data());
    Mark(StageSeconds::kMel);
    FinishBands();
    Mark(StageSeconds::kLog);
  }

 private:
  static HWY_INLINE std::size_t Lanes() { return hn::Lanes(D()); }

  /// Adds the time since the last mark to `stage`.
  HWY_INLINE void Mark(StageSeconds::Stage stage) {
    if (output_.stages == nullptr) return;
    const auto now = std::chrono::steady_clock::now();
    if (stage != StageSeconds::kCount) {
      output_.stages->seconds[stage] += std::chrono::duration<double>(now - mark_).count();
    }
    mark_ = now;
  }

  HWY_INLINE void RunFirstPass(const Fft<D>& fft) const {
    FirstPassInput<T> first;
    first.samples = scratch_ + layout_.table;
    first.offsets = tables_.inputs.data();
    first.window = plan_.window.data();
    first.used_rows = plan_.used_rows;
    if (plan_.remove_dc) first.subtrahend = scratch_ + layout_.subtrahend;

    fft.FirstPass(first, NextSamples());
  }

  /// What the next block adds to this one's samples.
  HWY_INLINE Prefetcher NextSamples() const {
    if (input_.signal == nullptr || output_.frames < static_cast<int>(Lanes())) return {};
    const auto hop = static_cast<std::size_t>(plan_.hop_samples);
    const auto columns = static_cast<std::size_t>(plan_.Columns(static_cast<int>(Lanes())));
    constexpr std::size_t kLine = Prefetcher::kLineBytes;
    const std::size_t lines = (Lanes() * hop * sizeof(float) + kLine - 1) / kLine;
    return {input_.signal + columns * hop, lines, kLine, kLine, plan_.fft.columns};
  }

  HWY_INLINE void RunColumnPasses(const Fft<D>& fft) const {
    const bool root = plan_.magnitude && plan_.spectrum_epsilon == 0;
    fft.ColumnPasses(root, Output());
    if (plan_.spectrum_epsilon != 0) AddEpsilon();
  }

  /// Where the result goes.
  HWY_INLINE Prefetcher Output() const {
    if (output_.out == nullptr) return {};
    const bool by_band = output_.band_stride > output_.frame_stride;
    const auto bands = static_cast<std::size_t>(plan_.OutputBands());
    const auto frames = static_cast<std::size_t>(output_.frames);
    const std::int64_t stride = by_band ? output_.band_stride : output_.frame_stride;
    return {output_.out, by_band ? bands : frames, sizeof(T) * (by_band ? frames : bands),
            static_cast<std::ptrdiff_t>(stride) * static_cast<std::ptrdiff_t>(sizeof(T)),
            plan_.fft.kept};
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

  bool IsWholeBlockOfBands() const {
    return output_.out != nullptr && output_.frames == static_cast<int>(Lanes()) &&
           output_.frame_stride == 1;
  }

  /// Adds the two sides of each band, takes the logarithm, and does the other ops.
  HWY_INLINE void FinishBands() {
    using Kind = typename RowOp<T>::Kind;
    if (!plan_.take_log) {
      SumSides();
      return StoreRows(ApplyOps(0));
    }
    const auto& ops = plan_.ops;
    const bool clip = !ops.empty() && ops[0].kind == Kind::kClip;
    const std::size_t done = clip ? 1 : 0;
    // Where nothing else is to be done to them, the values go straight to their places.
    const bool last = ops.size() == done ||
                      (ops.size() == 1 && ops[0].kind == Kind::kPeak && output_.floor == nullptr);
    if (last && IsWholeBlockOfBands()) {
      LogOfBands(clip, output_.out, output_.band_stride);
      if (ops.size() > done) RaisePeak();
      return;
    }
    LogOfBands(clip, Bands(), static_cast<std::int64_t>(Lanes()));
    StoreRows(ApplyOps(done));
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

  HWY_INLINE void LogOfBands(bool clip, T* to, std::int64_t stride) const {
    if (plan_.add_floor) {
      return clip ? LogOfBands<true, true>(to, stride) : LogOfBands<true, false>(to, stride);
    }
    return clip ? LogOfBands<false, true>(to, stride) : LogOfBands<false, false>(to, stride);
  }

  /// Also leaves each frame's largest value.
  template <bool kAddFloor, bool kClip>
  HWY_NOINLINE void LogOfBands(T* to, std::int64_t stride) const {
    const D d;
    const V floor = hn::Set(d, plan_.log_floor);
    const V low = hn::Set(d, kClip ? plan_.ops[0].a : T(0));
    const V high = hn::Set(d, kClip ? plan_.ops[0].b : T(0));
    const ScaledLog<T> log = plan_.log;
    const T* falls = scratch_ + layout_.falls;
    const T* rises = Bands();
    V peak = hn::Set(d, -std::numeric_limits<T>::infinity());
    for (int left = plan_.mel.bands; left > 0; --left) {
      const V x = Band(falls, rises);
      V y = ScaledLn(d, kAddFloor ? hn::Add(x, floor) : hn::Max(x, floor), log);
      if constexpr (kClip) {
        y = hn::Min(hn::Max(y, low), high);
      } else {
        peak = hn::Max(peak, y);
      }
      hn::StoreU(y, d, to);
      falls += Lanes();
      rises += Lanes();
      to += stride;
    }
    hn::Store(peak, d, scratch_ + layout_.subtrahend);
  }

  /// Does the ops from `first` on; returns the rows that hold the result.
  T* ApplyOps(std::size_t first) const {
    using Kind = typename RowOp<T>::Kind;
    T* rows = Bands();
    std::size_t end = static_cast<std::size_t>(plan_.mel.bands) * Lanes();
    for (std::size_t i = first; i < plan_.ops.size(); ++i) {
      const RowOp<T>& op = plan_.ops[i];
      switch (op.kind) {
        case Kind::kAffine:
          ApplyAffine(op, rows, end);
          break;
        case Kind::kClip:
          ApplyClip(op.a, op.b, rows, end);
          break;
        case Kind::kPeak:
          FindPeak(rows, end);
          RaisePeak();
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

  void FindPeak(const T* rows, std::size_t end) const {
    const D d;
    V peak = hn::Load(d, rows);
    for (std::size_t i = Lanes(); i < end; i += Lanes())
      peak = hn::Max(peak, hn::Load(d, rows + i));
    hn::Store(peak, d, scratch_ + layout_.subtrahend);
  }

  /// Raises the peak of the output to those of the valid frames.
  void RaisePeak() const {
    if (output_.peak == nullptr) return;
    const T* const of_frame = scratch_ + layout_.subtrahend;
    *output_.peak = std::max(*output_.peak, *std::max_element(of_frame, of_frame + output_.frames));
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
    if (output_.out == nullptr) return;
    if (IsWholeBlockOfBands()) return StoreBands(rows);
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
  const LaneTables& tables_;
  const ScratchLayout& layout_;
  T* scratch_;
  const BlockInput<T>& input_;
  const BlockOutput<T>& output_;
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
