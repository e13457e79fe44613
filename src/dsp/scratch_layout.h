#pragma once

#include <cstddef>

#include "dsp/kernel.h"

namespace ossicle::dsp {

/// Where a block's parts lie in its scratch, in elements; each starts on a 64-byte boundary.
struct ScratchLayout {
  template <class T>
  ScratchLayout(const KernelPlan<T>& plan, int lanes) {
    const auto width = static_cast<std::size_t>(lanes);
    const auto rows = static_cast<std::size_t>(plan.ColumnSamples());
    const auto block_columns = static_cast<std::size_t>(plan.Columns(lanes));
    const auto elements = static_cast<std::size_t>(plan.fft.complex_size);
    constexpr std::size_t kAlign = 64 / sizeof(T);
    const auto take = [&](std::size_t count) {
      const std::size_t start = size;
      size += (count + kAlign - 1) / kAlign * kAlign;
      return start;
    };
    column_stride = (block_columns + width - 1) / width * width;
    take(rows * block_columns);  // the samples come first
    columns = take(rows * column_stride);
    spectrum = take((2 * elements + 1) * width);
    mel = take(plan.bands.size() * width);
    cepstrum = take(static_cast<std::size_t>(plan.coefficients) * width);
    frame = take(2 * width);
  }

  std::size_t column_stride = 0;
  std::size_t columns = 0;
  std::size_t spectrum = 0;
  std::size_t mel = 0;
  std::size_t cepstrum = 0;
  std::size_t frame = 0;
  std::size_t size = 0;
};

/// Lanes, 1..16 and a power of two, whose scratch stays within kScratchBytes.
template <class T>
int MostLanes(const KernelPlan<T>& plan) {
  int lanes = 16;
  while (lanes > 1 && ScratchLayout(plan, lanes).size * sizeof(T) > kScratchBytes) lanes /= 2;
  return lanes;
}

}  // namespace ossicle::dsp
