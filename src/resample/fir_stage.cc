#include "resample/fir_stage.h"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <utility>

#include "resample/held_samples.h"

namespace ossicle::internal {

namespace {

/// Outputs of a period of the places, at least: a call should be worth it.
constexpr int kLeastOutputs = 64;

/// The first and one past the last tap that some phase uses.
struct Used {
  int begin = 0;
  int end = 1;
};

Used UsedTaps(const FilterBank& bank) {
  Used used{bank.taps, 0};
  for (int phase = 0; phase < bank.ratio.up; ++phase) {
    for (int k = 0; k < bank.taps; ++k) {
      if (bank.Row(phase)[k] == 0.0) continue;
      used.begin = std::min(used.begin, k);
      used.end = std::max(used.end, k + 1);
    }
  }
  return used.begin < used.end ? used : Used{};
}

/// libswresample's 16-bit taps come from float32 ones.
template <class C>
C TapOf(double tap) {
  if constexpr (std::is_same_v<C, std::int16_t>) {
    const double scaled = std::nearbyint(static_cast<float>(tap * 32768.0));
    return static_cast<C>(std::clamp(scaled, -32768.0, 32767.0));
  } else {
    return static_cast<C>(tap);
  }
}

std::int16_t Rounded(std::int32_t sum) {
  // Wraps as the library's own integers do.
  const auto up = static_cast<std::int32_t>(static_cast<std::uint32_t>(sum) + 16384u);
  return static_cast<std::int16_t>(std::clamp(up >> 15, -32768, 32767));
}

template <class C>
class FirStage final : public Stage<C> {
 public:
  FirStage(std::shared_ptr<const FirPlan<C>> plan, ResamplerUse use)
      : plan_(std::move(plan)),
        chunk_samples_(ChunkOf(*plan_, use)),
        held_(
            static_cast<std::size_t>(2 * plan_->taps() + plan_->period().samples) + chunk_samples_,
            static_cast<std::size_t>(plan_->row_taps())),
        in_groups_(use == ResamplerUse::kBulk || GroupSamples(*plan_) <= 2 * chunk_samples_) {
    if (in_groups_) {
      segments_.resize(dsp::kFirPeriods * plan_->segment_samples() + FirPlan<C>::kLine);
    }
    if (std::is_same_v<C, std::int16_t> && use == ResamplerUse::kLive) {
      sums_.resize(plan_->MostOutputs(chunk_samples_));
    }
    Reset();
  }

  void Push(std::span<const C> samples, std::vector<C>& out) override {
    if (samples.empty()) return;
    last_ = samples.back();
    while (!begun_ && !samples.empty()) {
      samples = Take(samples, std::size_t{1});
      Begin();
    }
    if (!begun_) return;
    if (in_groups_) samples = PushGroups(samples, out);
    do {
      samples = Take(samples, chunk_samples_);
      Compute(plan_->OutputsOf(held_.end()), out);
    } while (!samples.empty());
  }

  void Finish(std::int64_t outputs, std::vector<C>& out) override {
    if (outputs <= outputs_) return;
    if (plan_->edge() == ResamplerEdge::kSwr) AddMirror();
    if (!begun_) AddStart();
    const C beyond = plan_->edge() == ResamplerEdge::kRepeat ? last_ : C(0);
    while (true) {
      Compute(std::min(plan_->OutputsOf(held_.end()), outputs), out);
      if (outputs_ == outputs) return;
      held_.FillWith(beyond);
    }
  }

  void Reset() override {
    held_.Clear();
    last_ = 0;
    outputs_ = 0;
    begun_ = false;
    if (plan_->edge() == ResamplerEdge::kZeros) AddStart();
  }

 private:
  /// In bulk whole groups of periods, so that none is left over.
  static std::size_t ChunkOf(const FirPlan<C>& plan, ResamplerUse use) {
    const std::size_t chunk = ChunkSamples(use);
    if (use == ResamplerUse::kLive) return chunk;
    return (chunk + GroupSamples(plan) - 1) / GroupSamples(plan) * GroupSamples(plan);
  }

  /// Of a group of periods, which PushGroups() takes at once.
  static std::size_t GroupSamples(const FirPlan<C>& plan) {
    return dsp::kFirPeriods * static_cast<std::size_t>(plan.period().samples);
  }

  std::size_t Before() const { return static_cast<std::size_t>(plan_->before()); }

  /// Takes as many as are there, `most` at most; returns what is left.
  std::span<const C> Take(std::span<const C> samples, std::size_t most) {
    const auto chunk = samples.first(std::min(most, samples.size()));
    return samples.subspan(chunk.size() - held_.Take(chunk, begun_ ? 0 : Before()).size());
  }

  /// Computes all groups of periods that the samples complete; returns what is left of them.
  std::span<const C> PushGroups(std::span<const C> samples, std::vector<C>& out) {
    const std::int64_t period = plan_->period().outputs;
    const std::int64_t begin = (outputs_ + period - 1) / period * period;
    const auto completes = [&](std::int64_t outputs) {
      return plan_->InputsFor(outputs) <= held_.end() + std::ssize(samples);
    };
    if (!completes(begin + dsp::kFirPeriods * period)) return samples;
    while (outputs_ < begin) {
      const std::int64_t lacking = plan_->InputsFor(begin) - held_.end();
      samples = Take(samples, std::min(chunk_samples_, static_cast<std::size_t>(lacking)));
      Compute(std::min(begin, plan_->OutputsOf(held_.end())), out);
    }
    while (completes(outputs_ + dsp::kFirPeriods * period)) {
      const auto count = static_cast<std::size_t>(dsp::kFirPeriods * period);
      Append(count, out, [&](auto* sums) { SumGroup(samples, sums); });
      samples = Forget(samples);
    }
    return samples;
  }

  /// Forgets what no output needs any more.
  std::span<const C> Forget(std::span<const C> next) {
    const std::int64_t needed = plan_->SampleOf(outputs_) - plan_->before();
    if (needed <= held_.end()) {
      held_.DropBefore(needed);
      return next;
    }
    const auto beyond = std::min(next.size(), static_cast<std::size_t>(needed - held_.end()));
    held_.Clear(held_.end() + static_cast<std::int64_t>(beyond));
    return next.subspan(beyond);
  }

  /// libswresample waits until one more sample than its filter has taps is there.
  void Begin() {
    const bool waits = plan_->edge() == ResamplerEdge::kSwr &&
                       held_.size() <= static_cast<std::size_t>(plan_->taps());
    if (!waits) AddStart();
  }

  /// Puts what lies before the signal in front of it.
  void AddStart() {
    begun_ = true;
    held_.Prepend(Before(), [this](std::size_t count, std::size_t i) {
      switch (plan_->edge()) {
        case ResamplerEdge::kRepeat:
          return held_[count];
        case ResamplerEdge::kSwr:
          return held_[count + 1 + i];
        default:
          return C(0);
      }
    });
  }

  void AddMirror() {
    const std::int64_t begin = begun_ ? plan_->SampleOf(outputs_) - plan_->before() : 0;
    const std::int64_t left = std::min<std::int64_t>(held_.end() - begin, plan_->taps());
    const std::size_t size = held_.size();
    for (std::size_t i = 1; i <= static_cast<std::size_t>(left + 1) / 2; ++i) {
      held_.Add(held_[size - i]);
    }
  }

  void Compute(std::int64_t end, std::vector<C>& out) {
    if (outputs_ < end) {
      Append(static_cast<std::size_t>(end - outputs_), out, [&](auto* sums) { Sum(end, sums); });
    }
    held_.DropBefore(plan_->SampleOf(outputs_) - plan_->before());
  }

  /// Appends `count` outputs whose sums sum(sums) makes.
  template <class Sums>
  void Append(std::size_t count, std::vector<C>& out, Sums&& sum) {
    const std::size_t done = out.size();
    out.resize(done + count);
    if constexpr (std::is_same_v<C, std::int16_t>) {
      sums_.resize(std::max(sums_.size(), count));
      sum(sums_.data());
      std::transform(sums_.begin(), sums_.begin() + static_cast<std::ptrdiff_t>(count),
                     out.begin() + static_cast<std::ptrdiff_t>(done), Rounded);
    } else {
      sum(out.data() + done);
    }
  }

  /// The next group of whole periods, whose samples are held or in `next`. Each period's are copied
  /// to where vectors do not lie on two cache lines.
  template <class S>
  void SumGroup(std::span<const C> next, S* sums) {
    const dsp::FirPeriod period = plan_->period();
    const auto distance = plan_->segment_samples();
    C* const segments = FirPlan<C>::Aligned(segments_);
    const std::int64_t first = plan_->SampleOf(outputs_) - plan_->before();
    for (int p = 0; p < dsp::kFirPeriods; ++p) {
      held_.Copy(first + p * period.samples, plan_->segment_used(), next,
                 segments + static_cast<std::size_t>(p) * distance);
    }
    dsp::FirPeriodSums({segments, 0, plan_->aligned_rows(), plan_->row_taps()},
                       plan_->aligned_places(),
                       {period.outputs, static_cast<std::int64_t>(distance)}, sums);
    outputs_ += dsp::kFirPeriods * period.outputs;
  }

  /// The outputs up to `end`.
  template <class S>
  void Sum(std::int64_t end, S* sums) {
    const dsp::FirPeriod period = plan_->period();
    while (outputs_ < end) {
      const std::int64_t run = outputs_ / period.outputs;
      const std::int64_t offset = run * period.samples - plan_->before() - held_.begin();
      const dsp::FirInput<C> input{held_.data(), offset, plan_->rows(), plan_->row_taps()};
      const auto places =
          plan_->places().subspan(static_cast<std::size_t>(outputs_ - run * period.outputs));
      const std::int64_t count = std::min(period.outputs, end - outputs_);
      dsp::FirSums(input, places.first(static_cast<std::size_t>(count)), sums);
      outputs_ += count;
      sums += count;
    }
  }

  const std::shared_ptr<const FirPlan<C>> plan_;
  const std::size_t chunk_samples_;
  HeldSamples<C> held_;
  const bool in_groups_;     ///< not where the memory for one is large for a live signal
  std::vector<C> segments_;  ///< periods of a group, plan_->segment_samples() apart
  std::vector<std::int32_t> sums_;
  C last_ = 0;                ///< of the signal, so far
  std::int64_t outputs_ = 0;  ///< made
  bool begun_ = false;        ///< what lies before the signal is there
};

}  // namespace

template <class C>
FirPlan<C>::FirPlan(const FilterBank& bank, ResamplerEdge edge) : ratio_(bank.ratio), edge_(edge) {
  // libswresample's rules go by all of its taps.
  const Used used = edge == ResamplerEdge::kSwr ? Used{0, bank.taps} : UsedTaps(bank);
  taps_ = used.end - used.begin;
  before_ = bank.before - used.begin;
  constexpr int kStep = dsp::kFirRowTaps<C>;
  row_taps_ = (taps_ + kStep - 1) / kStep * kStep;
  CopyRows(bank, used.begin);
  MakePlaces();
  MakeAligned();
}

template <class C>
void FirPlan<C>::CopyRows(const FilterBank& bank, int first) {
  // In the order of the outputs; the first ones again, so that every block's rows follow one
  // another.
  const int rows = ratio_.up + dsp::kFirBlock - 1;
  const auto row = static_cast<std::size_t>(row_taps_);
  rows_.resize(row * static_cast<std::size_t>(rows) + kLine);
  for (int i = 0; i < rows; ++i) {
    const auto phase = static_cast<int>(static_cast<std::int64_t>(i) * ratio_.down % ratio_.up);
    const double* const taps = bank.Row(phase) + first;
    std::transform(taps, taps + taps_, Aligned(rows_) + row * static_cast<std::size_t>(i),
                   TapOf<C>);
  }
}

template <class C>
void FirPlan<C>::MakePlaces() {
  const int periods = (kLeastOutputs + ratio_.up - 1) / ratio_.up;
  period_ = {std::int64_t{periods} * ratio_.up, std::int64_t{periods} * ratio_.down};
  for (std::int64_t m = 0; m < 2 * period_.outputs; ++m) {
    places_.push_back({static_cast<std::int32_t>(SampleOf(m)),
                       static_cast<std::int32_t>(m % ratio_.up) * row_taps_});
  }
}

template <class C>
void FirPlan<C>::MakeAligned() {
  // Zeros before a row turn the partial sums round, which leaves their sum as it is.
  constexpr int kStep = dsp::kFirRowTaps<C>;
  const auto step_up = [](int taps) { return (taps + kStep - 1) / kStep * kStep; };
  const auto outputs = static_cast<std::size_t>(period_.outputs);
  std::int32_t room = 0;
  for (std::size_t m = 0; m < outputs; ++m) {
    const int skip = places_[m].sample % kStep;
    const int row_taps = step_up(skip + taps_);
    aligned_places_.push_back({places_[m].sample - skip, room, row_taps});
    room += row_taps;
  }
  aligned_rows_.resize(static_cast<std::size_t>(room) + kLine);
  for (std::size_t m = 0; m < outputs; ++m) {
    const int skip = places_[m].sample % kStep;
    std::copy_n(rows() + places_[m].tap, taps_,
                Aligned(aligned_rows_) + aligned_places_[m].tap + skip);
  }
  segment_used_ = static_cast<std::size_t>(places_[outputs - 1].sample + taps_);
  // An odd number of vectors, so that the segments do not share the same few sets of a cache.
  const int end = aligned_places_.back().sample + aligned_places_.back().row_taps;
  segment_samples_ = static_cast<std::size_t>(end / kStep | 1) * kStep;
}

template <class C>
std::unique_ptr<Stage<C>> FirPlan<C>::Make(std::shared_ptr<const StagePlan<C>> self,
                                           ResamplerUse use, C*) const {
  return std::make_unique<FirStage<C>>(std::static_pointer_cast<const FirPlan<C>>(self), use);
}

template <class C>
std::int64_t FirPlan<C>::InputsFor(std::int64_t outputs) const {
  return outputs == 0 ? 0 : SampleOf(outputs - 1) - before_ + taps_;
}

template <class C>
std::int64_t FirPlan<C>::OutputsOf(std::int64_t samples) const {
  // Those whose own sample is below `last`: m * down < last * up.
  const std::int64_t last = samples + before_ - taps_ + 1;
  if (last <= 0) return 0;
  return last / ratio_.down * ratio_.up +
         (last % ratio_.down * ratio_.up + ratio_.down - 1) / ratio_.down;
}

template <class C>
std::int64_t FirPlan<C>::Lookahead() const {
  // libswresample gives nothing before it has one sample more than taps.
  return edge_ == ResamplerEdge::kSwr ? taps_ : taps_ - before_ - 1;
}

template class FirPlan<float>;
template class FirPlan<double>;
template class FirPlan<std::int16_t>;

}  // namespace ossicle::internal
