#include "dsp/scratch_layout.h"

#include <algorithm>

namespace ossicle::dsp {

template <class T>
ScratchLayout::ScratchLayout(const KernelPlan<T>& plan, int lanes, Spacing spacing) {
  constexpr std::size_t kAlign = 64 / sizeof(T);
  const auto take = [this](std::size_t count) {
    const std::size_t start = size;
    size += (count + kAlign - 1) / kAlign * kAlign;
    return start;
  };
  const auto width = static_cast<std::size_t>(lanes);
  const bool apart = spacing == Spacing::kApart;
  const auto columns = apart ? width : static_cast<std::size_t>(plan.Columns(lanes));
  const auto segments = static_cast<std::size_t>(plan.mel.bands) + 1;
  rows = static_cast<std::size_t>(apart ? plan.window_samples : plan.ColumnSamples());
  row_stride = (columns + width - 1) / width * width;
  sum_stride = apart ? width : 1;

  take(std::max(plan.fft.vectors() * width, kAlign + columns * rows));
  const std::size_t hops = apart ? width * static_cast<std::size_t>(plan.Columns(1)) : row_stride;
  sums = take(hops);
  part_sums = take(hops);
  subtrahend = take(width);
  log_energy = take(width);

  table = take((rows + 2) * row_stride);
  zero_row = table + rows * row_stride;
  first_row = zero_row + row_stride;

  const std::size_t table_end = size;
  size = table;
  falls = take(segments * width);
  rises = take(segments * width);
  cepstrum = take(static_cast<std::size_t>(plan.coefficients) * width);
  size = std::max(size, table_end);
}

template <class T>
LaneTables::LaneTables(const KernelPlan<T>& plan, int lanes, Spacing spacing)
    : layout(plan, lanes, spacing) {
  const int stride = static_cast<int>(layout.row_stride);
  const int rows = static_cast<int>(layout.rows);
  for (const std::int32_t n : plan.fft.inputs) {
    const bool outside = n >= plan.window_samples;
    const bool first = n == 0 && plan.frame_preemphasis;
    const int row = outside ? rows : first ? rows + 1 : n % rows;
    const int column = outside ? 0 : n / rows;
    inputs.push_back(row * stride + column);
  }
  for (const std::int32_t bin : plan.mel.bins) {
    mel_taps.push_back(plan.fft.bin_places[static_cast<std::size_t>(bin)] * lanes);
  }
}

template <class T>
int MostLanes(const KernelPlan<T>& plan, Spacing spacing) {
  for (int lanes = KernelPlan<T>::kMaxLanes; lanes >= 1; lanes /= 2) {
    if (plan.TablesFor(lanes, spacing).layout.size * sizeof(T) <= kScratchBytes) return lanes;
  }
  return spacing == Spacing::kApart ? 0 : 1;
}

template ScratchLayout::ScratchLayout(const KernelPlan<float>&, int, Spacing);
template ScratchLayout::ScratchLayout(const KernelPlan<double>&, int, Spacing);
template LaneTables::LaneTables(const KernelPlan<float>&, int, Spacing);
template LaneTables::LaneTables(const KernelPlan<double>&, int, Spacing);
template int MostLanes(const KernelPlan<float>&, Spacing);
template int MostLanes(const KernelPlan<double>&, Spacing);

}  // namespace ossicle::dsp
