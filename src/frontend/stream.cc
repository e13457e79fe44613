#include "ossicle/stream.h"

#include <cstdint>
#include <memory>

#include "core/fp_environment.h"
#include "frontend/access.h"
#include "frontend/finite.h"
#include "frontend/held_signal.h"
#include "frontend/live_signal.h"
#include "ossicle/error.h"

namespace ossicle {

template <class T>
struct Stream<T>::State {
  State(const Frontend& frontend_in, const StreamOptions& options)
      : frontend(frontend_in),
        compiled(internal::FrontendAccess::Compiled(frontend)),
        signal(compiled, options, internal::LivePieceSamples<T>(compiled)),
        scratch(internal::ScratchMemory::For<T>(compiled)) {
    resampled.reserve(signal.MostResampled());
  }

  void Push(std::span<const float> input, std::vector<T>& out) {
    while (!input.empty()) Take(signal.Read(input, resampled), out);
  }

  void Finish(std::vector<T>& out) {
    Take(signal.ReadLast(resampled), out);
    signal.End();
    signal.Compute(signal.known_frames(), scratch, out);
    signal.Finish(scratch, out);
  }

  void Take(std::span<const float> audio, std::vector<T>& out) {
    while (!audio.empty()) {
      audio = signal.Hold(audio);
      signal.Compute(signal.known_frames(), scratch, out);
    }
  }

  void Reset() {
    signal.Reset();
    given_frames = 0;
    finished = false;
  }

  const Frontend frontend;
  const internal::CompiledFrontend& compiled;
  internal::LiveSignal<T> signal;
  internal::ScratchMemory scratch;
  std::vector<float> resampled;
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
  return state_->frontend.bands();
}

template <class T>
std::int64_t Stream<T>::lookahead_samples() const noexcept {
  return state_->signal.LookaheadSamples();
}

template <class T>
void Stream<T>::Push(std::span<const float> samples, std::vector<T>& out) {
  const internal::DefaultFpEnvironment environment;
  State& state = *state_;
  if (state.finished) {
    throw Error(Code::kShape, "Push after Finish: call Reset before the next signal");
  }
  internal::CheckFinite(samples, state.signal.samples(), state.signal.input_rate_hz(), nullptr, 1);
  const std::int64_t before = std::ssize(out);
  state.Push(samples, out);
  state.given_frames += (std::ssize(out) - before) / bands();
}

template <class T>
void Stream<T>::Finish(std::vector<T>& out) {
  const internal::DefaultFpEnvironment environment;
  State& state = *state_;
  if (state.finished) return;
  state.finished = true;
  const std::int64_t before = std::ssize(out);
  state.Finish(out);
  state.given_frames += (std::ssize(out) - before) / bands();
}

template <class T>
void Stream<T>::Reset() {
  state_->Reset();
}

template <class T>
std::int64_t Stream<T>::samples() const noexcept {
  return state_->signal.samples();
}

template <class T>
std::int64_t Stream<T>::frames() const noexcept {
  return state_->given_frames;
}

template <class T>
std::vector<StepStatistics> Stream<T>::statistics() const {
  const internal::DefaultFpEnvironment environment;
  return state_->signal.statistics();
}

template class Stream<float>;
template class Stream<double>;

}  // namespace ossicle
