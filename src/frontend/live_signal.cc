#include "frontend/live_signal.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace ossicle::internal {

namespace {

/// What FrameGeometry says of samples at the resampler's output, in samples of its input. Output m
/// is there when floor(m down / up) + 1 + LookaheadSamples() samples are; the last one that frame t
/// needs is m = t hop + lookahead - 1. Counted from sample floor(t hop down / up) on, the frame's
/// own time.
std::int64_t InputLookahead(const FrameGeometry& geometry, const Resampler<float>& resampler) {
  const std::int64_t common = std::gcd(resampler.from_hz(), resampler.to_hz());
  const std::int64_t down = resampler.from_hz() / common, up = resampler.to_hz() / common;
  // The latest of the frames' own times within a sample, in parts of 1 / up.
  const std::int64_t latest = up - std::gcd(geometry.hop_samples * down, up);
  const std::int64_t parts = (geometry.lookahead_samples - 1) * down + latest;
  const std::int64_t samples = parts >= 0 ? parts / up : -((-parts + up - 1) / up);
  return samples + 1 + resampler.LookaheadSamples();
}

constexpr std::int64_t kMostResampledSamples = 2048;

std::int64_t PieceOf(int from_hz, int to_hz, std::int64_t samples) {
  return from_hz == to_hz ? samples : std::min(samples, kMostResampledSamples);
}

}  // namespace

template <class T>
LiveSignal<T>::LiveSignal(const CompiledFrontend& compiled, const StreamOptions& options,
                          std::int64_t piece_samples)
    : compiled_(compiled),
      input_rate_hz_(options.input_rate_hz == 0 ? compiled.spec.sample_rate_hz
                                                : options.input_rate_hz),
      steps_(compiled, options.statistics),
      input_piece_samples_(static_cast<std::size_t>(piece_samples)),
      held_(compiled, PieceOf(input_rate_hz_, compiled.spec.sample_rate_hz, piece_samples)) {
  const int rate_hz = compiled.spec.sample_rate_hz;
  if (input_rate_hz_ == rate_hz) return;
  resampler_.emplace(compiled.spec.resampler, input_rate_hz_, rate_hz, ResamplerUse::kLive);
  const std::int64_t piece =
      PieceOf(input_rate_hz_, rate_hz, piece_samples) * input_rate_hz_ / rate_hz;
  input_piece_samples_ = static_cast<std::size_t>(std::max<std::int64_t>(1, piece));
}

template <class T>
std::int64_t LiveSignal<T>::LengthWith(std::int64_t more) const {
  const std::int64_t samples = samples_ + more;
  return resampler_ ? resampler_->OutputSamples(samples) : samples;
}

template <class T>
std::int64_t LiveSignal<T>::LookaheadSamples() const {
  const FrameGeometry geometry(compiled_.spec);
  return resampler_ ? InputLookahead(geometry, *resampler_) : geometry.lookahead_samples;
}

template <class T>
std::size_t LiveSignal<T>::MostResampled() const {
  if (!resampler_) return 0;
  const std::int64_t tail = resampler_->OutputSamples(resampler_->LookaheadSamples() + 2);
  const auto piece = static_cast<std::int64_t>(input_piece_samples_);
  return static_cast<std::size_t>(std::max(resampler_->MostOutputs(piece), tail));
}

template <class T>
std::span<const float> LiveSignal<T>::Read(std::span<const float>& input,
                                           std::vector<float>& memory) {
  const std::span<const float> piece = input.first(std::min(input_piece_samples_, input.size()));
  input = input.subspan(piece.size());
  samples_ += std::ssize(piece);
  if (!resampler_) return piece;
  memory.clear();
  resampler_->Push(piece, memory);
  return memory;
}

template <class T>
std::span<const float> LiveSignal<T>::ReadLast(std::vector<float>& memory) {
  if (!resampler_) return {};
  memory.clear();
  resampler_->Finish(memory);
  return memory;
}

template <class T>
std::span<const float> LiveSignal<T>::Hold(std::span<const float> audio) {
  held_.Forget(next_frame_);
  return held_.Take(audio);
}

template <class T>
void LiveSignal<T>::End() {
  length_ = held_.received();
  compiled_.CheckSamples(length_);
}

template <class T>
std::int64_t LiveSignal<T>::known_frames() const {
  return length_ == SignalPiece::kUnknown ? held_.CompleteFrames() : compiled_.Frames(length_);
}

template <class T>
void LiveSignal<T>::Compute(std::int64_t end, ScratchMemory& scratch, std::vector<T>& out) {
  const SignalPiece piece = Piece();
  const int bands = compiled_.spec.bands();
  while (next_frame_ < end) {
    FrameRun<T> run{compiled_, piece, next_frame_, {}};
    run.out.frames = std::min(end - next_frame_, steps_.Room());
    if (steps_.NeedsPeak()) {
      const bool ended = length_ != SignalPiece::kUnknown;
      if (!ended && run.out.frames < steps_.Room()) return;
      steps_.TakePeak(ComputeFrames(run, scratch, nullptr));
    }
    std::vector<T>& to = steps_.Target(out);
    const std::size_t done = to.size();
    to.resize(done + static_cast<std::size_t>(run.out.frames * bands));
    run.out = MakeView(to.data() + done, run.out.frames, bands, Layout::kFramesFirst);
    run.floor = steps_.floor();
    ComputeFrames(run, scratch, nullptr);
    next_frame_ += run.out.frames;
    steps_.Take(run.out.frames, scratch, out);
  }
}

template <class T>
void LiveSignal<T>::Append(std::span<const T> values, ScratchMemory& scratch, std::vector<T>& out) {
  const std::int64_t bands = compiled_.spec.bands();
  while (!values.empty()) {
    const std::int64_t count = std::min(std::ssize(values) / bands, steps_.Room());
    const auto taken = values.first(static_cast<std::size_t>(count * bands));
    std::vector<T>& to = steps_.Target(out);
    to.insert(to.end(), taken.begin(), taken.end());
    steps_.Take(count, scratch, out);
    values = values.subspan(taken.size());
  }
}

template <class T>
void LiveSignal<T>::Reset() {
  if (resampler_) resampler_->Reset();
  held_.Clear();
  steps_.Reset();
  samples_ = next_frame_ = 0;
  length_ = SignalPiece::kUnknown;
}

template class LiveSignal<float>;
template class LiveSignal<double>;

}  // namespace ossicle::internal
