#include "frontend/live_steps.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "frontend/late_steps.h"
#include "frontend/stream_statistics.h"

namespace ossicle::internal {

template <class T>
LiveSteps<T>::LiveSteps(const CompiledFrontend& compiled,
                        const std::optional<StreamStatistics>& statistics)
    : compiled_(compiled), bands_(compiled.spec.bands()) {
  CheckStatistics(compiled.spec, statistics);
  const StreamStatistics given = statistics.value_or(StreamStatistics());
  if (NeedsStatistics(compiled.spec)) mode_ = given.mode;
  if (mode_ == StatisticsMode::kSegment) {
    segment_frames_ = SegmentFrames(compiled.spec, given.segment_s);
  }
  if (HoldsBack()) return;
  for (const Step& step : compiled.late_steps) steps_.emplace_back(step, bands_);
  if (mode_ == StatisticsMode::kFrozen) Freeze(given.frozen);
}

template <class T>
void LiveSteps<T>::Freeze(const std::vector<StepStatistics>& statistics) {
  given_ = statistics;
  auto next = given_.begin();
  if (compiled_.two_passes) TakePeak(static_cast<T>((next++)->peak));
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    if (LooksAtWholeSignal(compiled_.late_steps[i])) steps_[i].Freeze(*next++);
  }
}

template <class T>
std::int64_t LiveSteps<T>::Room() const {
  if (mode_ == StatisticsMode::kRunning && compiled_.two_passes) return 1;
  return segment_frames_ - std::ssize(held_) / bands_;
}

template <class T>
void LiveSteps<T>::TakePeak(T peak) {
  peak_ = std::max(peak_, peak) + T(0);  // without -0, as Frontend::Run
  floor_ = peak_ - static_cast<T>(compiled_.peak_range);
}

template <class T>
void LiveSteps<T>::Take(std::int64_t count, ScratchMemory& scratch, std::vector<T>& out) {
  if (HoldsBack()) {
    if (Room() == 0) Flush(scratch, out);
    return;
  }
  T* frame = out.data() + (std::ssize(out) - count * bands_);
  if (mode_ != StatisticsMode::kRunning) {
    for (const LiveStep<T>& step : steps_) step.Apply(frame, static_cast<int>(count));
    return;
  }
  for (; count > 0; --count, frame += bands_) {
    ++seen_frames_;
    for (LiveStep<T>& step : steps_) {
      step.See(frame, seen_frames_);
      step.Apply(frame, 1);
    }
  }
}

template <class T>
void LiveSteps<T>::Finish(ScratchMemory& scratch, std::vector<T>& out) {
  if (!held_.empty()) Flush(scratch, out);
}

template <class T>
void LiveSteps<T>::Flush(ScratchMemory& scratch, std::vector<T>& out) {
  if (mode_ == StatisticsMode::kExact && compiled_.two_passes) {
    whole_.push_back({static_cast<double>(peak_), {}, {}});
  }
  const std::array<FeatureView<T>, 1> all = {
      MakeView(held_.data(), std::ssize(held_) / bands_, bands_, Layout::kFramesFirst)};
  ApplyLateSteps<T>(compiled_.late_steps, all, nullptr, scratch, nullptr,
                    mode_ == StatisticsMode::kExact ? &whole_ : nullptr);
  out.insert(out.end(), held_.begin(), held_.end());
  held_.clear();
  peak_ = -std::numeric_limits<T>::infinity();
}

template <class T>
void LiveSteps<T>::Reset() {
  if (mode_ == StatisticsMode::kFrozen) return;
  for (LiveStep<T>& step : steps_) step.Reset();
  seen_frames_ = 0;
  peak_ = -std::numeric_limits<T>::infinity();
  held_.clear();
  whole_.clear();
}

template <class T>
std::vector<StepStatistics> LiveSteps<T>::statistics() const {
  if (mode_ == StatisticsMode::kFrozen) return given_;
  if (mode_ != StatisticsMode::kRunning || seen_frames_ == 0) return whole_;
  std::vector<StepStatistics> statistics;
  if (compiled_.two_passes) statistics.push_back({static_cast<double>(peak_), {}, {}});
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    if (!LooksAtWholeSignal(compiled_.late_steps[i])) continue;
    statistics.push_back(steps_[i].statistics(seen_frames_));
  }
  return statistics;
}

template class LiveSteps<float>;
template class LiveSteps<double>;

}  // namespace ossicle::internal
