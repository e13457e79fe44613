#include "resample/interpolated_stage.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <compare>
#include <map>
#include <span>
#include <type_traits>
#include <utility>

#include "core/fp_environment.h"
#include "dsp/fir.h"
#include "resample/held_samples.h"

namespace ossicle::internal {

namespace {

constexpr std::size_t kBatchOutputs = 256;

/// Rows beyond the plan's that a stage keeps: the time of a long signal drifts through the table.
constexpr std::size_t kMostOwnRows = 8192;

/// Time, in input samples, that float32 does not tell from none: it moves a full-scale sine by less
/// than 3e-9.
template <class C>
inline constexpr double kNoTime = std::is_same_v<C, float> ? 0x1p-30 : 0.0;

template <class C>
class InterpolatedStage final : public Stage<C> {
 public:
  InterpolatedStage(std::shared_ptr<const InterpolatedPlan<C>> plan, ResamplerUse use)
      : plan_(std::move(plan)),
        held_(static_cast<std::size_t>(2 * plan_->interpolated().taps()) +
                  static_cast<std::size_t>(plan_->ratio().down / plan_->ratio().up) +
                  ChunkSamples(use),
              static_cast<std::size_t>(plan_->row_taps())) {
    if (use == ResamplerUse::kLive) MakeOneRow();
    Reset();
  }

  void Push(std::span<const C> samples, std::vector<C>& out) override {
    while (!samples.empty()) {
      samples = held_.Take(samples);
      Compute(INT64_MAX, out);
    }
  }

  void Finish(std::int64_t outputs, std::vector<C>& out) override {
    while (true) {
      Compute(outputs, out);
      if (outputs_ >= outputs) return;
      held_.FillWith(C(0));
    }
  }

  void Reset() override {
    held_.Clear();
    // One more than the filter sees: a time just below a whole sample counts from the one before.
    held_.Prepend(static_cast<std::size_t>(plan_->Before()) + 1,
                  [](std::size_t, std::size_t) { return C(0); });
    outputs_ = 0;
    next_ = {0, 0, 0, plan_->ratio().down / plan_->ratio().up};
    time_ = 0.0;
    own_rows_.clear();
  }

 private:
  /// Where the next output lies exactly: kept, because divisions take as long as its sum.
  struct Place {
    int row = 0;              ///< the output's number mod ratio.up
    std::int64_t sample = 0;  ///< the one at or before it
    int phase = 0;            ///< ratio.up times what it is behind that
    int whole_step = 0;       ///< samples from an output to the next, rounded down

    void Advance(Ratio ratio) {
      row = row + 1 == ratio.up ? 0 : row + 1;
      sample += whole_step;
      phase += ratio.down - whole_step * ratio.up;
      if (phase < ratio.up) return;
      phase -= ratio.up;
      ++sample;
    }
  };

  using Cell = InterpolatedTaps::Cell;
  using Rows = typename InterpolatedPlan<C>::Rows;

  /// An output within a batch.
  struct Due {
    double behind = 0.0;  ///< entries of the table from its row's offset to its own
    bool own = false;     ///< its row is not of the plan, but its cell's
    Cell cell;
  };

  void Compute(std::int64_t end, std::vector<C>& out) {
    while (const std::size_t count = Collect(end)) Sum(count, out);
    const auto next = static_cast<std::int64_t>(time_);
    held_.DropBefore(next - plan_->Before() - 1);
  }

  /// Finds the places of the next outputs whose samples are there.
  std::size_t Collect(std::int64_t end) {
    const InterpolatedTaps& taps = plan_->interpolated();
    std::size_t count = 0;
    for (; count < kBatchOutputs && outputs_ < end; ++count, ++outputs_) {
      const auto sample = static_cast<std::int64_t>(time_);
      const std::int64_t first = sample - taps.before();
      if (first + taps.taps() > held_.end()) break;
      const double offset = (time_ - static_cast<double>(sample)) * taps.entries_per_sample();
      places_[count].sample = static_cast<std::int32_t>(first - held_.begin());
      Choose(sample, offset, count);
      next_.Advance(plan_->ratio());
      const double step = taps.seconds_per_output();
      time_ = taps.adds_up_time() ? time_ + step : static_cast<double>(outputs_ + 1) * step;
    }
    return count;
  }

  void Choose(std::int64_t sample, double offset, std::size_t i) {
    const Cell cell = plan_->interpolated().CellOf(offset);
    places_[i].tap = next_.row * plan_->row_taps();
    if (sample == next_.sample && cell == plan_->CellOf(next_.row)) {
      due_[i] = {offset - plan_->OffsetOf(next_.row), false, {}};
    } else {
      due_[i] = {offset - StartOf(cell), true, cell};
    }
  }

  /// The offset that a cell's row is made for. The definition of a row, and so its bits, must not
  /// depend on the output that wants it first.
  double StartOf(Cell cell) const {
    return std::max(static_cast<double>(cell.left), plan_->interpolated().entries_per_sample() -
                                                        static_cast<double>(cell.right + 1));
  }

  const Rows& RowOf(Cell cell) {
    if (entries_ == nullptr) return KeptRowOf(cell);
    // Kept rows would be more than a live signal may hold, and new ones come for as long as it
    // lasts.
    std::fill(one_row_.taps.begin(), one_row_.taps.end(), C(0));
    std::fill(one_row_.slopes.begin(), one_row_.slopes.end(), C(0));
    plan_->interpolated().MakeRow(StartOf(cell), cell, *entries_, one_row_.taps.data(),
                                  one_row_.slopes.data());
    return one_row_;
  }

  const Rows& KeptRowOf(Cell cell) {
    const auto found = own_rows_.find({cell.left, cell.right});
    if (found != own_rows_.end()) return found->second;
    return own_rows_[{cell.left, cell.right}] =
               plan_->RowsOf(plan_->interpolated().Row(StartOf(cell), cell));
  }

  void MakeOneRow() {
    entries_ = &plan_->Entries();
    one_row_.taps.resize(static_cast<std::size_t>(plan_->row_taps()));
    one_row_.slopes.resize(one_row_.taps.size());
  }

  void Sum(std::size_t count, std::vector<C>& out) {
    const std::size_t done = out.size();
    out.resize(done + count);
    const std::span<const dsp::FirPlace> places(places_.data(), count);
    const auto input = [this](const std::vector<C>& rows) {
      return dsp::FirInput<C>{held_.data(), 0, rows.data(), plan_->row_taps()};
    };
    dsp::FirSums(input(plan_->rows().taps), places, out.data() + done);
    const double least = kNoTime<C> * plan_->interpolated().entries_per_sample();
    if (std::any_of(due_.begin(), due_.begin() + static_cast<std::ptrdiff_t>(count),
                    [least](const Due& due) { return std::abs(due.behind) > least; })) {
      dsp::FirSums(input(plan_->rows().slopes), places, slopes_.data());
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (due_[i].own) {
        const dsp::FirPlace place[] = {{places_[i].sample, 0}};
        const Rows& rows = RowOf(due_[i].cell);
        dsp::FirSums(input(rows.taps), place, &out[done + i]);
        dsp::FirSums(input(rows.slopes), place, &slopes_[i]);
      }
      if (std::abs(due_[i].behind) > least) {
        out[done + i] = out[done + i] + static_cast<C>(due_[i].behind) * slopes_[i];
      }
    }
    if (own_rows_.size() > kMostOwnRows) own_rows_.clear();
  }

  const std::shared_ptr<const InterpolatedPlan<C>> plan_;
  HeldSamples<C> held_;
  std::array<dsp::FirPlace, kBatchOutputs> places_{};
  std::array<Due, kBatchOutputs> due_{};
  std::array<C, kBatchOutputs> slopes_{};
  std::map<std::pair<std::int64_t, std::int64_t>, Rows> own_rows_;  ///< in bulk
  const InterpolatedTaps::Entries* entries_ = nullptr;  ///< live: what one_row_ is made from
  Rows one_row_;
  std::int64_t outputs_ = 0;
  Place next_;
  double time_ = 0.0;  ///< of the next output, in input samples
};

}  // namespace

template <class C>
InterpolatedPlan<C>::InterpolatedPlan(const InterpolatedFilter& filter, Ratio ratio, int from_hz,
                                      int to_hz)
    : interpolated_(filter, from_hz, to_hz), ratio_(ratio) {
  constexpr int kStep = dsp::kFirRowTaps<C>;
  row_taps_ = (interpolated_.taps() + kStep - 1) / kStep * kStep;
  for (int i = 0; i < ratio.up; ++i) {
    const auto phase = static_cast<int>(std::int64_t{i} * ratio.down % ratio.up);
    const double offset =
        static_cast<double>(phase) / ratio.up * interpolated_.entries_per_sample();
    offsets_.push_back(offset);
    Append(RowsOf(interpolated_.Row(offset)));
    cells_.push_back(interpolated_.CellOf(offset));
  }
  // The first ones again, so that the rows of any kFirBlock outputs follow one another.
  for (int i = 0; i + 1 < dsp::kFirBlock; ++i) {
    const auto row = rows_.taps.begin() + static_cast<std::ptrdiff_t>(i % ratio.up) * row_taps_;
    const auto slopes =
        rows_.slopes.begin() + static_cast<std::ptrdiff_t>(i % ratio.up) * row_taps_;
    Append({{row, row + row_taps_}, {slopes, slopes + row_taps_}});
  }
}

template <class C>
const InterpolatedTaps::Entries& InterpolatedPlan<C>::Entries() const {
  std::call_once(entries_made_, [this] {
    const DefaultFpEnvironment environment;
    entries_ = interpolated_.AllEntries();
  });
  return entries_;
}

template <class C>
void InterpolatedPlan<C>::Append(const Rows& rows) {
  rows_.taps.insert(rows_.taps.end(), rows.taps.begin(), rows.taps.end());
  rows_.slopes.insert(rows_.slopes.end(), rows.slopes.begin(), rows.slopes.end());
}

template <class C>
typename InterpolatedPlan<C>::Rows InterpolatedPlan<C>::RowsOf(const InterpolatedRow& row) const {
  Rows rows;
  const auto copy = [this](const std::vector<double>& from, std::vector<C>& to) {
    to.resize(static_cast<std::size_t>(row_taps_));
    std::transform(from.begin(), from.end(), to.begin(),
                   [](double value) { return static_cast<C>(value); });
  };
  copy(row.taps, rows.taps);
  copy(row.slopes, rows.slopes);
  return rows;
}

template <class C>
std::unique_ptr<Stage<C>> InterpolatedPlan<C>::Make(std::shared_ptr<const StagePlan<C>> self,
                                                    ResamplerUse use, C*) const {
  return std::make_unique<InterpolatedStage<C>>(
      std::static_pointer_cast<const InterpolatedPlan<C>>(self), use);
}

template <class C>
std::int64_t InterpolatedPlan<C>::InputsFor(std::int64_t outputs) const {
  return outputs * ratio_.down / ratio_.up + interpolated_.taps();
}

template class InterpolatedPlan<float>;
template class InterpolatedPlan<double>;

}  // namespace ossicle::internal
