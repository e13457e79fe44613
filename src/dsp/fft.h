#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ossicle::dsp {

/// One pass over a column of complex elements: a transform of size radix * rest becomes `radix`
/// transforms of size `rest`, one behind the other.
struct FftStage {
  int radix = 1;
  int rest = 1;
  std::size_t first_twiddle = 0;  ///< in FftPlan::stage_twiddles
};

/// Tables of the power spectrum of `size` = 2^a 3^b 5^c real samples, chosen by counting the
/// operations of each way to do it, never by timing: the plan belongs to the bits.
///
/// size = rows * columns. The first pass does a real transform of `rows` samples for each of the
/// `columns` sets of inputs. Of the results that are conjugate in pairs one is kept: they stand in
/// `kept` columns of `columns` complex elements, each of which is then transformed in stages. The
/// last stage leaves powers instead of elements, at bin_places.
///
/// Where rows and columns are coprime, the order of the samples makes all twiddles between the
/// passes 1 (Good 1958, Thomas 1963); otherwise row_twiddles are multiplied in (Cooley, Tukey
/// 1965).
template <class T>
struct FftPlan {
  explicit FftPlan(int size);

  int size = 0;
  int rows = 2;
  int columns = 1;
  int kept = 1;
  bool coprime = true;
  /// Even sizes: the columns of the bins 0 and rows / 2, which are real, share column 0 as real
  /// and imaginary parts, and are separated at the end.
  bool paired = true;

  /// Elements from a column's start to the next one's: odd, so that they fall on different lines.
  int column_stride = 1;
  /// Vectors of two per element that the spectrum needs.
  std::size_t vectors() const {
    return 2 * static_cast<std::size_t>(kept) * static_cast<std::size_t>(column_stride);
  }

  /// inputs[column * rows + row]: the sample that the first pass reads there.
  std::vector<std::int32_t> inputs;
  /// Per column: the vectors of the spectrum's column 0 where the sums over the even rows and over
  /// the odd rows go (odd sizes: the sum over all rows, and zeros).
  std::vector<std::int32_t> sum_places;
  /// Per column but the first, per kept column but the first: cos and sin of the rotation. Empty
  /// if coprime.
  std::vector<T> row_twiddles;

  std::vector<FftStage> stages;
  /// Per stage but the last, per j < rest, per k = 1..radix-1: the rotation of output k.
  std::vector<T> stage_twiddles;

  /// Paired only, per pair of elements k and columns - k of column 0, k <= columns / 2: their
  /// places in the column, and the rotation between the even and the odd part.
  std::vector<std::int32_t> pair_places;
  std::vector<T> pair_twiddles;

  /// The vector that holds bin k's power, k <= size / 2.
  std::vector<std::int32_t> bin_places;
};

/// The bins of the columns 1 .. that a real transform of `size` (3, 5 or a power of 2) gives.
std::vector<int> RealColumnBins(int size);

}  // namespace ossicle::dsp
