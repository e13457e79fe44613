#pragma once

#include <nanobind/nanobind.h>

#include "ossicle/spec.h"

namespace ossicle::python {

/// The spec that a Python object names: a preset's name, an ossicle.FrontendSpec, or a mapping of
/// its fields. Throws Error(kInvalidSpec), and nanobind::type_error for another object.
FrontendSpec SpecOf(nanobind::handle object);

/// The ossicle.FrontendSpec of a spec.
nanobind::object SpecObject(const FrontendSpec& spec);

}  // namespace ossicle::python
