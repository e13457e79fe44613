#pragma once

#include <cstddef>
#include <cstdint>

namespace ossicle::c {

// How a struct of the caller's, whose header may be older or newer, becomes one of ours. Both begin
// with struct_size.

/// `given` in the `known` bytes of `options`, which are 0; nullptr: as they are. Throws
/// Refusal(OSSICLE_INVALID_ARGUMENT) for a struct_size that cannot be, and if a field beyond
/// `known` is set.
void CopyOptions(const void* given, const char* name, void* options, std::size_t known);

template <class Struct>
Struct ReadOptions(const Struct* given, const char* name) {
  Struct options{};
  CopyOptions(given, name, &options, sizeof(Struct));
  return options;
}

/// Throws Refusal(OSSICLE_INVALID_ARGUMENT) unless `value` is 0, which is kept for later versions.
void CheckReserved(std::int32_t value);

/// The other way round: what the caller's struct has room for, and 0 in the fields that this
/// library does not know.
void CopyInfo(const void* info, const char* name, void* out, std::size_t known);

template <class Struct>
void WriteInfo(const Struct& info, const char* name, Struct* out) {
  CopyInfo(&info, name, out, sizeof(Struct));
}

}  // namespace ossicle::c
