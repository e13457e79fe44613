// A block's samples as a table with a row per sample of a hop and a column per hop: sample
// column * hop + row. One load from a row then reads a sample of all frames. Included once per
// target.
#if defined(OSSICLE_DSP_COLUMNS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef OSSICLE_DSP_COLUMNS_INL_H_
#undef OSSICLE_DSP_COLUMNS_INL_H_
#else
#define OSSICLE_DSP_COLUMNS_INL_H_
#endif

#include <cstddef>
#include <type_traits>

#include "dsp/kernel.h"
#include "dsp/transpose-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ossicle::dsp::HWY_NAMESPACE {

/// Reads a block's samples for the table.
template <class D>
class SampleLoader {
 public:
  using T = hn::TFromD<D>;
  using V = hn::Vec<D>;

  explicit SampleLoader(const BlockInput<T>& input) : input_(input) {}

  template <bool kEmphasize>
  HWY_INLINE V Load(std::size_t index) const {
    const D d;
    if (input_.signal == nullptr) return hn::LoadU(d, input_.prepared + index);
    const V x = Scaled(input_.signal + index);
    if constexpr (!kEmphasize) return x;
    const V previous = Scaled(input_.signal + index - 1);
    return hn::Sub(x, hn::Mul(hn::Set(d, input_.coefficient), previous));
  }

  HWY_INLINE T LoadOne(std::size_t index) const {
    if (input_.signal == nullptr) return input_.prepared[index];
    const float* const at = input_.signal + index;
    const T x = static_cast<T>(at[0]) * input_.scale;
    if (!input_.emphasize) return x;
    return x - input_.coefficient * (static_cast<T>(at[-1]) * input_.scale);
  }

  bool emphasize() const { return input_.signal != nullptr && input_.emphasize; }

 private:
  HWY_INLINE V Scaled(const float* at) const {
    const D d;
    if constexpr (std::is_same_v<T, float>) {
      return hn::Mul(hn::LoadU(d, at), hn::Set(d, input_.scale));
    } else {
      const hn::Rebind<float, D> df;
      return hn::Mul(hn::PromoteTo(d, hn::LoadU(df, at)), hn::Set(d, input_.scale));
    }
  }

  const BlockInput<T>& input_;
};

/// The table's sizes. Its rows are `stride` elements apart.
struct TableShape {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t hop_samples = 0;
  std::size_t stride = 0;
};

template <class D>
class TableFiller {
 public:
  using T = hn::TFromD<D>;
  using V = hn::Vec<D>;

  TableFiller(const TableShape& shape, const BlockInput<T>& input, T* table)
      : shape_(shape), load_(input), table_(table) {}

  HWY_INLINE void Fill() const {
    if constexpr (CanTranspose<D>()) {
      if (shape_.rows >= hn::Lanes(D())) {
        if (load_.emphasize()) return FillByTiles<true>();
        return FillByTiles<false>();
      }
    }
    FillOneByOne();
  }

 private:
  void FillOneByOne() const {
    for (std::size_t column = 0; column < shape_.columns; ++column) {
      for (std::size_t row = 0; row < shape_.rows; ++row) {
        table_[row * shape_.stride + column] = load_.LoadOne(column * shape_.hop_samples + row);
      }
    }
  }

  template <bool kEmphasize>
  HWY_NOINLINE void FillByTiles() const {
    const std::size_t lanes = hn::Lanes(D());
    for (std::size_t row = 0; row < shape_.rows; row += lanes) {
      // The last tile may overlap the one before it.
      const std::size_t first = row + lanes <= shape_.rows ? row : shape_.rows - lanes;
      std::size_t column = 0;
      for (; column + lanes <= shape_.columns; column += lanes) WideTile<kEmphasize>(first, column);
      for (; column < shape_.columns; column += kBlockLanes<T>) {
        NarrowTile<kEmphasize>(first, column);
      }
    }
  }

  /// Columns beyond the last repeat it, so that a tile is always whole.
  template <bool kEmphasize>
  HWY_INLINE V LoadColumn(std::size_t row, std::size_t column) const {
    const std::size_t known = column < shape_.columns ? column : shape_.columns - 1;
    return load_.template Load<kEmphasize>(known * shape_.hop_samples + row);
  }

  template <bool kEmphasize>
  HWY_INLINE void WideTile([[maybe_unused]] std::size_t row,
                           [[maybe_unused]] std::size_t column) const {
#if !HWY_HAVE_SCALABLE && HWY_TARGET != HWY_SCALAR
    constexpr int kLanes = static_cast<int>(hn::MaxLanes(D()));
    V v[kLanes];
    Unroll<kLanes>([&](auto j) OSSICLE_LAMBDA {
      v[j] = load_.template Load<kEmphasize>((column + j) * shape_.hop_samples + row);
    });
    Transpose(D(), v);
    T* const to = table_ + row * shape_.stride + column;
    Unroll<kLanes>([&](auto i) OSSICLE_LAMBDA { hn::StoreU(v[i], D(), to + i * shape_.stride); });
#endif
  }

  template <bool kEmphasize>
  HWY_INLINE void NarrowTile([[maybe_unused]] std::size_t row,
                             [[maybe_unused]] std::size_t column) const {
#if !HWY_HAVE_SCALABLE && HWY_TARGET != HWY_SCALAR
    constexpr int kColumns = static_cast<int>(kBlockLanes<T>);
    V v[kColumns];
    Unroll<kColumns>([&](auto j)
                         OSSICLE_LAMBDA { v[j] = LoadColumn<kEmphasize>(row, column + j); });
    TransposeInBlocks(D(), v);
    T* const to = table_ + row * shape_.stride + column;
    Unroll<kColumns>([&](auto i) OSSICLE_LAMBDA {
      StoreBlocks(D(), v[i], to + i * shape_.stride, kColumns * shape_.stride);
    });
#endif
  }

  const TableShape& shape_;
  SampleLoader<D> load_;
  T* table_;
};

}  // namespace ossicle::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
