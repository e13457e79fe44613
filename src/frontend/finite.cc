#include "frontend/finite.h"

#include <atomic>
#include <cstddef>
#include <functional>

#include "dsp/finite.h"
#include "frontend/grain.h"

namespace ossicle::internal {

namespace {

constexpr double kNanosecondsPerSample = 0.1;  // of samples that come from main memory

bool AllFinite(std::span<const float> samples, Workers* workers, int most_workers) {
  const auto count = static_cast<std::int64_t>(samples.size());
  const int active =
      ActiveWorkers(workers, most_workers, static_cast<double>(count) * kNanosecondsPerSample);
  if (active == 1) return dsp::AllFinite(samples);
  std::atomic<bool> finite = true;
  const auto share = [&](int worker) {
    const std::int64_t begin = count * worker / active;
    const std::int64_t end = count * (worker + 1) / active;
    if (!dsp::AllFinite(samples.subspan(static_cast<std::size_t>(begin),
                                        static_cast<std::size_t>(end - begin)))) {
      finite.store(false, std::memory_order_relaxed);
    }
  };
  workers->Run(active, std::ref(share));
  return finite;
}

}  // namespace

void CheckFinite(std::span<const float> samples, std::int64_t first, int sample_rate_hz,
                 Workers* workers, int most_workers) {
  if (AllFinite(samples, workers, most_workers)) return;
  dsp::ThrowNotFinite(samples, first, sample_rate_hz);
}

}  // namespace ossicle::internal
