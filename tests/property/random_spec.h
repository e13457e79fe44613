#pragma once

#include <rapidcheck.h>

#include <iosfwd>
#include <vector>

#include "ossicle/spec.h"

/// Random valid specs, of every kind and with every corner, small enough for a naive DFT.
rc::Gen<ossicle::FrontendSpec> RandomSpec();

/// Audio that `spec` gives at least something for: noise with quiet and silent stretches.
rc::Gen<std::vector<float>> RandomAudio();

namespace ossicle {
/// How rapidcheck prints a counterexample.
void showValue(const FrontendSpec& spec, std::ostream& out);
}  // namespace ossicle
