#pragma once

#include <cstdint>
#include <variant>

#include "ossicle/spec.h"

namespace ossicle::compare {

/// A spec in which the place of the frames is not decided by framing, padding and window_position,
/// but by the sample at which the first frame's window starts.
struct Trial {
  FrontendSpec spec;
  std::int64_t start = 0;
};

/// The first sample of the first frame's window.
std::int64_t StartOf(const FrontendSpec& spec);

/// What decides the numbers of a frame in the middle of a signal, up to a line per band: no edges,
/// no steps but those that a cepstrum needs, the natural logarithm.
FrontendSpec InnerSpec(const FrontendSpec& spec);

/// The same of a whole signal: InnerSpec with the framing and the edges of `spec`.
FrontendSpec WholeSpec(const FrontendSpec& spec);

/// The middle of the first window, in half samples: what stays where it is when the window changes.
std::int64_t MiddleOf(const Trial& trial);
void PutMiddle(Trial& trial, std::int64_t middle);

/// The cepstrum step; null if there is none.
const Cepstrum* CepstrumOf(const FrontendSpec& spec);
Cepstrum* CepstrumOf(FrontendSpec& spec);

/// Adds a cepstrum of so many coefficients, unlifted, before the mean or the standardisation.
void PutCepstrum(FrontendSpec& spec, int coefficients);

/// The step of a kind; null if there is none.
template <class S>
S* FindStep(FrontendSpec& spec) {
  for (Step& step : spec.steps) {
    if (S* found = std::get_if<S>(&step)) return found;
  }
  return nullptr;
}
template <class S>
const S* FindStep(const FrontendSpec& spec) {
  return FindStep<S>(const_cast<FrontendSpec&>(spec));
}

}  // namespace ossicle::compare
