#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ossicle/features.h"

namespace ossicle {

/// A file that appears whole or not at all: written under a temporary name beside its place
/// (".NAME.XXXXXX.part"), given its own name by Commit(), removed by the destructor otherwise. So a
/// program that wants no file left after a signal must unwind: turn the signal into an exception.
class AtomicFile {
 public:
  /// `path` "-" is standard output, and a device or a FIFO is itself the target: both are written
  /// as it comes. A symbolic link is followed. Throws Error(kOutput) with the path and the reason;
  /// if `path` exists and `overwrite` is false, the message names --overwrite.
  explicit AtomicFile(const std::string& path, bool overwrite = false);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Throws Error(kOutput), for instance on a full disk; for a pipe that nobody reads any more if
  /// the program ignores SIGPIPE.
  void Write(const void* data, std::size_t bytes);

  /// Whether WriteAt can be used: not for a pipe, a device, or a file that is appended to (>>).
  bool CanSeek() const;

  /// Writes over bytes that are written already; `offset` counts from the first of them. Throws
  /// Error(kOutput).
  void WriteAt(std::int64_t offset, const void* data, std::size_t bytes);

  /// The name that the file has until Commit(): what a program removes that ends without unwinding.
  /// Empty where the target itself is written.
  const std::string& temporary() const noexcept { return temporary_; }

  /// Throws Error(kOutput) too; without `overwrite`, also if `path` came to exist in the meantime.
  /// Once only, and nothing can be written after it.
  void Commit();

 private:
  void OpenTemporary();

  std::string path_;
  std::string temporary_;  // empty where there is none: standard output, a device, a FIFO
  int fd_ = -1;
  std::int64_t begin_ = 0;  // of what is written here: standard output may hold something already
  bool overwrite_;
};

/// Header of a .npy file (format 1.0) for a C-order, little-endian array; `type` is "<f4" or "<f8".
/// Throws Error(kShape) for another type, a negative size, or more than 64 dimensions.
std::string NpyHeader(const std::string& type, const std::vector<std::int64_t>& shape);

/// Writes features as .npy to a file, or to standard output for "-": shape (frames, bands) or
/// (bands, frames) as features.layout() says. Whole or not at all; errors as AtomicFile's.
template <class T>
void WriteNpy(const std::string& path, const Features<T>& features, bool overwrite = false);

/// Writes a rows x columns matrix. Throws Error(kShape) unless values.size() is rows * columns.
void WriteNpy(const std::string& path, std::span<const float> values, std::int64_t rows,
              std::int64_t columns, bool overwrite = false);

/// Reads one matrix from a .npy file of format 1.0, 2.0 or 3.0, or from standard input for "-":
/// floats of 16, 32 or 64 bits or integers, in either byte order, C or Fortran order. Dimensions of
/// 1 are left out until two are left, the first of them first: (1, 80, 240) is 80 x 240.
/// Throws Error(kInput) for a file that cannot be read, is no .npy file, is cut off or has bytes
/// after the array, and for an array of another type, with fewer or more dimensions, without a
/// value, or with a NaN or an infinity. Takes memory only for what the file really holds.
UnknownFeatures ReadNpy(const std::string& path);

}  // namespace ossicle
