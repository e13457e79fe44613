#pragma once

#include <cstdint>
#include <vector>

#include "compare/evaluator.h"

namespace ossicle::compare {

/// A hop and a place of the first window at which a trial's features look like the target.
struct Alignment {
  int hop_samples = 0;
  std::int64_t start = 0;
  double correlation = 0.0;  ///< mean over some bands, less what chance gives to few frames
};

/// The best places for the likely hops, the best hop first: as many frames of the target as the
/// audio holds are compared with features that are computed every 1/800 s.
std::vector<Alignment> Align(Evaluator& evaluator, const FrontendSpec& spec);

}  // namespace ossicle::compare
