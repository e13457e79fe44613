#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "frontend/compute.h"
#include "frontend/held_signal.h"
#include "frontend/live_steps.h"
#include "ossicle/resampler.h"
#include "ossicle/stream.h"

namespace ossicle::internal {

/// One live signal on its way to frames: resampled, held as long as frames may need it, and with
/// the state of the steps that look at all of it. Working memory is the caller's, who may share it
/// between signals. A copy of one that has taken nothing shares its tables.
template <class T>
class LiveSignal {
 public:
  /// Takes at most `piece_samples` at a time, or fewer where they are resampled: a resampler has
  /// memory of its own. Throws what Stream throws. `compiled` must outlive this.
  LiveSignal(const CompiledFrontend& compiled, const StreamOptions& options,
             std::int64_t piece_samples);

  int input_rate_hz() const { return input_rate_hz_; }
  std::int64_t samples() const { return samples_; }  ///< of the input until now
  /// Samples at the front end's rate if the signal ends `more` samples of the input from now.
  std::int64_t LengthWith(std::int64_t more) const;
  std::int64_t LookaheadSamples() const;  ///< Stream::lookahead_samples

  /// Most samples that Read or ReadLast puts into its memory.
  std::size_t MostResampled() const;
  /// Takes the next samples off `input` and gives them at the front end's rate, in `memory` if they
  /// are resampled. All of them are then to be given to Hold.
  std::span<const float> Read(std::span<const float>& input, std::vector<float>& memory);
  /// The input has ended: what is left in the resampler.
  std::span<const float> ReadLast(std::vector<float>& memory);

  /// Takes samples at the front end's rate, up to a piece; returns the others. Frames that were
  /// known before are to be computed by then.
  std::span<const float> Hold(std::span<const float> audio);
  /// There are no more. Throws Error(kShape) if there are fewer than min_samples.
  void End();

  std::int64_t next_frame() const { return next_frame_; }
  /// The first one that is not known.
  std::int64_t known_frames() const;
  SignalPiece Piece() const { return held_.Piece(length_); }

  /// Computes the frames before `end`, as far as the steps take them, and appends finished ones.
  void Compute(std::int64_t end, ScratchMemory& scratch, std::vector<T>& out);
  bool NeedsPeak() const { return steps_.NeedsPeak(); }

  /// For frames that are computed elsewhere: skips `count` of them, then finishes their values.
  void Skip(std::int64_t count) { next_frame_ += count; }
  void Append(std::span<const T> values, ScratchMemory& scratch, std::vector<T>& out);
  /// Whether Append would change them, or hold them back.
  bool FinishesFrames() const { return steps_.HaveWork(); }

  /// After all frames: appends those that were held back.
  void Finish(ScratchMemory& scratch, std::vector<T>& out) { steps_.Finish(scratch, out); }
  void Reset();
  std::vector<StepStatistics> statistics() const { return steps_.statistics(); }

 private:
  const CompiledFrontend& compiled_;
  int input_rate_hz_;
  LiveSteps<T> steps_;
  std::optional<Resampler<float>> resampler_;
  std::size_t input_piece_samples_;
  HeldSignal held_;
  std::int64_t samples_ = 0;
  std::int64_t length_ = SignalPiece::kUnknown;
  std::int64_t next_frame_ = 0;
};

}  // namespace ossicle::internal
