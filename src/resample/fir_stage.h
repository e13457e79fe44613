#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "dsp/fir.h"
#include "resample/filter_bank.h"
#include "resample/stage.h"

namespace ossicle::internal {

/// What lies outside the signal. kSwr: before it its mirror without the edge sample, after it the
/// mirror, with that sample, of half of what the filter holds (libswresample).
enum class ResamplerEdge { kZeros, kRepeat, kSwr };

/// A FilterBank as FirSums() takes it.
template <class C>
class FirPlan final : public StagePlan<C> {
 public:
  FirPlan(const FilterBank& bank, ResamplerEdge edge);

  std::unique_ptr<Stage<C>> Make(std::shared_ptr<const StagePlan<C>> self, ResamplerUse use,
                                 C* scratch) const override;
  std::int64_t InputsFor(std::int64_t outputs) const override;
  /// Outputs whose samples all lie below `samples`.
  std::int64_t OutputsOf(std::int64_t samples) const;
  std::int64_t Lookahead() const override;
  Ratio ratio() const override { return ratio_; }

  int taps() const { return taps_; }
  int row_taps() const { return row_taps_; }
  int before() const { return before_; }
  /// Samples from output 0's own to output m's.
  std::int64_t SampleOf(std::int64_t output) const {
    return output / ratio_.up * ratio_.down + output % ratio_.up * ratio_.down / ratio_.up;
  }
  ResamplerEdge edge() const { return edge_; }
  const C* rows() const { return Aligned(rows_); }

  /// Some whole periods of the ratio.
  dsp::FirPeriod period() const { return period_; }
  /// Places of the outputs of two of period(), from the first output's first sample on.
  std::span<const dsp::FirPlace> places() const { return places_; }

  /// For FirPeriodSums(): places and rows that begin at multiples of kFirRowTaps<C>, in periods
  /// that are segment_samples() apart and whose first segment_used() samples count.
  std::span<const dsp::FirPlace> aligned_places() const { return aligned_places_; }
  const C* aligned_rows() const { return Aligned(aligned_rows_); }
  std::size_t segment_samples() const { return segment_samples_; }
  std::size_t segment_used() const { return segment_used_; }

  /// The first element that begins a cache line: no vector of a row should lie on two.
  static C* Aligned(std::vector<C>& room) { return room.data() + ToLine(room.data()); }
  static const C* Aligned(const std::vector<C>& room) { return room.data() + ToLine(room.data()); }
  /// Elements that Aligned() may need more.
  static constexpr std::size_t kLine = 64 / sizeof(C);

 private:
  void CopyRows(const FilterBank& bank, int first);
  void MakePlaces();
  void MakeAligned();

  static std::size_t ToLine(const C* from) {
    return (kLine - reinterpret_cast<std::uintptr_t>(from) / sizeof(C) % kLine) % kLine;
  }

  Ratio ratio_;
  ResamplerEdge edge_;
  int taps_;
  int row_taps_;
  int before_;
  std::vector<C> rows_;
  std::vector<dsp::FirPlace> places_;
  dsp::FirPeriod period_;
  std::vector<C> aligned_rows_;
  std::vector<dsp::FirPlace> aligned_places_;
  std::size_t segment_samples_ = 0;
  std::size_t segment_used_ = 0;
};

}  // namespace ossicle::internal
