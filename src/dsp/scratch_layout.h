#pragma once

#include <algorithm>
#include <cstddef>

#include "dsp/kernel.h"

namespace ossicle::dsp {

/// Where a block's parts lie in its scratch, in elements; each starts on a 64-byte boundary. What
/// is not needed at the same time shares its place: the prepared samples with the spectrum, the
/// table of samples with all that comes after the FFT.
struct ScratchLayout {
  template <class T>
  ScratchLayout(const KernelPlan<T>& plan, int lanes) {
    constexpr std::size_t kAlign = 64 / sizeof(T);
    const auto take = [this](std::size_t count) {
      const std::size_t start = size;
      size += (count + kAlign - 1) / kAlign * kAlign;
      return start;
    };
    const auto width = static_cast<std::size_t>(lanes);
    const auto rows = static_cast<std::size_t>(plan.ColumnSamples());
    const auto segments = static_cast<std::size_t>(plan.mel.bands) + 1;
    const std::size_t stride = plan.TablesFor(lanes).row_stride;

    take(
        std::max(plan.fft.vectors() * width, static_cast<std::size_t>(plan.Columns(lanes)) * rows));
    sums = take(stride);
    part_sums = take(stride);
    last_row = take(kAlign + stride) + kAlign;
    subtrahend = take(width);
    log_energy = take(width);

    table = take((rows + 2) * stride);
    zero_row = table + rows * stride;
    first_row = zero_row + stride;

    const std::size_t table_end = size;
    size = table;
    falls = take(segments * width);
    rises = take(segments * width);
    cepstrum = take(static_cast<std::size_t>(plan.coefficients) * width);
    size = std::max(size, table_end);
  }

  std::size_t sums = 0;        ///< per column of the table: the sum of its samples
  std::size_t part_sums = 0;   ///< and of its first ones, where the window ends within a column
  std::size_t last_row = 0;    ///< the table's last row, before pre-emphasis; one element before it
  std::size_t subtrahend = 0;  ///< per frame; later the frame's peak
  std::size_t log_energy = 0;  ///< per frame
  std::size_t table = 0;
  std::size_t zero_row = 0;   ///< of the table
  std::size_t first_row = 0;  ///< of the table: each column's first sample as the window's first
  std::size_t falls = 0;      ///< per segment of the mel bank
  std::size_t rises = 0;      ///< per segment; then the bands
  std::size_t cepstrum = 0;
  std::size_t size = 0;
};

/// Lanes, 1..16 and a power of two, whose scratch stays within kScratchBytes.
template <class T>
int MostLanes(const KernelPlan<T>& plan) {
  int lanes = KernelPlan<T>::kMaxLanes;
  while (lanes > 1 && ScratchLayout(plan, lanes).size * sizeof(T) > kScratchBytes) lanes /= 2;
  return lanes;
}

}  // namespace ossicle::dsp
