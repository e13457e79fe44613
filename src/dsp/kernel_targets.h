#pragma once

#include <cstdint>

#include "dsp/kernel.h"

namespace ossicle::dsp {

/// The kernel for one of Highway's targets, a single bit that this build has.
template <class T>
Kernel<T> KernelOfTarget(std::int64_t target);

}  // namespace ossicle::dsp
