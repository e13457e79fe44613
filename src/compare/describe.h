#pragma once

#include <string>
#include <vector>

#include "ossicle/spec_difference.h"

namespace ossicle::compare {

/// A deviation and the spec that has it alone: `wanted` but for this choice. It may be illegal.
struct SpecChange {
  Deviation deviation;
  FrontendSpec alone;
};

std::vector<SpecChange> SpecChanges(const FrontendSpec& found, const FrontendSpec& wanted);

/// `wanted` with two changes, of which at most one is a step's.
FrontendSpec Together(const SpecChange& one, const SpecChange& other, const FrontendSpec& found);

/// Samples by which the middle of each frame's window lies later in `found` than in `wanted`.
int FramesLateBy(const FrontendSpec& found, const FrontendSpec& wanted);

}  // namespace ossicle::compare
