#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "frontend/compile.h"
#include "frontend/signal.h"

namespace ossicle::internal {

/// Where the frames of a spec lie in its signal.
struct FrameGeometry {
  explicit FrameGeometry(const FrontendSpec& spec);

  /// The first sample that the window of frame `t` covers; may lie before the signal.
  std::int64_t WindowStart(std::int64_t t) const { return t * hop_samples + first_start; }

  std::int64_t hop_samples = 0;
  std::int64_t first_start = 0;   ///< of frame 0
  std::int64_t used_samples = 0;  ///< from there on: the window, less what counts as 0 at its end
  /// Samples that must be in, from a frame's own time t * hop_samples on, before the frame is
  /// complete. Negative where frames lie before their time.
  std::int64_t lookahead_samples = 0;
  /// Samples without which nothing is complete: what the left edge mirrors depends on them, and
  /// fewer than min_samples may be refused in the end.
  std::int64_t first_samples = 0;
  /// Samples before the end of the signal, as known until now, that its right edge may mirror.
  std::int64_t mirrored_samples = 0;
};

/// The part of one signal that frames to come may need, in one piece of memory that does not grow
/// while frames are computed as they are complete. Behind the samples there is nearly always room
/// for those of a block's other lanes.
class HeldSignal {
 public:
  /// Takes at most `piece_samples` samples at a time.
  HeldSignal(const CompiledFrontend& compiled, std::int64_t piece_samples);

  std::int64_t received() const { return first_ + size_; }

  /// Takes the next samples, up to a piece; returns the others. There must be room for a piece:
  /// where frames are not computed, or many are held back, it is made.
  std::span<const float> Take(std::span<const float> samples);

  /// Frames that are known whatever comes.
  std::int64_t CompleteFrames() const;

  /// For ComputeFrames. Valid until the next Take or Forget.
  ///   length  of the whole signal, if it has ended
  SignalPiece Piece(std::int64_t length = SignalPiece::kUnknown) const;

  /// Forgets what neither frames from `next_frame` on nor the right edge can need.
  void Forget(std::int64_t next_frame);

  /// Begins another signal.
  void Clear();

 private:
  void MoveToFront();

  FrameGeometry geometry_;
  std::int64_t piece_samples_;
  std::vector<float> memory_;
  std::int64_t begin_ = 0;  // of the samples in memory_
  std::int64_t first_ = 0;  // index in the signal of memory_[begin_]
  std::int64_t size_ = 0;
};

/// A number of samples that fills the lanes of T's kernel some times over, without much memory:
/// what a live stream takes at a time.
template <class T>
std::int64_t LivePieceSamples(const CompiledFrontend& compiled);

}  // namespace ossicle::internal
