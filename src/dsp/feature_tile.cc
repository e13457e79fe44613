#include "dsp/feature_tile.h"

#include <algorithm>
#include <limits>
#include <type_traits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/feature_tile.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "dsp/wasm_double-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// A sum over frames has this many interleaved parts, whatever the vector's width is.
constexpr int kParts = 8;

/// Calls visit(d, i) for consecutive vectors that cover i..count-1, the widest first.
template <class T, std::size_t kLanes, class Visit>
HWY_INLINE void ForEachVector(std::size_t i, std::size_t count, Visit& visit) {
  const hn::CappedTag<T, kLanes> d;
  for (; i + hn::Lanes(d) <= count; i += hn::Lanes(d)) visit(d, i);
  if constexpr (kLanes > 1) ForEachVector<T, kLanes / 2>(i, count, visit);
}

template <class D, class T>
HWY_INLINE hn::Vec<D> LoadAsDouble(D d, const T* from) {
  if constexpr (std::is_same_v<T, double>) {
    return hn::LoadU(d, from);
  } else {
    return hn::PromoteTo(d, hn::LoadU(hn::Rebind<T, D>(), from));
  }
}

template <class D, class T>
HWY_INLINE void StoreRounded(D d, hn::Vec<D> x, T* to) {
  if constexpr (std::is_same_v<T, double>) {
    hn::StoreU(x, d, to);
  } else {
    const hn::Rebind<T, D> narrow;
    hn::StoreU(hn::DemoteTo(narrow, x), narrow, to);
  }
}

// Comparisons, because the maximum of 0 and -0 and of a NaN is not the same for every processor.

template <class V>
HWY_INLINE V Raised(V x, V low) {
  return hn::IfThenElse(hn::Lt(x, low), low, x);
}

template <class V>
HWY_INLINE V Lowered(V x, V high) {
  return hn::IfThenElse(hn::Lt(high, x), high, x);
}

/// All ops on `count` adjacent values, four vectors at a time: each value is read and written once.
template <class T>
class RowProcessor {
 public:
  explicit RowProcessor(const TileWork<T>& work) : work_(work) {}

  void operator()(T* HWY_RESTRICT x, std::size_t count) const {
    const hn::CappedTag<T, 16> d;
    const std::size_t lanes = hn::Lanes(d);
    auto peak = hn::Set(d, work_.peak == nullptr ? T(0) : *work_.peak);
    std::size_t i = 0;
    for (; i + 4 * lanes <= count; i += 4 * lanes) ApplyToFour(d, x + i, peak);
    const auto apply = [&](auto narrow, std::size_t place) HWY_ATTR { Apply(narrow, x + place); };
    ForEachVector<T, 16>(i, count, apply);
    if (work_.peak == nullptr) return;
    HWY_ALIGN T of_lane[16];
    hn::Store(peak, d, of_lane);
    for (std::size_t lane = 0; lane < lanes; ++lane) Raise(of_lane[lane]);
    for (; i < count; ++i) Raise(x[i]);
  }

 private:
  template <class D, class V>
  HWY_INLINE void ApplyToFour(D d, T* HWY_RESTRICT x, V& peak) const {
    const std::size_t lanes = hn::Lanes(d);
    V a = hn::LoadU(d, x), b = hn::LoadU(d, x + lanes);
    V c = hn::LoadU(d, x + 2 * lanes), e = hn::LoadU(d, x + 3 * lanes);
    for (const ElementOp<T>& op : work_.ops) {
      const V first = hn::Set(d, op.a), second = hn::Set(d, op.b);
      const auto apply = [&](V& value) HWY_ATTR { value = After(op.kind, value, first, second); };
      apply(a);
      apply(b);
      apply(c);
      apply(e);
    }
    hn::StoreU(a, d, x);
    hn::StoreU(b, d, x + lanes);
    hn::StoreU(c, d, x + 2 * lanes);
    hn::StoreU(e, d, x + 3 * lanes);
    if (work_.peak != nullptr) peak = Raised(peak, Raised(Raised(a, b), Raised(c, e)));
  }

  template <class D>
  HWY_INLINE void Apply(D d, T* HWY_RESTRICT x) const {
    auto value = hn::LoadU(d, x);
    for (const ElementOp<T>& op : work_.ops) {
      value = After(op.kind, value, hn::Set(d, op.a), hn::Set(d, op.b));
    }
    hn::StoreU(value, d, x);
  }

  template <class V>
  static HWY_INLINE V After(typename ElementOp<T>::Kind kind, V x, V a, V b) {
    switch (kind) {
      case ElementOp<T>::Kind::kFloor:
        return Raised(x, a);
      case ElementOp<T>::Kind::kAffine:
        return hn::Add(hn::Mul(x, a), b);
      default:
        return Lowered(Raised(x, a), b);
    }
  }

  void Raise(T x) const { *work_.peak = std::max(*work_.peak, x); }

  const TileWork<T>& work_;
};

template <class T>
void ProcessElements(const FeatureTile<T>& tile, const TileWork<T>& work) {
  const bool bands_inside = tile.frame_stride != 1;
  const int rows = bands_inside ? tile.frames : tile.bands;
  const int length = bands_inside ? tile.bands : tile.frames;
  const std::int64_t stride = bands_inside ? tile.frame_stride : tile.band_stride;
  const RowProcessor<T> process(work);
  if (stride == length) return process(tile.data, static_cast<std::size_t>(rows) * length);
  for (int row = 0; row < rows; ++row) {
    process(tile.data + row * stride, static_cast<std::size_t>(length));
  }
}

template <class T>
void Normalize(const FeatureTile<T>& tile, const double* center, const double* scale) {
  const bool bands_inside = tile.frame_stride != 1;
  T* x = tile.data;
  const auto across = [&](auto d, std::size_t i) HWY_ATTR {
    const auto difference = hn::Sub(LoadAsDouble(d, x + i), hn::LoadU(d, center + i));
    StoreRounded(d, hn::Mul(difference, hn::LoadU(d, scale + i)), x + i);
  };
  const auto along = [&](auto d, std::size_t i) HWY_ATTR {
    const auto difference = hn::Sub(LoadAsDouble(d, x + i), hn::Set(d, *center));
    StoreRounded(d, hn::Mul(difference, hn::Set(d, *scale)), x + i);
  };
  if (bands_inside) {
    for (int frame = 0; frame < tile.frames; ++frame, x += tile.frame_stride) {
      ForEachVector<double, 8>(0, static_cast<std::size_t>(tile.bands), across);
    }
    return;
  }
  for (int band = 0; band < tile.bands; ++band, x += tile.band_stride, ++center, ++scale) {
    ForEachVector<double, 8>(0, static_cast<std::size_t>(tile.frames), along);
  }
}

template <bool kSquares, class V>
HWY_INLINE V Term(V x, V center) {
  const V difference = hn::Sub(x, center);
  if constexpr (kSquares) {
    return hn::Mul(difference, difference);
  } else {
    return difference;
  }
}

/// Sum over frames of x - center, or of its square, for as many adjacent bands as d has lanes.
template <bool kSquares, class D, class T, class V = hn::Vec<D>>
HWY_INLINE V SumAcross(D d, const T* x, int frames, std::int64_t stride, V center) {
  V s0 = hn::Zero(d), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  const auto add = [&](V& sum, int frame) HWY_ATTR {
    sum = hn::Add(sum, Term<kSquares>(LoadAsDouble(d, x + frame * stride), center));
  };
  int left = frames;
  for (; left >= kParts; left -= kParts, x += kParts * stride) {
    add(s0, 0);
    add(s1, 1);
    add(s2, 2);
    add(s3, 3);
    add(s4, 4);
    add(s5, 5);
    add(s6, 6);
    add(s7, 7);
  }
  if (left > 0) add(s0, 0);
  if (left > 1) add(s1, 1);
  if (left > 2) add(s2, 2);
  if (left > 3) add(s3, 3);
  if (left > 4) add(s4, 4);
  if (left > 5) add(s5, 5);
  if (left > 6) add(s6, 6);
  return hn::Add(hn::Add(hn::Add(s0, s1), hn::Add(s2, s3)),
                 hn::Add(hn::Add(s4, s5), hn::Add(s6, s7)));
}

/// The same sum for one band whose frames are adjacent: the parts are lanes.
template <bool kSquares, class T>
HWY_INLINE double SumAlong(const T* HWY_RESTRICT x, int frames, double center) {
  const hn::CappedTag<double, kParts> d;
  const auto lanes = static_cast<int>(hn::Lanes(d));
  const int whole = frames - frames % kParts;
  HWY_ALIGN double s[kParts];
  for (int part = 0; part < kParts; part += lanes) {
    auto sum = hn::Zero(d);
    for (int frame = part; frame < whole; frame += kParts) {
      sum = hn::Add(sum, Term<kSquares>(LoadAsDouble(d, x + frame), hn::Set(d, center)));
    }
    hn::Store(sum, d, s + part);
  }
  for (int frame = whole; frame < frames; ++frame) {
    const double difference = static_cast<double>(x[frame]) - center;
    s[frame - whole] += kSquares ? difference * difference : difference;
  }
  return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
}

/// Differences from the tile's first frame keep a band of equal values exact.
template <class T>
void Measure(const FeatureTile<T>& tile, const Moments& moments) {
  const double reciprocal = 1.0 / tile.frames;
  if (tile.frame_stride == 1) {
    for (int band = 0; band < tile.bands; ++band) {
      const T* const x = tile.data + band * tile.band_stride;
      const auto origin = static_cast<double>(x[0]);
      const double mean = origin + SumAlong<false>(x, tile.frames, origin) * reciprocal;
      moments.mean[band] = mean;
      if (moments.squares != nullptr) moments.squares[band] = SumAlong<true>(x, tile.frames, mean);
    }
    return;
  }
  const auto across = [&](auto d, std::size_t band) HWY_ATTR {
    const T* const x = tile.data + band;
    const auto origin = LoadAsDouble(d, x);
    const auto sum = SumAcross<false>(d, x, tile.frames, tile.frame_stride, origin);
    const auto mean = hn::Add(origin, hn::Mul(sum, hn::Set(d, reciprocal)));
    hn::StoreU(mean, d, moments.mean + band);
    if (moments.squares == nullptr) return;
    hn::StoreU(SumAcross<true>(d, x, tile.frames, tile.frame_stride, mean), d,
               moments.squares + band);
  };
  ForEachVector<double, 8>(0, static_cast<std::size_t>(tile.bands), across);
}

template <class T>
void Process(const FeatureTile<T>& tile, const TileWork<T>& work) {
  if (work.center != nullptr) Normalize(tile, work.center, work.scale);
  if (!work.ops.empty() || work.peak != nullptr) ProcessElements(tile, work);
  if (work.moments.mean != nullptr) Measure(tile, work.moments);
}

void ProcessFloat(const FeatureTile<float>& tile, const TileWork<float>& work) {
  Process(tile, work);
}
void ProcessDouble(const FeatureTile<double>& tile, const TileWork<double>& work) {
  Process(tile, work);
}

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ossicle::dsp {

namespace {
HWY_EXPORT(ProcessFloat);
HWY_EXPORT(ProcessDouble);
}  // namespace

template <>
void ProcessTile(const FeatureTile<float>& tile, const TileWork<float>& work) {
  HWY_DYNAMIC_DISPATCH(ProcessFloat)(tile, work);
}
template <>
void ProcessTile(const FeatureTile<double>& tile, const TileWork<double>& work) {
  HWY_DYNAMIC_DISPATCH(ProcessDouble)(tile, work);
}

void MergeMoments(const Moments& left, double left_frames, const Moments& right,
                  double right_frames, int bands) {
  const double fraction = right_frames / (left_frames + right_frames);
  const double weight = left_frames * fraction;
  for (int band = 0; band < bands; ++band) {
    const double difference = right.mean[band] - left.mean[band];
    right.mean[band] = left.mean[band] + difference * fraction;
    if (right.squares == nullptr) continue;
    right.squares[band] =
        (left.squares[band] + right.squares[band]) + difference * difference * weight;
  }
}

}  // namespace ossicle::dsp
#endif  // HWY_ONCE
