#include "frontend/finite.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <functional>
#include <string>

#include "dsp/finite.h"
#include "frontend/grain.h"
#include "ossicle/error.h"

namespace ossicle::internal {

namespace {

constexpr double kNanosecondsPerSample = 0.1;  // of samples that come from main memory

bool IsFinite(float x) noexcept {
  constexpr std::uint32_t kExponent = 0x7f800000;
  return (std::bit_cast<std::uint32_t>(x) & kExponent) != kExponent;
}

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
  const std::int64_t index =
      first + (std::find_if_not(samples.begin(), samples.end(), IsFinite) - samples.begin());
  throw Error(Code::kNotFinite,
              "sample " + std::to_string(index) + " (at " +
                  std::to_string(static_cast<double>(index) / sample_rate_hz) +
                  " s) is a NaN or an infinity, but every sample must be finite; mend the audio");
}

}  // namespace ossicle::internal
