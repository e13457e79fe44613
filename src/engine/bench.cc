#include "ossicle/bench.h"

#include <sys/utsname.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <type_traits>

#include "core/cpu_info.h"
#include "engine/bench_parts.h"
#include "ossicle/version.h"

namespace ossicle {

namespace {

constexpr std::int64_t kAudioSeconds = 60;
constexpr std::int64_t kMostBytes = std::int64_t{64} << 20;
constexpr int kStageRuns = 5;
/// One run may take this part of the seconds that were asked for.
constexpr double kMostShareOfRun = 1.0 / 8;

template <class T>
std::int64_t Bytes(const Frontend& frontend, std::int64_t samples) {
  return samples * static_cast<std::int64_t>(sizeof(float)) +
         frontend.Frames(samples) * frontend.bands() * static_cast<std::int64_t>(sizeof(T));
}

/// Samples of the longest run: a minute, within kMostBytes, but at least one frame.
template <class T>
std::int64_t MostSamples(const Frontend& frontend) {
  std::int64_t samples = kAudioSeconds * frontend.spec().sample_rate_hz;
  while (Bytes<T>(frontend, samples) > kMostBytes && samples > 1) samples /= 2;
  while (frontend.Frames(samples) == 0) samples *= 2;
  return samples;
}

template <class T>
class Bench {
 public:
  Bench(const Frontend& frontend, const BenchOptions& options, const ProgressFunction& progress)
      : frontend_(frontend),
        options_(options),
        progress_(progress),
        workers_(options.workers),
        scratch_(frontend.MakeScratch(options.workers)),
        audio_(BenchNoise(MostSamples<T>(frontend))),
        values_(static_cast<std::size_t>(Frames(std::ssize(audio_)) * frontend.bands())) {}

  BenchResult Run() {
    const std::int64_t samples = WarmUp();
    const BenchClock::time_point start = BenchClock::now();
    double best_s = std::numeric_limits<double>::infinity();
    std::int64_t repetitions = 0;
    double spent_s = 0.0;
    while (repetitions < kLeastRepetitions || spent_s < options_.seconds) {
      best_s = std::min(best_s, RunOnce(samples));
      ++repetitions;
      spent_s = SecondsSince(start);
      Report(spent_s);
    }
    return Result(samples, repetitions, best_s);
  }

 private:
  std::int64_t Frames(std::int64_t samples) const { return frontend_.Frames(samples); }

  void Report(double done_s) const {
    if (progress_) progress_(done_s, options_.seconds);
  }

  /// Runs over longer and longer pieces of the audio; returns the samples of the longest that a run
  /// has the time for. Caches, clocks and threads are warm then.
  std::int64_t WarmUp() {
    const std::int64_t most = std::ssize(audio_);
    const double most_s = options_.seconds * kMostShareOfRun;
    for (std::int64_t samples = 1;; samples = std::min(2 * samples, most)) {
      if (Frames(samples) == 0) continue;
      const double run_s = RunOnce(samples);
      Report(0.0);
      if (samples == most || 2 * run_s > most_s) return samples;
    }
  }

  double RunOnce(std::int64_t samples) {
    const FeatureView<T> out = Out(samples);
    const BenchClock::time_point start = BenchClock::now();
    frontend_.Run(Audio(samples), out, scratch_, &workers_);
    return SecondsSince(start);
  }

  BenchResult Result(std::int64_t samples, std::int64_t repetitions, double best_s) {
    BenchResult result;
    result.frontend = frontend_.spec().name;
    result.precision = std::is_same_v<T, double> ? "double" : "float";
    result.instruction_set = InstructionSet();
    result.workers = options_.workers;
    result.audio_s = static_cast<double>(samples) / frontend_.spec().sample_rate_hz;
    result.frames = Frames(samples);
    result.repetitions = repetitions;
    result.us_per_frame = best_s * 1e6 / static_cast<double>(result.frames);
    result.times_real_time = result.audio_s / best_s;
    result.gb_per_s = static_cast<double>(Bytes<T>(frontend_, samples)) / best_s * 1e-9;
    result.stages = StageShares(samples);
    return result;
  }

  /// Each stage's least time in some runs, as its share of their sum.
  std::vector<StageShare> StageShares(std::int64_t samples) {
    std::vector<StageTime> best = frontend_.TimeStages(Audio(samples), Out(samples), scratch_);
    for (int i = 1; i < kStageRuns; ++i) {
      const auto times = frontend_.TimeStages(Audio(samples), Out(samples), scratch_);
      for (std::size_t stage = 0; stage < best.size(); ++stage) {
        best[stage].seconds = std::min(best[stage].seconds, times[stage].seconds);
      }
    }
    double sum = 0.0;
    for (const StageTime& time : best) sum += time.seconds;
    std::vector<StageShare> shares;
    for (const StageTime& time : best) shares.push_back({time.name, time.seconds / sum});
    return shares;
  }

  std::span<const float> Audio(std::int64_t samples) const {
    return std::span(audio_).first(static_cast<std::size_t>(samples));
  }
  FeatureView<T> Out(std::int64_t samples) {
    return MakeView(values_.data(), Frames(samples), frontend_.bands(), frontend_.spec().layout);
  }

  const Frontend& frontend_;
  const BenchOptions& options_;
  const ProgressFunction& progress_;
  Workers workers_;
  Scratch scratch_;
  std::vector<float> audio_;
  std::vector<T> values_;
};

std::string Architecture() {
  utsname names{};
  return uname(&names) == 0 ? names.machine : "unknown";
}

std::string Compiler() {
#if defined(__clang__)
  return __VERSION__;  // begins with "Clang"
#elif defined(__GNUC__)
  return "GCC " __VERSION__;
#else
  return "unknown";
#endif
}

}  // namespace

template <class T>
BenchResult BenchFrontend(const Frontend& frontend, const BenchOptions& options,
                          const ProgressFunction& progress) {
  CheckBenchSeconds(options.seconds);
  return Bench<T>(frontend, options, progress).Run();
}

template BenchResult BenchFrontend<float>(const Frontend&, const BenchOptions&,
                                          const ProgressFunction&);
template BenchResult BenchFrontend<double>(const Frontend&, const BenchOptions&,
                                           const ProgressFunction&);

Machine ThisMachine() {
  Machine machine;
  const std::string model = internal::CpuInfo({"model name"});
  machine.cpu = model.empty() ? Architecture() : model;
  machine.cores = Workers::HardwareCount();
  machine.instruction_set = InstructionSet();
  machine.compiler = Compiler();
  machine.version = Version();
  machine.git_hash = GitHash();
  machine.build_type = BuildType();
  return machine;
}

}  // namespace ossicle
