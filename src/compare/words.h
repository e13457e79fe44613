#pragma once

#include <string>
#include <string_view>

#include "ossicle/spec.h"

namespace ossicle::compare {

/// A number as people write it: six digits at most, no zeros at the end.
std::string Rounded(double value);
/// As many digits as give the value back.
std::string Exact(double value);

/// A field's value as in JSON. `field` is one of ForEachField's.
std::string FieldValue(const FrontendSpec& spec, std::string_view field);
/// A step as in JSON: {"step": "clip", "low": -4, "high": 4}.
std::string StepValue(const Step& step);

/// What `alone`, which is `wanted` but for `field`, does differently: "hop 160 against 200".
std::string FieldWords(std::string_view field, const FrontendSpec& alone,
                       const FrontendSpec& wanted);
/// The same of a step; null where there is none. Not both are null.
std::string StepWords(const Step* found, const Step* wanted);

}  // namespace ossicle::compare
