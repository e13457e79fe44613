#pragma once

#include <cstdint>
#include <span>

#include "ossicle/workers.h"

namespace ossicle::internal {

/// Throws Error(kNotFinite) that names the first NaN or infinity, if there is one. Otherwise it
/// allocates nothing.
///   first         index in the signal of samples[0]
///   workers       may be nullptr
///   most_workers  that are used
void CheckFinite(std::span<const float> samples, std::int64_t first, int sample_rate_hz,
                 Workers* workers, int most_workers);

}  // namespace ossicle::internal
