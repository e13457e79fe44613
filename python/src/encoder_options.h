#pragma once

#include <nanobind/nanobind.h>

#include "ossicle/encoder.h"

namespace ossicle::python {

/// The options of a mapping whose keys are the fields of EncoderOptions; what is left out keeps its
/// default. Throws Error(kInvalidSpec) for an unknown key or choice.
EncoderOptions EncoderOptionsOf(const nanobind::dict& fields);

}  // namespace ossicle::python
