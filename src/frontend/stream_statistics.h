#pragma once

#include <cstdint>
#include <optional>

#include "ossicle/spec.h"
#include "ossicle/stream.h"

namespace ossicle::internal {

/// Throws Error(kInvalidSpec) unless a stream of `spec` can do with `statistics`.
void CheckStatistics(const FrontendSpec& spec, const std::optional<StreamStatistics>& statistics);

/// Frames of a segment, at least 1.
std::int64_t SegmentFrames(const FrontendSpec& spec, double segment_s);

}  // namespace ossicle::internal
