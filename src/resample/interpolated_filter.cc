#include "resample/interpolated_filter.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "dsp/exact_math.h"

namespace ossicle::internal {

InterpolatedTaps::InterpolatedTaps(const InterpolatedFilter& filter, int from_hz, int to_hz)
    : filter_(filter),
      rate_ratio_(static_cast<double>(to_hz) / from_hz),
      scale_(std::min(1.0, rate_ratio_)),
      entries_per_sample_(scale_ * filter.steps_per_zero),
      seconds_per_output_(1.0 / rate_ratio_),
      last_(static_cast<std::int64_t>(filter.zeros) * filter.steps_per_zero),
      step_(static_cast<std::int64_t>(scale_ * filter.steps_per_zero)),
      kaiser_divisor_(dsp::BesselI0(filter.kaiser_beta)),
      before_(static_cast<int>((last_ + 1) / step_)) {}

InterpolatedRow InterpolatedTaps::Row(double offset, Cell cell) const {
  InterpolatedRow row;
  row.taps.resize(static_cast<std::size_t>(taps()));
  row.slopes.resize(row.taps.size());
  for (const Wing& wing : Wings(offset, cell)) {
    for (int i = 0; i < wing.count; ++i) {
      const double entry = Entry(wing.start + i * step_);
      const double next = Entry(wing.start + i * step_ + 1);
      const auto place = static_cast<std::size_t>(wing.first + wing.step * i);
      row.taps[place] = Tap(entry, next, wing.beyond);
      row.slopes[place] = Slope(entry, next, wing.step);
    }
  }
  return row;
}

std::array<InterpolatedTaps::Wing, 2> InterpolatedTaps::Wings(double offset, Cell cell) const {
  const auto count = [this](std::int64_t start) {
    return static_cast<int>((last_ + 1 - start) / step_);
  };
  const double left = offset - static_cast<double>(cell.left);
  const double right = entries_per_sample() - offset - static_cast<double>(cell.right);
  return {Wing{cell.left, left, count(cell.left), before_ - 1, -1},
          Wing{cell.right, right, count(cell.right), before_, 1}};
}

InterpolatedTaps::Entries InterpolatedTaps::AllEntries() const {
  Entries entries;
  entries.stride = static_cast<std::size_t>((last_ + 1) / step_ + 1);
  entries.values.resize(entries.stride * static_cast<std::size_t>(step_));
  for (std::int64_t index = 0; index <= last_ + 1; ++index) {
    entries.values[static_cast<std::size_t>(index % step_) * entries.stride +
                   static_cast<std::size_t>(index / step_)] = Entry(index);
  }
  return entries;
}

double InterpolatedTaps::Entry(std::int64_t index) const {
  // The table's last entry has no successor: its slope is 0.
  const double place = static_cast<double>(std::min(index, last_));
  const double turn = filter_.rolloff * (place / filter_.steps_per_zero);
  const double part = place / static_cast<double>(last_);
  const double window =
      dsp::BesselI0(filter_.kaiser_beta * std::sqrt(1.0 - part * part)) / kaiser_divisor_;
  return scale_ * (filter_.rolloff * dsp::Sinc(turn) * window);
}

}  // namespace ossicle::internal
