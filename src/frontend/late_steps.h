#pragma once

#include <span>

#include "ossicle/features.h"
#include "ossicle/spec.h"

namespace ossicle::internal {

/// Applies steps in place to all frames of a signal, which stand in consecutive blocks; all blocks
/// but the last have a number of frames that kSumFrames divides.
///   peak  the largest value now, or nullptr if it is not known
template <class T>
void ApplyLateSteps(std::span<const Step> steps, std::span<const FeatureView<T>> blocks,
                    const T* peak);

/// Sums over frames are done in runs of this many, which are then added in pairs, pairs of pairs
/// and so on: one shape for every number of workers and for streams. Part of the bits.
inline constexpr std::int64_t kSumFrames = 64;

}  // namespace ossicle::internal
