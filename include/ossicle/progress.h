#pragma once

#include <functional>

namespace ossicle {

/// Called between pieces of work, from the calling thread, with the seconds of audio done so far
/// and the total (0 if unknown). Throw from it to stop; the exception is passed on.
using ProgressFunction = std::function<void(double done_s, double total_s)>;

}  // namespace ossicle
