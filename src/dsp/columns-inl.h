// A block's samples as a table with a row per sample of a hop and a column per hop: sample
// column * hop + row. One load from a row then reads a sample of all frames. Where the frames have
// places of their own, a column is a frame. Included once per target.
#if defined(OSSICLE_DSP_COLUMNS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef OSSICLE_DSP_COLUMNS_INL_H_
#undef OSSICLE_DSP_COLUMNS_INL_H_
#else
#define OSSICLE_DSP_COLUMNS_INL_H_
#endif

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <type_traits>

#include "dsp/transpose-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

/// What is done to a sample on its way into the table.
enum class SampleStep { kNone, kScale, kScaleAndRound };

/// Samples in memory, of type Sample, as values of D.
template <class D, class Sample, SampleStep kStep>
struct SampleSource {
  using From = Sample;
  using T = hn::TFromD<D>;
  using V = hn::Vec<D>;
  static constexpr T kLeast = -32768, kMost = 32767;

  /// Where a column begins.
  HWY_INLINE const From* Start(std::size_t column) const {
    return starts == nullptr ? first + column * hop_samples : starts[column];
  }

  HWY_INLINE V Load(const From* at) const {
    const D d;
    V x = hn::Zero(d);
    if constexpr (std::is_same_v<T, From>) {
      x = hn::LoadU(d, at);
    } else {
      const hn::Rebind<From, D> from;
      x = hn::PromoteTo(d, hn::LoadU(from, at));
    }
    if constexpr (kStep != SampleStep::kNone) x = hn::Mul(x, hn::Set(d, scale));
    if constexpr (kStep == SampleStep::kScaleAndRound) {
      x = hn::Round(hn::Min(hn::Max(x, hn::Set(d, kLeast)), hn::Set(d, kMost)));
    }
    return x;
  }

  HWY_INLINE T LoadOne(const From* at) const {
    T x = static_cast<T>(*at);
    if constexpr (kStep != SampleStep::kNone) x = x * scale;
    if constexpr (kStep == SampleStep::kScaleAndRound) {
      x = std::nearbyint(std::clamp(x, kLeast, kMost));
    }
    return x;
  }

  const From* first;
  std::size_t hop_samples;    ///< from a column's first sample to the next one's
  const From* const* starts;  ///< if set, in place of these
  T scale;
};

/// The table's sizes. Its rows are `stride` elements apart.
struct TableShape {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t stride = 0;
};

/// Fills a table with x[n], or with (x[n] - x[n - 1]) + rest x[n - 1] if kEmphasize.
template <class D, class Source, bool kEmphasize>
class TableFiller {
 public:
  using T = hn::TFromD<D>;
  using V = hn::Vec<D>;
  using From = typename Source::From;

  TableFiller(const TableShape& shape, const Source& source, T rest, T* table)
      : shape_(shape), source_(source), rest_(rest), table_(table) {}

  HWY_NOINLINE void Fill() const {
    if constexpr (CanTranspose<D>()) {
      if (shape_.rows >= hn::Lanes(D())) {
        // A copy that nothing points to: its members stay in registers.
        const TableFiller filler = *this;
        return filler.FillByTiles();
      }
    }
    for (std::size_t column = 0; column < shape_.columns; ++column) {
      const From* const start = source_.Start(column);
      for (std::size_t row = 0; row < shape_.rows; ++row) {
        T x = source_.LoadOne(start + row);
        if constexpr (kEmphasize) {
          const T previous = source_.LoadOne(start + row - 1);
          x = (x - previous) + rest_ * previous;
        }
        table_[row * shape_.stride + column] = x;
      }
    }
  }

 private:
#if !HWY_HAVE_SCALABLE && HWY_TARGET != HWY_SCALAR
  static constexpr int kLanes = static_cast<int>(hn::MaxLanes(D()));
  static constexpr int kNarrow = static_cast<int>(kBlockLanes<T>);

  HWY_INLINE void FillByTiles() const {
    std::size_t column = 0;
    for (; column + kLanes <= shape_.columns; column += kLanes) FillColumns<kLanes>(column);
    for (; column < shape_.columns; column += kNarrow) FillColumns<kNarrow>(column);
  }

  /// Columns beyond the last repeat it, so that a tile is always whole.
  template <int kColumns>
  HWY_INLINE void FillColumns(std::size_t first) const {
    const From* starts[kColumns];
    Unroll<kColumns>([&](auto j) OSSICLE_LAMBDA {
      starts[j] = source_.Start(std::min(first + j, shape_.columns - 1));
    });
    std::size_t row = 0;
    for (; row + kLanes <= shape_.rows; row += kLanes) Tile<kColumns>(starts, row, first);
    // The last tile may overlap the one before it.
    if (row < shape_.rows) Tile<kColumns>(starts, shape_.rows - kLanes, first);
  }

  template <int kColumns>
  HWY_INLINE void Tile(const From* const (&starts)[kColumns], std::size_t row,
                       std::size_t column) const {
    V v[kColumns];
    Unroll<kColumns>([&](auto j) OSSICLE_LAMBDA { v[j] = Load(starts[j] + row); });
    T* const to = table_ + row * shape_.stride + column;
    if constexpr (kColumns == kLanes) {
      Transpose(D(), v);
      Unroll<kLanes>([&](auto i) OSSICLE_LAMBDA { hn::StoreU(v[i], D(), to + i * shape_.stride); });
    } else {
      TransposeInBlocks(D(), v);
      Unroll<kColumns>([&](auto i) OSSICLE_LAMBDA {
        StoreBlocks(D(), v[i], to + i * shape_.stride, kColumns * shape_.stride);
      });
    }
  }

  HWY_INLINE V Load(const From* at) const {
    const V x = source_.Load(at);
    if constexpr (!kEmphasize) return x;
    const V previous = source_.Load(at - 1);
    return hn::Add(hn::Sub(x, previous), hn::Mul(hn::Set(D(), rest_), previous));
  }
#else
  void FillByTiles() const {}
#endif

  const TableShape shape_;
  const Source source_;
  const T rest_;
  T* HWY_RESTRICT table_;
};

/// Sums of samples whose order does not depend on the number of lanes: sample i of `count` belongs
/// to the partial sum i mod 16, and the partial sums are added in halves.
inline constexpr std::size_t kPartialSums = 16;

template <class T>
HWY_INLINE T SumOfParts(T (&parts)[kPartialSums]) {
  for (std::size_t half = kPartialSums / 2; half > 0; half /= 2) {
    for (std::size_t part = 0; part < half; ++part) parts[part] += parts[part + half];
  }
  return parts[0];
}

#if !HWY_HAVE_SCALABLE
/// The lanes of v, added in halves.
template <class D>
HWY_INLINE hn::TFromD<D> SumInHalves([[maybe_unused]] D d, hn::Vec<D> v) {
#if HWY_TARGET != HWY_SCALAR
  if constexpr (hn::MaxLanes(D()) > 1) {
    const hn::Half<D> half;
    return SumInHalves(half, hn::Add(hn::LowerHalf(half, v), hn::UpperHalf(half, v)));
  }
#endif
  return hn::GetLane(v);
}
#endif

template <class D, class Source, class T = hn::TFromD<D>>
HWY_INLINE T SumOfSamples(const Source& source, const typename Source::From* begin,
                          std::size_t count) {
  alignas(64) T parts[kPartialSums] = {};
  std::size_t i = 0;
#if !HWY_HAVE_SCALABLE
  constexpr int kLanes = static_cast<int>(hn::MaxLanes(D()));
  constexpr int kVectors = static_cast<int>(kPartialSums) / kLanes;
  hn::Vec<D> sums[kVectors];
  Unroll<kVectors>([&](auto v) OSSICLE_LAMBDA { sums[v] = hn::Zero(D()); });
  for (; i + kPartialSums <= count; i += kPartialSums) {
    Unroll<kVectors>([&](auto v) OSSICLE_LAMBDA {
      sums[v] = hn::Add(sums[v], source.Load(begin + i + v * kLanes));
    });
  }
  if (i == count) {
    for (int half = kVectors / 2; half > 0; half /= 2) {
      for (int v = 0; v < half; ++v) sums[v] = hn::Add(sums[v], sums[v + half]);
    }
    return SumInHalves(D(), sums[0]);
  }
  Unroll<kVectors>([&](auto v) OSSICLE_LAMBDA { hn::Store(sums[v], D(), parts + v * kLanes); });
#endif
  for (; i < count; ++i) parts[i % kPartialSums] += source.LoadOne(begin + i);
  return SumOfParts(parts);
}

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
