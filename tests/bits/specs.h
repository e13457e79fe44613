#pragma once

#include <vector>

#include "ossicle/spec.h"

namespace ossicle::bits {

/// What the digests are of: every preset, then specs that take the front end's other ways.
std::vector<FrontendSpec> Specs();

}  // namespace ossicle::bits
