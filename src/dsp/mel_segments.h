#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dsp/mel.h"

namespace ossicle::dsp {

/// A mel bank cut at the corners of its triangles. The bins of segment s lie on the falling side of
/// band s - 1 and on the rising side of band s, so that each bin is read once for both:
/// band b = rise of segment b + fall of segment b + 1.
///
/// Each of the two sums of a segment is the sum over its even taps plus the one over its odd taps.
template <class T>
struct MelSegments {
  MelSegments() = default;
  /// Throws std::logic_error if a bin belongs to three bands, or to two that are no neighbours.
  explicit MelSegments(const std::vector<MelBand>& bank);

  /// Segments with the same number of taps, one behind the other in the tables below.
  struct Run {
    int taps = 0;
    int segments = 0;
  };

  int bands = 0;
  std::vector<Run> runs;               ///< by falling number of taps
  std::vector<std::int32_t> segments;  ///< which segment each is
  std::vector<std::int32_t> bins;      ///< per tap
  std::vector<T> weights;              ///< per tap: for the band that falls, the one that rises
};

}  // namespace ossicle::dsp
