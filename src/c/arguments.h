#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ossicle/ossicle.h"
#include "ossicle/spec.h"
#include "ossicle/stream.h"

namespace ossicle::c {

/// Throws Refusal(OSSICLE_INVALID_ARGUMENT) that names the argument if it is NULL.
void Require(const void* pointer, const char* name);

/// Where a call puts a result that it may not have: nullptr in place of what was there.
template <class T>
T& Result(T* pointer, const char* name) {
  Require(static_cast<const void*>(pointer), name);
  *pointer = {};
  return *pointer;
}

/// Values that a caller has given; nullptr goes with 0 only.
template <class T>
std::span<const T> Given(const T* values, std::size_t count, const char* name) {
  if (count > 0) Require(values, name);
  return {values, count};
}

/// Samples, at most kMostSamples.
std::span<const float> GivenSamples(const float* samples, std::size_t count);
/// Their number; throws Refusal(OSSICLE_INVALID_ARGUMENT).
std::int64_t CheckedSamples(std::size_t count);
inline constexpr std::size_t kMostSamples = std::size_t{1} << 40;

/// Of samples: 0 or a rate that can be resampled. Throws Refusal(OSSICLE_INVALID_SPEC).
std::int32_t GivenRate(std::int32_t input_rate_hz);

/// Of an ossicle_layout. Arguments are integers: in C++, an enumeration may not hold other values,
/// which a C program can pass even so.
Layout GivenLayout(std::int32_t layout);

/// A preset's spec, or that of a JSON object.
FrontendSpec GivenSpec(const char* text);

/// What a stream is made with.
StreamOptions GivenStreamOptions(const ossicle_stream_options* options);

/// *needed = count; throws Refusal(OSSICLE_SHORT_BUFFER) unless the buffer has room for as many.
void CheckRoom(std::size_t count, const void* buffer, std::size_t capacity, std::size_t* needed);

/// Throws Refusal(OSSICLE_INVALID_ARGUMENT) if writing `features` would overwrite `samples`, which
/// are read meanwhile.
void CheckApart(std::span<const float> samples, std::span<const std::byte> features);

template <class T>
void Give(std::span<const T> values, T* buffer, std::size_t capacity, std::size_t* needed) {
  CheckRoom(values.size(), buffer, capacity, needed);
  std::copy(values.begin(), values.end(), buffer);
}

/// The same for a text, with the 0 behind it.
void GiveText(const std::string& text, char* buffer, std::size_t capacity, std::size_t* needed);

}  // namespace ossicle::c
