// Blocks of a long filter, one per lane. Included once per target.
#if defined(OSSICLE_DSP_BLOCK_FILTER_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef OSSICLE_DSP_BLOCK_FILTER_INL_H_
#undef OSSICLE_DSP_BLOCK_FILTER_INL_H_
#else
#define OSSICLE_DSP_BLOCK_FILTER_INL_H_
#endif

#include <algorithm>
#include <cstddef>

#include "dsp/block_filter.h"
#include "dsp/transpose-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

/// Complex number i of all lanes is at [2 i lanes], its imaginary parts after its real ones.
template <class D>
class BlockRun {
 public:
  using T = hn::TFromD<D>;
  using C = Complex<D>;

  BlockRun(const BlockFilter<T>& filter, const BlockBatch<T>& batch)
      : filter_(filter), shape_(filter.shape), batch_(batch) {
    inputs_ = batch.scratch;
    outputs_ = inputs_;
    if (shape_.up != shape_.down) {
      outputs_ += 2 * Lanes() * static_cast<std::size_t>(shape_.down * shape_.bins);
    }
  }

  void Run() const {
    LoadBlocks();
    Forward(inputs_, shape_.bins, filter_.forward_roots.data());
    Map();
    Inverse(outputs_, shape_.bins, filter_.inverse_roots.data());
    StoreBlocks();
  }

 private:
  static HWY_INLINE std::size_t Lanes() { return hn::Lanes(D()); }
  static HWY_INLINE std::size_t At(std::size_t i) { return 2 * Lanes() * i; }

  /// The block of a lane; lanes without a block repeat the last one.
  HWY_INLINE std::size_t BlockOf(std::size_t lane) const {
    return std::min(lane, static_cast<std::size_t>(batch_.blocks - 1));
  }

  void LoadBlocks() const {
    const auto samples = static_cast<std::size_t>(shape_.BlockSamples());
    const auto step = static_cast<std::size_t>(shape_.step_samples);
    std::size_t done = 0;
#if !HWY_HAVE_SCALABLE && HWY_TARGET != HWY_SCALAR
    constexpr std::size_t kLanes = hn::MaxLanes(D());
    const D d;
    for (; done + kLanes <= samples; done += kLanes) {
      hn::Vec<D> v[kLanes];
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        v[lane] = hn::LoadU(d, batch_.samples + BlockOf(lane) * step + done);
      }
      Transpose(d, v);
      for (std::size_t i = 0; i < kLanes; ++i) hn::Store(v[i], d, inputs_ + (done + i) * kLanes);
    }
#endif
    for (; done < samples; ++done) {
      for (std::size_t lane = 0; lane < Lanes(); ++lane) {
        inputs_[done * Lanes() + lane] = batch_.samples[BlockOf(lane) * step + done];
      }
    }
  }

  void StoreBlocks() const {
    const auto count = static_cast<std::size_t>(shape_.StepOutputs());
    const auto blocks = static_cast<std::size_t>(batch_.blocks);
    const T* from = outputs_ + static_cast<std::size_t>(shape_.LeadOutputs()) * Lanes();
    std::size_t done = 0;
#if !HWY_HAVE_SCALABLE && HWY_TARGET != HWY_SCALAR
    constexpr std::size_t kLanes = hn::MaxLanes(D());
    const D d;
    for (; done + kLanes <= count; done += kLanes) {
      hn::Vec<D> v[kLanes];
      for (std::size_t i = 0; i < kLanes; ++i) v[i] = hn::Load(d, from + (done + i) * kLanes);
      Transpose(d, v);
      for (std::size_t lane = 0; lane < blocks; ++lane) {
        hn::StoreU(v[lane], d, batch_.outputs + lane * count + done);
      }
    }
#endif
    for (; done < count; ++done) {
      for (std::size_t lane = 0; lane < blocks; ++lane) {
        batch_.outputs[lane * count + done] = from[done * Lanes() + lane];
      }
    }
  }

  /// Decimation in frequency of `bins` sub-blocks of `down` numbers each.
  void Forward(T* x, int bins, const T* roots) const {
    if (bins == 1) return;
    const int radix = bins == 2 || bins == 8 ? 2 : 4;
    const auto part =
        static_cast<std::size_t>(shape_.down) * static_cast<std::size_t>(bins / radix);
    const T* const next = roots + 2 * static_cast<std::size_t>(radix - 1) * part;
    if (radix == 2) {
      ForwardBy2(x, part, roots);
    } else {
      ForwardBy4(x, part, roots);
    }
    for (int i = 0; i < radix; ++i) {
      Forward(x + At(part) * static_cast<std::size_t>(i), bins / radix, next);
    }
  }

  HWY_NOINLINE void ForwardBy2(T* x, std::size_t part, const T* roots) const {
    for (std::size_t i = 0; i < part; ++i, roots += 2) {
      T* const a = x + At(i);
      T* const b = a + At(part);
      const C p = C::Load(a), q = C::Load(b);
      (p + q).Store(a);
      (p - q).Times(roots).Store(b);
    }
  }

  HWY_NOINLINE void ForwardBy4(T* x, std::size_t part, const T* roots) const {
    for (std::size_t i = 0; i < part; ++i, roots += 6) {
      T* const a = x + At(i);
      T* const b = a + At(part);
      T* const c = b + At(part);
      T* const e = c + At(part);
      const C p = C::Load(a), q = C::Load(b), r = C::Load(c), s = C::Load(e);
      const C even = p + r, odd = p - r, sum = q + s, difference = q - s;
      (even + sum).Store(a);
      C{odd.re + difference.im, odd.im - difference.re}.Times(roots).Store(b);
      (even - sum).Times(roots + 2).Store(c);
      C{odd.re - difference.im, odd.im + difference.re}.Times(roots + 4).Store(e);
    }
  }

  /// Decimation in time: undoes Forward, without its scale, for sub-blocks of `up` numbers.
  void Inverse(T* x, int bins, const T* roots) const {
    if (bins == 1) return;
    const int radix = bins == 2 || bins == 8 ? 2 : 4;
    const auto part = static_cast<std::size_t>(shape_.up) * static_cast<std::size_t>(bins / radix);
    const T* const next = roots + 2 * static_cast<std::size_t>(radix - 1) * part;
    for (int i = 0; i < radix; ++i) {
      Inverse(x + At(part) * static_cast<std::size_t>(i), bins / radix, next);
    }
    if (radix == 2) {
      InverseBy2(x, part, roots);
    } else {
      InverseBy4(x, part, roots);
    }
  }

  HWY_NOINLINE void InverseBy2(T* x, std::size_t part, const T* roots) const {
    for (std::size_t i = 0; i < part; ++i, roots += 2) {
      T* const a = x + At(i);
      T* const b = a + At(part);
      const C p = C::Load(a), q = TimesConjugate(C::Load(b), roots);
      (p + q).Store(a);
      (p - q).Store(b);
    }
  }

  HWY_NOINLINE void InverseBy4(T* x, std::size_t part, const T* roots) const {
    for (std::size_t i = 0; i < part; ++i, roots += 6) {
      T* const a = x + At(i);
      T* const b = a + At(part);
      T* const c = b + At(part);
      T* const e = c + At(part);
      const C p = C::Load(a), q = TimesConjugate(C::Load(b), roots);
      const C r = TimesConjugate(C::Load(c), roots + 2), s = TimesConjugate(C::Load(e), roots + 4);
      const C even = p + r, odd = p - r, sum = q + s, difference = q - s;
      (even + sum).Store(a);
      C{odd.re - difference.im, odd.im + difference.re}.Store(b);
      (even - sum).Store(c);
      C{odd.re + difference.im, odd.im - difference.re}.Store(e);
    }
  }

  static HWY_INLINE C TimesConjugate(C a, const T* root) {
    const auto cosine = Values<D>::All(root[0]), sine = Values<D>::All(root[1]);
    return {a.re * cosine + a.im * sine, a.im * cosine - a.re * sine};
  }

  /// a * weight[0] + conj(b) * weight[1]
  static HWY_INLINE C Weighted(C a, C b, const T* weight) {
    const auto own_re = Values<D>::All(weight[0]), own_im = Values<D>::All(weight[1]);
    const auto other_re = Values<D>::All(weight[2]), other_im = Values<D>::All(weight[3]);
    return {(a.re * own_re - a.im * own_im) + (b.re * other_re + b.im * other_im),
            (a.re * own_im + a.im * own_re) + (b.re * other_im - b.im * other_re)};
  }

  HWY_NOINLINE void Map() const {
    for (const auto& pair : filter_.pairs) {
      if (shape_.up == 1 && shape_.down == 1) {
        MapOne(pair.first, pair.second);
      } else {
        MapPair(pair.first, pair.second);
      }
    }
  }

  HWY_INLINE const T* WeightsOf(std::int32_t place) const {
    return filter_.weights.data() + filter_.WeightStride() * static_cast<std::size_t>(place);
  }

  HWY_INLINE void MapOne(std::int32_t first, std::int32_t second) const {
    T* const a = inputs_ + At(static_cast<std::size_t>(first));
    T* const b = inputs_ + At(static_cast<std::size_t>(second));
    const C p = C::Load(a), q = C::Load(b);
    Weighted(p, q, WeightsOf(first)).Store(a);
    if (a != b) Weighted(q, p, WeightsOf(second)).Store(b);
  }

  HWY_INLINE void MapPair(std::int32_t first, std::int32_t second) const {
    const auto down = static_cast<std::size_t>(shape_.down);
    const auto up = static_cast<std::size_t>(shape_.up);
    const T* const a = inputs_ + At(static_cast<std::size_t>(first) * down);
    const T* const b = inputs_ + At(static_cast<std::size_t>(second) * down);
    MapTo(a, b, WeightsOf(first), outputs_ + At(static_cast<std::size_t>(first) * up));
    if (a != b)
      MapTo(b, a, WeightsOf(second), outputs_ + At(static_cast<std::size_t>(second) * up));
  }

  HWY_INLINE void MapTo(const T* own, const T* other, const T* weight, T* to) const {
    for (int i = 0; i < shape_.up; ++i, to += At(1)) {
      C sum = Weighted(C::Load(own), C::Load(other), weight);
      weight += 4;
      for (int q = 1; q < shape_.down; ++q, weight += 4) {
        const std::size_t at = At(static_cast<std::size_t>(q));
        sum = sum + Weighted(C::Load(own + at), C::Load(other + at), weight);
      }
      sum.Store(to);
    }
  }

  const BlockFilter<T>& filter_;
  const BlockShape& shape_;
  const BlockBatch<T>& batch_;
  T* inputs_;
  T* outputs_;
};

template <class T, BlockWidth kWidth>
using BlockTag = hn::CappedTag<T, MaxBlockLanes<T>(kWidth)>;

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
