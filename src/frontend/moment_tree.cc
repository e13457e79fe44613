#include "frontend/moment_tree.h"

#include <bit>

namespace ossicle::internal {

MomentTree::MomentTree(double* memory, int bands, bool squares)
    : memory_(memory), bands_(bands), squares_(squares) {}

dsp::Moments MomentTree::Level(std::size_t level) const {
  const auto bands = static_cast<std::size_t>(bands_);
  double* const mean = memory_ + level * 2 * bands;
  return {mean, squares_ ? mean + bands : nullptr};
}

dsp::Moments MomentTree::Next() const {
  return Level(static_cast<std::size_t>(std::countr_one(runs_)));
}

void MomentTree::Add(std::int64_t frames) {
  const auto free = static_cast<std::size_t>(std::countr_one(runs_));
  level_frames_[free] = frames;
  MergeInto(free, runs_ ^ (runs_ & (runs_ + 1)));
  ++runs_;
  frames_ += frames;
}

dsp::Moments MomentTree::Total() {
  const auto lowest = static_cast<std::size_t>(std::countr_zero(runs_));
  MergeInto(lowest, runs_ & (runs_ - 1));
  runs_ = 0;
  return Level(lowest);
}

void MomentTree::MergeInto(std::size_t into, std::uint64_t levels) {
  for (; levels != 0; levels &= levels - 1) {
    const auto level = static_cast<std::size_t>(std::countr_zero(levels));
    dsp::MergeMoments(Level(level), static_cast<double>(level_frames_[level]), Level(into),
                      static_cast<double>(level_frames_[into]), bands_);
    level_frames_[into] += level_frames_[level];
  }
}

}  // namespace ossicle::internal
