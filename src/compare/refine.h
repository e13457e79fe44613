#pragma once

#include <functional>
#include <string>
#include <vector>

#include "compare/evaluator.h"

namespace ossicle::compare {

/// A number of a spec that may lie anywhere in a range.
struct Number {
  std::string field;
  std::function<double(const Trial&)> get;
  std::function<void(Trial&, double)> set;
  double reach = 0.0;  ///< how far around the present value to look; a factor if `logarithmic`
  bool whole = false;
  bool logarithmic = false;
};

/// A trial and how well it fits; lower is better.
struct Scored {
  Trial trial;
  double score = Evaluator::kNoFit;
};

/// How well a trial fits; lower is better.
using Score = std::function<double(const Trial&)>;

/// The numbers of `trial` that decide frames in the middle of a signal.
std::vector<Number> InnerNumbers(const Trial& trial);

/// The best value of a number: first coarsely over its reach, then by golden section, then the
/// round values nearby. Never worse than `from`.
Scored RefineNumber(const Score& score, const Scored& from, const Number& number);

/// All numbers of a trial rounded to 2, 3 or 4 digits at once, if that is better.
Scored RoundNumbers(const Score& score, const Scored& from);

/// The best place of the first window within `reach` samples. Never worse than `from`.
Scored RefineStart(const Score& score, const Scored& from, std::int64_t reach);

}  // namespace ossicle::compare
