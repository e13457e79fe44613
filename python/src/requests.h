#pragma once

#include <nanobind/nanobind.h>

#include <optional>
#include <string>

#include "ossicle/engine.h"

namespace ossicle::python {

/// A file, or raw PCM of the format `raw` ("s16le:16000:1").
InputRequest RequestOf(nanobind::handle path, const std::optional<std::string>& raw,
                       std::optional<int> channel);

/// Raises what a signal's handler raises: KeyboardInterrupt at Ctrl-C. Looks some times a second:
/// it needs the GIL. Call it without.
void StopAtSignals();

}  // namespace ossicle::python
