#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "resample/filter_bank.h"
#include "resample/interpolated_filter.h"
#include "resample/stage.h"

namespace ossicle::internal {

/// resampy's filter. Its rows are those of a period of outputs; an output whose time is a little
/// off its phase's, since times are floating-point numbers, gains its row's slopes.
template <class C>
class InterpolatedPlan final : public StagePlan<C> {
 public:
  InterpolatedPlan(const InterpolatedFilter& filter, Ratio ratio, int from_hz, int to_hz);

  std::unique_ptr<Stage<C>> Make(std::shared_ptr<const StagePlan<C>> self, ResamplerUse use,
                                 C* scratch) const override;
  std::int64_t InputsFor(std::int64_t outputs) const override;
  std::int64_t Lookahead() const override { return interpolated_.taps() - Before() - 1; }

  /// Rows as FirSums() takes them.
  struct Rows {
    std::vector<C> taps;
    std::vector<C> slopes;
  };
  /// A row of its own.
  Rows RowsOf(const InterpolatedRow& row) const;

  /// All that a row may need, ready: made at the first call.
  const InterpolatedTaps::Entries& Entries() const;

  const InterpolatedTaps& interpolated() const { return interpolated_; }
  Ratio ratio() const override { return ratio_; }
  int row_taps() const { return row_taps_; }
  int Before() const { return interpolated_.before(); }
  const Rows& rows() const { return rows_; }
  /// Of the row of output `row` and all that lie whole periods after it.
  double OffsetOf(int row) const { return offsets_[static_cast<std::size_t>(row)]; }
  InterpolatedTaps::Cell CellOf(int row) const { return cells_[static_cast<std::size_t>(row)]; }

 private:
  void Append(const Rows& rows);

  InterpolatedTaps interpolated_;
  Ratio ratio_;
  int row_taps_;
  Rows rows_;
  std::vector<double> offsets_;
  std::vector<InterpolatedTaps::Cell> cells_;
  mutable std::once_flag entries_made_;
  mutable InterpolatedTaps::Entries entries_;
};

}  // namespace ossicle::internal
