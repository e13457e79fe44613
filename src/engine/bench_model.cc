#include <algorithm>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "engine/bench_parts.h"
#include "ossicle/bench.h"
#include "ossicle/error.h"

namespace ossicle {

namespace {

constexpr int kMostWindows = 1 << 16;
constexpr std::int64_t kMostSamples = std::int64_t{1} << 28;

std::int64_t Windows(const Model& model, std::int64_t samples) {
  return model.windows.Count(model.frontend.Frames(samples));
}

/// The least that gives so many windows.
std::int64_t SamplesFor(const Model& model, int windows) {
  std::int64_t high = 1;
  while (Windows(model, high) < windows) {
    high *= 2;
    if (high <= kMostSamples) continue;
    throw Error(Code::kInvalidSpec, "request_windows=" + std::to_string(windows) + ", but " +
                                        std::to_string(kMostSamples) + " samples give only " +
                                        std::to_string(Windows(model, kMostSamples)));
  }
  std::int64_t low = high / 2;  // gives fewer
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (Windows(model, middle) < windows ? low : high) = middle;
  }
  return std::max<std::int64_t>(high, model.frontend.spec().min_samples);
}

void CheckWindows(int windows) {
  if (windows >= 1 && windows <= kMostWindows) return;
  throw Error(Code::kInvalidSpec, "request_windows=" + std::to_string(windows) +
                                      ", but it must be 1.." + std::to_string(kMostWindows));
}

}  // namespace

ModelBenchResult BenchModel(const Model& model, const ModelBenchOptions& options,
                            const ProgressFunction& progress) {
  CheckBenchSeconds(options.seconds);
  CheckWindows(options.request_windows);
  Workers workers(options.workers);
  const std::vector<float> audio = BenchNoise(SamplesFor(model, options.request_windows));
  Encode(audio, model, &workers);  // the runtime makes its plans and takes its memory

  ModelBenchResult result;
  double best_s = std::numeric_limits<double>::infinity();
  const BenchClock::time_point start = BenchClock::now();
  for (double spent_s = 0.0; result.repetitions < kLeastRepetitions || spent_s < options.seconds;) {
    const BenchClock::time_point begin = BenchClock::now();
    const Encoding encoding = Encode(audio, model, &workers);
    if (const double request_s = SecondsSince(begin); request_s < best_s) {
      best_s = request_s;
      result.features_ms = encoding.seconds.features * 1e3;
      result.encoder_ms = encoding.seconds.encoder * 1e3;
    }
    result.windows = encoding.embeddings.windows;
    result.audio_s = encoding.duration_s;
    ++result.repetitions;
    spent_s = SecondsSince(start);
    if (progress) progress(spent_s, options.seconds);
  }
  result.model = std::filesystem::path(model.encoder.model_path()).filename().string();
  result.frontend = model.frontend.spec().name;
  result.workers = options.workers;
  result.ms_per_request = best_s * 1e3;
  result.windows_per_second = static_cast<double>(result.windows) / best_s;
  return result;
}

}  // namespace ossicle
