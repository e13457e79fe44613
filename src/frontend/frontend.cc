#include "ossicle/frontend.h"

#include <array>
#include <chrono>
#include <string>
#include <utility>

#include "core/fp_environment.h"
#include "frontend/compute.h"
#include "frontend/finite.h"
#include "frontend/late_steps.h"
#include "ossicle/error.h"

namespace ossicle {

Scratch::Scratch(std::unique_ptr<internal::ScratchMemory> memory) : memory_(std::move(memory)) {}
Scratch::Scratch(Scratch&&) noexcept = default;
Scratch& Scratch::operator=(Scratch&&) noexcept = default;
Scratch::~Scratch() = default;

int Scratch::workers() const noexcept { return memory_->workers(); }
std::size_t Scratch::BytesPerWorker() const noexcept { return memory_->worker_bytes; }

Frontend::Frontend(const FrontendSpec& spec) {
  const internal::DefaultFpEnvironment environment;
  compiled_ = std::make_shared<const internal::CompiledFrontend>(spec);
}

const FrontendSpec& Frontend::spec() const noexcept { return compiled_->spec; }

int Frontend::bands() const noexcept { return compiled_->Plan<float>().OutputBands(); }

std::int64_t Frontend::Frames(std::int64_t samples) const noexcept {
  return compiled_->Frames(samples);
}

Scratch Frontend::MakeScratch(int workers) const {
  return Scratch(std::make_unique<internal::ScratchMemory>(*compiled_, workers));
}

namespace internal {

/// What TimeStages() measures.
struct RunClock {
  using Clock = std::chrono::steady_clock;

  double SecondsSinceLast() {
    const Clock::time_point now = Clock::now();
    const std::chrono::duration<double> passed = now - std::exchange(last, now);
    return passed.count();
  }

  Clock::time_point last = Clock::now();
  double check = 0.0;
  dsp::StageSeconds kernel;
  double late_steps = 0.0;
};

}  // namespace internal

template <class T>
void Frontend::Run(std::span<const float> audio, FeatureView<T> out, Scratch& scratch,
                   Workers* workers) const {
  RunWith(audio, out, scratch, workers, nullptr);
}

template <class T>
std::vector<StageTime> Frontend::TimeStages(std::span<const float> audio, FeatureView<T> out,
                                            Scratch& scratch) const {
  internal::RunClock clock;
  RunWith(audio, out, scratch, nullptr, &clock);
  std::vector<StageTime> times = {{"finite", clock.check}};
  constexpr std::array kNames = {"samples", "fft rows", "fft columns", "mel", "log"};
  static_assert(kNames.size() == dsp::StageSeconds::kCount);
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    times.push_back({kNames[i], clock.kernel.seconds[i]});
  }
  if (!compiled_->late_steps.empty()) times.push_back({"second pass", clock.late_steps});
  return times;
}

template <class T>
void Frontend::RunWith(std::span<const float> audio, FeatureView<T> out, Scratch& scratch,
                       Workers* workers, internal::RunClock* clock) const {
  const internal::DefaultFpEnvironment environment;
  const auto samples = static_cast<std::int64_t>(audio.size());
  const std::int64_t frames = Frames(samples);
  if (out.frames != frames || out.bands != bands()) {
    throw Error(Code::kShape, "the output has " + std::to_string(out.frames) + " frames x " +
                                  std::to_string(out.bands) + " bands, but " +
                                  std::to_string(samples) + " samples give " +
                                  std::to_string(frames) + " x " + std::to_string(bands()));
  }
  compiled_->CheckSamples(samples);
  internal::CheckFinite(audio, 0, spec().sample_rate_hz, workers, scratch.workers());
  if (frames == 0) return;
  if (clock != nullptr) clock->check = clock->SecondsSinceLast();

  const internal::SignalPiece piece{audio, 0, samples};
  internal::FrameRun<T> run{*compiled_, piece, 0, out};
  if (clock != nullptr) run.stages = &clock->kernel;
  T floor = 0;
  if (compiled_->two_passes) {
    run.out.data = nullptr;
    // A peak of -0 is made 0: which of them is the largest depends on the order.
    floor = (internal::ComputeFrames(run, *scratch.memory_, workers) + T(0)) -
            static_cast<T>(compiled_->peak_range);
    run.out.data = out.data;
    run.floor = &floor;
  }
  const T peak = internal::ComputeFrames(run, *scratch.memory_, workers);
  if (clock != nullptr) clock->SecondsSinceLast();
  const std::array<FeatureView<T>, 1> blocks = {out};
  internal::ApplyLateSteps<T>(compiled_->late_steps, blocks,
                              compiled_->PeakIsForLateSteps() ? &peak : nullptr, *scratch.memory_,
                              workers);
  if (clock != nullptr) clock->late_steps = clock->SecondsSinceLast();
}

template <class T>
std::vector<T> Frontend::Run(std::span<const float> audio) const {
  const std::int64_t frames = Frames(static_cast<std::int64_t>(audio.size()));
  std::vector<T> values(static_cast<std::size_t>(frames * bands()));
  Scratch scratch = MakeScratch();
  Run(audio, MakeView(values.data(), frames, bands(), spec().layout), scratch);
  return values;
}

template void Frontend::Run(std::span<const float>, FeatureView<float>, Scratch&, Workers*) const;
template void Frontend::Run(std::span<const float>, FeatureView<double>, Scratch&, Workers*) const;
template std::vector<StageTime> Frontend::TimeStages(std::span<const float>, FeatureView<float>,
                                                     Scratch&) const;
template std::vector<StageTime> Frontend::TimeStages(std::span<const float>, FeatureView<double>,
                                                     Scratch&) const;
template std::vector<float> Frontend::Run(std::span<const float>) const;
template std::vector<double> Frontend::Run(std::span<const float>) const;

std::vector<std::string> InstructionSets() { return dsp::SupportedTargets(); }
std::vector<std::string> CompiledInstructionSets() { return dsp::CompiledTargets(); }
std::string InstructionSet() { return dsp::CurrentTarget(); }

void SetInstructionSet(const std::string& name) {
  if (dsp::UseTarget(name)) return;
  std::string legal;
  for (const std::string& target : InstructionSets()) legal += " " + target;
  throw Error(Code::kInvalidSpec,
              "instruction set \"" + name + "\", but this machine and build have" + legal);
}

}  // namespace ossicle
