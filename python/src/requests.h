#pragma once

#include <nanobind/nanobind.h>

#include "ossicle/engine.h"

namespace ossicle::python {

/// A file, or raw PCM of the format `raw` ("s16le:16000:1"), of which None is left out.
InputRequest RequestOf(nanobind::handle path, nanobind::handle raw, nanobind::handle channel);

/// Raises what a signal's handler raises: KeyboardInterrupt at Ctrl-C. Looks some times a second:
/// it needs the GIL. Call it without.
void StopAtSignals();

}  // namespace ossicle::python
