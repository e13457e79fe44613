#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ossicle::internal {

/// A filter that is read between the entries of a table, as resampy does.
struct InterpolatedFilter {
  int zeros = 64;            ///< zero crossings of each wing
  int steps_per_zero = 512;  ///< entries of the table from one to the next
  double rolloff = 0.95;
  double kaiser_beta = 0.0;
  bool adds_up_time = false;  ///< an output's time is the sum of all steps so far: resampy 0.2
};

/// Taps for outputs between two neighbouring entries of the table.
struct InterpolatedRow {
  std::vector<double> taps;    ///< at the offset that it was made for
  std::vector<double> slopes;  ///< what taps gain when the output is one entry later
};

/// The taps of a filter for one ratio of rates.
class InterpolatedTaps {
 public:
  InterpolatedTaps(const InterpolatedFilter& filter, int from_hz, int to_hz);

  int taps() const { return 2 * before_; }
  /// Samples before the one at or before the output's time.
  int before() const { return before_ - 1; }
  /// Entries of the table per input sample.
  double entries_per_sample() const { return entries_per_sample_; }
  double seconds_per_output() const { return seconds_per_output_; }  ///< in input samples
  bool adds_up_time() const { return filter_.adds_up_time; }

  /// Entries of the table that the taps of the left and of the right wing start from.
  struct Cell {
    std::int64_t left = 0;
    std::int64_t right = 0;
    bool operator==(const Cell&) const = default;
  };
  /// `offset` is what an output is behind the sample before it, in entries.
  Cell CellOf(double offset) const {
    return {static_cast<std::int64_t>(offset),
            static_cast<std::int64_t>(entries_per_sample_ - offset)};
  }
  InterpolatedRow Row(double offset) const { return Row(offset, CellOf(offset)); }
  InterpolatedRow Row(double offset, Cell cell) const;

  /// The table, in the order in which rows read it: those step_ apart follow one another.
  struct Entries {
    std::vector<double> values;
    std::size_t stride = 0;
  };
  Entries AllEntries() const;

  /// Writes Row(), but for the taps that are zero, without allocating.
  template <class C>
  void MakeRow(double offset, Cell cell, const Entries& entries, C* taps, C* slopes) const {
    const auto [left, right] = Wings(offset, cell);
    MakeWing<-1>(left, entries, taps, slopes);
    MakeWing<1>(right, entries, taps, slopes);
  }

 private:
  /// The taps to one side of an output: tap first + i step reads entry start + i step_ and its
  /// successor.
  struct Wing {
    std::int64_t start = 0;
    double beyond = 0.0;  ///< of an entry, from `start` to where the row is read
    int count = 0;
    int first = 0;
    int step = 1;
  };
  static double Tap(double entry, double next, double beyond) {
    return entry + beyond * (next - entry);
  }
  static double Slope(double entry, double next, int step) { return -step * (next - entry); }
  std::array<Wing, 2> Wings(double offset, Cell cell) const;

  /// kStep is the wing's, so that the loop can be one of vectors.
  template <int kStep, class C>
  void MakeWing(const Wing& wing, const Entries& entries, C* taps, C* slopes) const {
    const auto from = [&](std::int64_t index) {
      return entries.values.data() + static_cast<std::size_t>(index % step_) * entries.stride +
             index / step_;
    };
    const double* const here = from(wing.start);
    const double* const next = from(wing.start + 1);
    const double beyond = wing.beyond;
    taps += wing.first;
    slopes += wing.first;
    const int count = wing.count;
    for (int i = 0; i < count; ++i) {
      taps[kStep * i] = static_cast<C>(Tap(here[i], next[i], beyond));
      slopes[kStep * i] = static_cast<C>(Slope(here[i], next[i], kStep));
    }
  }

  double Entry(std::int64_t index) const;

  InterpolatedFilter filter_;
  double rate_ratio_;  ///< to / from
  double scale_;       ///< min(1, rate_ratio_)
  double entries_per_sample_;
  double seconds_per_output_;
  std::int64_t last_;  ///< entry of the table
  std::int64_t step_;  ///< entries from tap to tap: truncated, as resampy does
  double kaiser_divisor_;
  int before_;  ///< taps of a wing
};

}  // namespace ossicle::internal
