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

}  // namespace ossicle::compare
