#include "frontend/held_signal.h"

#include <algorithm>

namespace ossicle::internal {

FrameGeometry::FrameGeometry(const FrontendSpec& spec)
    : hop_samples(spec.hop_samples),
      first_start((spec.frame_samples() - spec.window_samples) / 2 - spec.pad_left()),
      used_samples(spec.window_samples),
      first_samples(spec.min_samples) {
  // The mean and the energy are those of all of the window.
  if (spec.window_kept_samples > 0 && !spec.remove_dc && !MeasuresEnergy(spec)) {
    used_samples = spec.window_kept_samples;
  }
  // The rule of Frames(), for a signal that may end now, is the other condition.
  const std::int64_t dropped = spec.drop_last_frame ? spec.hop_samples : 0;
  lookahead_samples = std::max(first_start + used_samples,
                               std::int64_t{spec.frame_samples()} + dropped - spec.pad_left() -
                                   spec.pad_right() - spec.append_zeros_samples);
  if (spec.edge == Edge::kZeros) return;
  const std::int64_t skipped = spec.edge == Edge::kReflectRepeat ? 0 : 1;
  first_samples = std::max(first_samples, -first_start + skipped);
  mirrored_samples =
      std::max<std::int64_t>(0, std::int64_t{spec.pad_right()} + 1 - spec.append_zeros_samples);
}

HeldSignal::HeldSignal(const CompiledFrontend& compiled, std::int64_t piece_samples)
    : geometry_(compiled.spec), piece_samples_(piece_samples) {
  // With one more for pre-emphasis, what Forget leaves at most.
  const std::int64_t kept = 1 + std::max({geometry_.first_samples, geometry_.mirrored_samples,
                                          geometry_.lookahead_samples - geometry_.first_start});
  memory_.resize(static_cast<std::size_t>(kept + piece_samples));
}

std::span<const float> HeldSignal::Take(std::span<const float> samples) {
  const auto count = std::min(static_cast<std::size_t>(piece_samples_), samples.size());
  const std::size_t needed = static_cast<std::size_t>(size_) + count;
  if (static_cast<std::size_t>(begin_) + needed > memory_.size()) MoveToFront();
  if (needed > memory_.size()) memory_.resize(std::max(needed, 2 * memory_.size()));
  std::copy_n(samples.begin(), count, memory_.begin() + begin_ + size_);
  size_ += static_cast<std::int64_t>(count);
  return samples.subspan(count);
}

void HeldSignal::MoveToFront() {
  const auto begin = memory_.begin() + begin_;
  std::copy(begin, begin + size_, memory_.begin());
  begin_ = 0;
}

std::int64_t HeldSignal::CompleteFrames() const {
  if (received() < geometry_.first_samples) return 0;
  const std::int64_t room = received() - geometry_.lookahead_samples;
  return room < 0 ? 0 : 1 + room / geometry_.hop_samples;
}

SignalPiece HeldSignal::Piece(std::int64_t length) const {
  const auto all = std::span<const float>(memory_).subspan(static_cast<std::size_t>(begin_));
  return {all.first(static_cast<std::size_t>(size_)), first_, length, std::ssize(all) - size_};
}

void HeldSignal::Forget(std::int64_t next_frame) {
  const std::int64_t keep =
      std::min(geometry_.WindowStart(next_frame), received() - geometry_.mirrored_samples) -
      1;  // for pre-emphasis
  const std::int64_t surplus = std::min(keep - first_, size_);
  if (surplus <= 0) return;
  begin_ += surplus;
  first_ += surplus;
  size_ -= surplus;
}

void HeldSignal::Clear() { begin_ = first_ = size_ = 0; }

template <class T>
std::int64_t LivePieceSamples(const CompiledFrontend& compiled) {
  constexpr std::int64_t kLeast = 4096, kMost = 16384;
  const dsp::KernelPlan<T>& plan = compiled.Plan<T>();
  const std::int64_t block = std::int64_t{dsp::KernelFor(plan).lanes} * plan.hop_samples;
  if (block > kMost) return kMost;
  return block * std::max<std::int64_t>(1, kLeast / block);
}

template std::int64_t LivePieceSamples<float>(const CompiledFrontend&);
template std::int64_t LivePieceSamples<double>(const CompiledFrontend&);

}  // namespace ossicle::internal
