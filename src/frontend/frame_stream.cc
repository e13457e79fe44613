#include "frontend/frame_stream.h"

#include <algorithm>
#include <vector>

#include "core/fp_environment.h"
#include "frontend/access.h"
#include "frontend/finite.h"
#include "frontend/late_steps.h"
#include "ossicle/error.h"

namespace ossicle::internal {

namespace {

/// Samples that are taken at a time: enough work for some workers, little memory.
constexpr std::int64_t kPieceSamples = 1 << 16;

}  // namespace

template <class T>
bool FrameStream<T>::NeedsTwoPasses(const Frontend& frontend) {
  return FrontendAccess::Compiled(frontend).two_passes;
}

template <class T>
FrameStream<T>::FrameStream(const Frontend& frontend, Workers* workers, Mode mode, double peak)
    : frontend_(frontend),
      compiled_(FrontendAccess::Compiled(frontend_)),
      workers_(workers),
      scratch_(ScratchMemory::For<T>(compiled_, workers == nullptr ? 1 : workers->count())),
      held_(compiled_, kPieceSamples),
      mode_(mode) {
  const DefaultFpEnvironment environment;
  floor_ = static_cast<T>(peak) - static_cast<T>(compiled_.peak_range);
}

template <class T>
void FrameStream<T>::Push(std::span<const float> samples, Features<T>& out) {
  const DefaultFpEnvironment environment;
  if (finished_) {
    throw Error(Code::kShape, "Push after Finish: make a new FrameStream for another signal");
  }
  CheckFinite(samples, held_.received(), compiled_.spec.sample_rate_hz, workers_,
              scratch_.workers());
  while (!samples.empty()) {
    samples = held_.Take(samples);
    Compute(held_.CompleteFrames(), SignalPiece::kUnknown, out);
    held_.Forget(next_frame_);
  }
}

template <class T>
void FrameStream<T>::Finish(Features<T>& out) {
  const DefaultFpEnvironment environment;
  if (finished_) return;
  finished_ = true;
  const std::int64_t length = held_.received();
  compiled_.CheckSamples(length);
  Compute(compiled_.Frames(length), length, out);
  if (mode_ == Mode::kFindPeak) return;
  const std::vector<FeatureView<T>> blocks = out.Blocks();
  ApplyLateSteps<T>(compiled_.late_steps, blocks, compiled_.PeakIsForLateSteps() ? &peak_ : nullptr,
                    scratch_, workers_);
}

/// Computes frames up to `end` and appends them.
template <class T>
void FrameStream<T>::Compute(std::int64_t end, std::int64_t length, Features<T>& out) {
  const SignalPiece piece = held_.Piece(length);
  while (next_frame_ < end) {
    FrameRun<T> run{compiled_, piece, next_frame_, {}};
    if (mode_ == Mode::kFindPeak) {
      run.out.frames = end - next_frame_;
    } else {
      run.out = out.Append(end - next_frame_);
      if (compiled_.two_passes) run.floor = &floor_;
    }
    peak_ = std::max(peak_, ComputeFrames(run, scratch_, workers_));
    next_frame_ += run.out.frames;
  }
}

template class FrameStream<float>;
template class FrameStream<double>;

}  // namespace ossicle::internal
