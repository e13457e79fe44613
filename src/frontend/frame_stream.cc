#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/fp_environment.h"
#include "frontend/compute.h"
#include "frontend/finite.h"
#include "frontend/late_steps.h"
#include "ossicle/error.h"
#include "ossicle/frontend.h"

namespace ossicle {

template <class T>
struct FrameStream<T>::State {
  /// Samples that are taken at a time: enough work for some workers, little memory.
  static constexpr std::size_t kPieceSamples = 1 << 18;

  State(const Frontend& frontend_in, Workers* workers_in, Mode mode_in, double peak_in)
      : frontend(frontend_in),
        compiled(*frontend.compiled_),
        workers(workers_in),
        scratch(frontend.MakeScratch(workers == nullptr ? 1 : workers->count())),
        mode(mode_in),
        floor(static_cast<T>(peak_in) - static_cast<T>(compiled.peak_range)) {}

  std::int64_t Received() const { return first_held + static_cast<std::int64_t>(held.size()); }

  /// Frames whose samples have all been received, whatever comes after them.
  std::int64_t CompleteFrames() const {
    const FrontendSpec& spec = compiled.spec;
    const std::int64_t received = Received();
    // Before that, what the left edge mirrors may depend on where the signal ends.
    if (spec.edge != Edge::kZeros && received <= spec.pad_left()) return 0;
    const std::int64_t room = received + spec.pad_left() - spec.frame_samples();
    const std::int64_t frames = room < 0 ? 0 : 1 + room / spec.hop_samples;
    return std::min(frames, compiled.Frames(received));
  }

  /// Computes frames up to `end` and appends them.
  void Compute(std::int64_t end, std::int64_t length, Features<T>& out) {
    const internal::SignalPiece piece{held, first_held, length};
    while (next_frame < end) {
      internal::FrameRun<T> run{compiled, piece, next_frame, {}};
      if (mode == Mode::kFindPeak) {
        run.out.frames = end - next_frame;
      } else {
        run.out = out.Append(end - next_frame);
        if (compiled.two_passes) run.floor = &floor;
      }
      peak = std::max(peak, internal::ComputeFrames(run, *scratch.memory_, workers));
      next_frame += run.out.frames;
    }
  }

  /// Forgets samples that neither the next frame nor the mirror at the right edge can need.
  void Forget() {
    const FrontendSpec& spec = compiled.spec;
    const std::int64_t next_start = next_frame * spec.hop_samples - spec.pad_left();
    const std::int64_t mirrored = Received() - spec.pad_right() - 1;
    const std::int64_t keep = std::min(next_start, mirrored) - 1;  // one more for pre-emphasis
    const std::int64_t surplus = std::min<std::int64_t>(keep - first_held, std::ssize(held));
    if (surplus <= 0) return;
    held.erase(held.begin(), held.begin() + surplus);
    first_held += surplus;
  }

  void Take(std::span<const float> samples, Features<T>& out) {
    internal::CheckFinite(samples, Received(), compiled.spec.sample_rate_hz, workers,
                          scratch.workers());
    held.insert(held.end(), samples.begin(), samples.end());
    Compute(CompleteFrames(), internal::SignalPiece::kUnknown, out);
    Forget();
  }

  Frontend frontend;
  const internal::CompiledFrontend& compiled;
  Workers* workers;
  Scratch scratch;
  Mode mode;
  T floor;
  std::vector<float> held;
  std::int64_t first_held = 0;
  std::int64_t next_frame = 0;
  T peak = -std::numeric_limits<T>::infinity();
  bool finished = false;
};

template <class T>
bool FrameStream<T>::NeedsTwoPasses(const FrontendSpec& spec) {
  bool peak = false;
  for (const Step& step : spec.steps) {
    peak = peak || std::holds_alternative<PeakFloor>(step);
    if (peak && std::holds_alternative<Cepstrum>(step)) return true;
  }
  return false;
}

template <class T>
FrameStream<T>::FrameStream(const Frontend& frontend, Workers* workers, Mode mode, double peak) {
  const internal::DefaultFpEnvironment environment;
  state_ = std::make_unique<State>(frontend, workers, mode, peak);
}

template <class T>
FrameStream<T>::~FrameStream() = default;

template <class T>
void FrameStream<T>::Push(std::span<const float> samples, Features<T>& out) {
  const internal::DefaultFpEnvironment environment;
  if (state_->finished) {
    throw Error(Code::kShape, "Push after Finish: make a new FrameStream for another signal");
  }
  while (!samples.empty()) {
    const std::size_t count = std::min(State::kPieceSamples, samples.size());
    state_->Take(samples.first(count), out);
    samples = samples.subspan(count);
  }
}

template <class T>
void FrameStream<T>::Finish(Features<T>& out) {
  const internal::DefaultFpEnvironment environment;
  State& state = *state_;
  if (state.finished) return;
  state.finished = true;
  const std::int64_t length = state.Received();
  state.compiled.CheckSamples(length);
  state.Compute(state.compiled.Frames(length), length, out);
  if (state.mode == Mode::kFindPeak) return;
  const std::vector<FeatureView<T>> blocks = out.Blocks();
  internal::ApplyLateSteps<T>(state.compiled.late_steps, blocks,
                              state.compiled.PeakIsForLateSteps() ? &state.peak : nullptr,
                              *state.scratch.memory_, state.workers);
}

template <class T>
double FrameStream<T>::peak() const noexcept {
  return static_cast<double>(state_->peak);
}

template class FrameStream<float>;
template class FrameStream<double>;

}  // namespace ossicle
