#pragma once

#include <nanobind/nanobind.h>

#include <string>

#include "ossicle/encoder.h"

namespace ossicle::python {

/// The options of a mapping whose keys are the fields of EncoderOptions; what is left out keeps its
/// default. Throws Error(kInvalidSpec) for an unknown key or choice.
EncoderOptions EncoderOptionsOf(const nanobind::dict& fields);

/// A path, from a str or an os.PathLike.
std::string PathOf(nanobind::handle path);

}  // namespace ossicle::python
