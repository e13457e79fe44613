#include "c/structs.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "c/arguments.h"
#include "c/call.h"
#include "ossicle/version.h"

namespace ossicle::c {

namespace {

/// More than any struct will have: what lies above was never set.
constexpr std::size_t kMostStructSize = 4096;

/// struct_size of a caller's struct.
std::size_t SizeOf(const void* given, const char* name) {
  Require(given, name);
  std::size_t size = 0;
  std::memcpy(&size, given, sizeof size);
  if (size >= sizeof size && size <= kMostStructSize && size % sizeof size == 0) return size;
  throw Refusal(OSSICLE_INVALID_ARGUMENT, std::string(name) +
                                              ".struct_size=" + std::to_string(size) +
                                              ", but it must be sizeof(" + name + ")");
}

}  // namespace

void CopyOptions(const void* given, const char* name, void* options, std::size_t known) {
  if (given == nullptr) return;
  const std::size_t size = SizeOf(given, name);
  std::memcpy(options, given, std::min(size, known));
  const auto* bytes = static_cast<const unsigned char*>(given);
  if (size <= known || std::all_of(bytes + known, bytes + size, [](auto b) { return b == 0; })) {
    return;
  }
  throw Refusal(OSSICLE_INVALID_ARGUMENT,
                std::string(name) + " has " + std::to_string(size) +
                    " bytes and a field set behind" + " the " + std::to_string(known) +
                    " that Ossicle " + Version() +
                    " knows; install the version that the program was compiled for");
}

void CheckReserved(std::int32_t value) {
  if (value == 0) return;
  throw Refusal(
      OSSICLE_INVALID_ARGUMENT,
      "reserved=" + std::to_string(value) + ", but it must be 0; set the whole struct to 0 first");
}

void CopyInfo(const void* info, const char* name, void* out, std::size_t known) {
  const std::size_t size = SizeOf(out, name);
  auto* bytes = static_cast<unsigned char*>(out);
  std::memset(bytes + sizeof size, 0, size - sizeof size);
  std::memcpy(bytes + sizeof size, static_cast<const unsigned char*>(info) + sizeof size,
              std::min(size, known) - sizeof size);
}

}  // namespace ossicle::c
