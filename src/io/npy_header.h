#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ossicle {

/// What the header of a .npy file says of its array.
struct NpyDescription {
  std::string type;  ///< NumPy's name, such as "<f4"
  bool fortran_order = false;
  std::vector<std::int64_t> shape;  ///< each 0..2^63 - 1
};

/// Bytes before the header's length: the magic and the version.
inline constexpr std::size_t kNpyMagicBytes = 8;
/// Longest header that is read.
inline constexpr std::size_t kMaxNpyHeaderBytes = 65535;

/// Parses the dictionary that a header is, such as
/// "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }". Throws Error(kInput) that begins
/// with `name`, the file's in messages, and says what is wrong with it.
NpyDescription ParseNpyHeader(std::string_view text, const std::string& name);

}  // namespace ossicle
