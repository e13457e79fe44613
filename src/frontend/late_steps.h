#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "dsp/feature_tile.h"
#include "ossicle/features.h"
#include "ossicle/spec.h"
#include "ossicle/stream.h"
#include "ossicle/workers.h"

namespace ossicle::internal {

struct CompiledFrontend;
struct ScratchMemory;

/// Applies steps in place to all frames of a signal: one pass over them for each statistic that is
/// wanted (a peak, a mean, a deviation) and one at the end. Allocates nothing.
///   blocks   the signal's frames in order; all blocks but the last have the same number of frames,
///            which kSumFrames divides
///   peak     the largest value now, or nullptr if it is not known
///   scratch  made for a front end with these steps; its number of workers is the most used
///   statistics  if set, those of each step that looks at all frames are appended, which allocates
template <class T>
void ApplyLateSteps(std::span<const Step> steps, std::span<const FeatureView<T>> blocks,
                    const T* peak, ScratchMemory& scratch, Workers* workers,
                    std::vector<StepStatistics>* statistics = nullptr);

/// What `step` multiplies a band of that variance by.
double StandardizingScale(const Standardize& step, double variance);

/// Bytes of each worker's scratch that ApplyLateSteps needs; below 128 KiB.
std::size_t LateScratchBytes(const CompiledFrontend& compiled);

/// Sums over frames are done in runs of this many, which are then added in pairs, pairs of pairs
/// and so on: one shape for every number of workers and for streams. Part of the bits.
inline constexpr std::int64_t kSumFrames = dsp::kTileFrames;

}  // namespace ossicle::internal
