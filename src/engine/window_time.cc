#include <algorithm>
#include <cstdint>
#include <vector>

#include "ossicle/engine.h"

namespace ossicle {

WindowTime TimeOf(const FrontendSpec& spec, std::int64_t first_frame, std::int64_t frames) {
  const double hop_s = static_cast<double>(spec.hop_samples) / spec.sample_rate_hz;
  return {static_cast<double>(first_frame) * hop_s,
          static_cast<double>(first_frame + frames) * hop_s};
}

std::vector<WindowTime> WindowTimes(const Model& model, const Encoding& encoding) {
  std::vector<WindowTime> times;
  for (std::int64_t i = 0; i < encoding.embeddings.windows; ++i) {
    const std::int64_t first = model.windows.Start(i, encoding.frames);
    const std::int64_t frames =
        std::min<std::int64_t>(model.windows.length, encoding.frames - first);
    times.push_back(TimeOf(model.frontend.spec(), first, frames));
  }
  return times;
}

}  // namespace ossicle
