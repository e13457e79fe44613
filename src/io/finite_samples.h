#pragma once

#include <cstdint>
#include <span>

#include "ossicle/audio.h"

namespace ossicle {

/// Throws Error(kNotFinite) that says where the first NaN or infinity is, if there is one.
///   samples  one channel of `input`, from the sample with the index `first` on
template <class T>
void CheckFiniteSamples(std::span<const T> samples, std::int64_t first, const AudioInfo& input);

}  // namespace ossicle
