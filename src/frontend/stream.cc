#include "ossicle/stream.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "core/fp_environment.h"
#include "frontend/access.h"
#include "frontend/finite.h"
#include "frontend/held_signal.h"
#include "frontend/live_steps.h"
#include "ossicle/error.h"
#include "ossicle/resampler.h"

namespace ossicle {

namespace {

/// What FrameGeometry says of samples at the resampler's output, in samples of its input. Output m
/// is there when floor(m down / up) + 1 + LookaheadSamples() samples are; the last one that frame t
/// needs is m = t hop + lookahead - 1. Counted from sample floor(t hop down / up) on, the frame's
/// own time.
std::int64_t InputLookahead(const internal::FrameGeometry& geometry,
                            const Resampler<float>& resampler) {
  const std::int64_t common = std::gcd(resampler.from_hz(), resampler.to_hz());
  const std::int64_t down = resampler.from_hz() / common, up = resampler.to_hz() / common;
  // The latest of the frames' own times within a sample, in parts of 1 / up.
  const std::int64_t latest = up - std::gcd(geometry.hop_samples * down, up);
  const std::int64_t parts = (geometry.lookahead_samples - 1) * down + latest;
  const std::int64_t samples = parts >= 0 ? parts / up : -((-parts + up - 1) / up);
  return samples + 1 + resampler.LookaheadSamples();
}

}  // namespace

template <class T>
struct Stream<T>::State {
  State(const Frontend& frontend_in, const StreamOptions& options)
      : frontend(frontend_in),
        compiled(internal::FrontendAccess::Compiled(frontend)),
        input_rate_hz(options.input_rate_hz == 0 ? compiled.spec.sample_rate_hz
                                                 : options.input_rate_hz),
        bands(static_cast<std::size_t>(frontend.bands())),
        piece_samples(PieceSamples()),
        steps(compiled, options.statistics),
        held(compiled, piece_samples),
        scratch(internal::ScratchMemory::For<T>(compiled)) {
    if (input_rate_hz == compiled.spec.sample_rate_hz) return;
    resampler.emplace(compiled.spec.resampler, input_rate_hz, compiled.spec.sample_rate_hz,
                      ResamplerUse::kLive);
    const std::int64_t piece =
        std::max<std::int64_t>(1, piece_samples * input_rate_hz / compiled.spec.sample_rate_hz);
    input_piece_samples = static_cast<std::size_t>(piece);
    // What a piece gives, or the end of a signal.
    const std::int64_t tail = resampler->OutputSamples(resampler->LookaheadSamples() + 2);
    resampled.reserve(static_cast<std::size_t>(std::max(resampler->MostOutputs(piece), tail)));
  }

  /// The resampler has its share of a stream's memory.
  std::int64_t PieceSamples() const {
    constexpr std::int64_t kMostResampled = 2048;
    const std::int64_t samples = internal::LivePieceSamples<T>(compiled);
    return input_rate_hz == compiled.spec.sample_rate_hz ? samples
                                                         : std::min(samples, kMostResampled);
  }

  void Push(std::span<const float> input, std::vector<T>& out) {
    samples += std::ssize(input);
    if (!resampler) return Take(input, out);
    while (!input.empty()) {
      const std::size_t count = std::min(input_piece_samples, input.size());
      resampled.clear();
      resampler->Push(input.first(count), resampled);
      Take(resampled, out);
      input = input.subspan(count);
    }
  }

  void Finish(std::vector<T>& out) {
    if (resampler) {
      resampled.clear();
      resampler->Finish(resampled);
      Take(resampled, out);
    }
    const std::int64_t length = held.received();
    compiled.CheckSamples(length);
    Compute(compiled.Frames(length), length, out);
    steps.Finish(scratch, out);
  }

  /// Of samples at the front end's rate.
  void Take(std::span<const float> audio, std::vector<T>& out) {
    while (!audio.empty()) {
      audio = held.Take(audio);
      Compute(held.CompleteFrames(), internal::SignalPiece::kUnknown, out);
      held.Forget(next_frame);
    }
  }

  /// Frames up to `end`, as far as they may be computed.
  void Compute(std::int64_t end, std::int64_t length, std::vector<T>& out) {
    const internal::SignalPiece piece = held.Piece(length);
    while (next_frame < end) {
      internal::FrameRun<T> run{compiled, piece, next_frame, {}};
      run.out.frames = std::min(end - next_frame, steps.Room());
      if (steps.NeedsPeak()) {
        const bool ended = length != internal::SignalPiece::kUnknown;
        if (!ended && run.out.frames < steps.Room()) return;
        steps.TakePeak(internal::ComputeFrames(run, scratch, nullptr));
      }
      std::vector<T>& to = steps.Target(out);
      const std::size_t done = to.size();
      to.resize(done + static_cast<std::size_t>(run.out.frames) * bands);
      run.out = MakeView(to.data() + done, run.out.frames, frontend.bands(), Layout::kFramesFirst);
      run.floor = steps.floor();
      internal::ComputeFrames(run, scratch, nullptr);
      next_frame += run.out.frames;
      steps.Take(run.out.frames, scratch, out);
    }
  }

  void Reset() {
    if (resampler) resampler->Reset();
    held.Clear();
    steps.Reset();
    samples = next_frame = given_frames = 0;
    finished = false;
  }

  const Frontend frontend;
  const internal::CompiledFrontend& compiled;
  const int input_rate_hz;
  const std::size_t bands;
  const std::int64_t piece_samples;
  internal::LiveSteps<T> steps;

  std::optional<Resampler<float>> resampler;
  std::size_t input_piece_samples = 0;
  std::vector<float> resampled;
  internal::HeldSignal held;
  internal::ScratchMemory scratch;

  std::int64_t samples = 0;
  std::int64_t next_frame = 0;
  std::int64_t given_frames = 0;
  bool finished = false;
};

template <class T>
Stream<T>::Stream(const Frontend& frontend, const StreamOptions& options) {
  const internal::DefaultFpEnvironment environment;
  state_ = std::make_unique<State>(frontend, options);
}

template <class T>
Stream<T>::Stream(Stream&&) noexcept = default;
template <class T>
Stream<T>& Stream<T>::operator=(Stream&&) noexcept = default;
template <class T>
Stream<T>::~Stream() = default;

template <class T>
const Frontend& Stream<T>::frontend() const noexcept {
  return state_->frontend;
}

template <class T>
int Stream<T>::bands() const noexcept {
  return static_cast<int>(state_->bands);
}

template <class T>
std::int64_t Stream<T>::lookahead_samples() const noexcept {
  const internal::FrameGeometry geometry(state_->compiled.spec);
  if (!state_->resampler) return geometry.lookahead_samples;
  return InputLookahead(geometry, *state_->resampler);
}

template <class T>
void Stream<T>::Push(std::span<const float> samples, std::vector<T>& out) {
  const internal::DefaultFpEnvironment environment;
  State& state = *state_;
  if (state.finished) {
    throw Error(Code::kShape, "Push after Finish: call Reset before the next signal");
  }
  internal::CheckFinite(samples, state.samples, state.input_rate_hz, nullptr, 1);
  const std::size_t before = out.size();
  state.Push(samples, out);
  state.given_frames += static_cast<std::int64_t>((out.size() - before) / state.bands);
}

template <class T>
void Stream<T>::Finish(std::vector<T>& out) {
  const internal::DefaultFpEnvironment environment;
  State& state = *state_;
  if (state.finished) return;
  state.finished = true;
  const std::size_t before = out.size();
  state.Finish(out);
  state.given_frames += static_cast<std::int64_t>((out.size() - before) / state.bands);
}

template <class T>
void Stream<T>::Reset() {
  state_->Reset();
}

template <class T>
std::int64_t Stream<T>::samples() const noexcept {
  return state_->samples;
}

template <class T>
std::int64_t Stream<T>::frames() const noexcept {
  return state_->given_frames;
}

template <class T>
std::vector<StepStatistics> Stream<T>::statistics() const {
  const internal::DefaultFpEnvironment environment;
  return state_->steps.statistics();
}

template class Stream<float>;
template class Stream<double>;

}  // namespace ossicle
