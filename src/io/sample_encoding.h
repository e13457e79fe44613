#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ossicle/audio_writer.h"

namespace ossicle {

/// Of one sample.
std::size_t EncodedBytes(SampleEncoding encoding);

inline bool IsFloat(SampleEncoding encoding) {
  return encoding == SampleEncoding::kFloat32 || encoding == SampleEncoding::kFloat64;
}

/// Puts the samples into `bytes`, little-endian, in place of what is there; returns how many were
/// clipped.
template <class T>
std::int64_t EncodeSamples(std::span<const T> samples, SampleEncoding encoding,
                           std::vector<unsigned char>& bytes);

}  // namespace ossicle
