#pragma once

#include <functional>
#include <string>
#include <vector>

#include "compare/evaluator.h"

namespace ossicle::compare {

/// A change of one choice.
struct Move {
  std::string field;
  std::function<void(Trial&)> apply;
};

/// All that are tried from `trial` on, of fields that decide frames in the middle of a signal. Not
/// all lead to a legal spec.
///   frames  of the target
std::vector<Move> InnerMoves(const Trial& trial, int audio_rate_hz, std::int64_t frames);

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

/// The smallest power of 2 that is not below n.
int NextPowerOfTwo(int n);

}  // namespace ossicle::compare
