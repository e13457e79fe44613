#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "dsp/feature_tile.h"

namespace ossicle::internal {

/// Merges the moments of consecutive runs of frames in pairs, pairs of pairs and so on, as a binary
/// counter carries: the shape depends on the number of runs alone, and memory on its logarithm. The
/// totals of aligned stretches of 2^k runs, put into a second tree, merge to the same bits.
class MomentTree {
 public:
  /// More runs than 2^40 fill every address space.
  static constexpr std::size_t kLevels = 40;
  static constexpr std::size_t Doubles(int bands) {
    return kLevels * 2 * static_cast<std::size_t>(bands);
  }

  /// `memory` has Doubles(bands) elements.
  MomentTree(double* memory, int bands, bool squares);

  /// Where the moments of the next run are to be written, before Add.
  dsp::Moments Next() const;
  /// Takes them.
  void Add(std::int64_t frames);
  /// Merges all; the tree is empty afterwards. There must be a run.
  dsp::Moments Total();

  std::int64_t frames() const { return frames_; }

 private:
  dsp::Moments Level(std::size_t level) const;
  /// Merges those of `levels` (a bit each), the lowest first, into level `into`.
  void MergeInto(std::size_t into, std::uint64_t levels);

  double* memory_;
  int bands_;
  bool squares_;
  std::uint64_t runs_ = 0;
  std::int64_t frames_ = 0;
  std::array<std::int64_t, kLevels> level_frames_{};
};

}  // namespace ossicle::internal
