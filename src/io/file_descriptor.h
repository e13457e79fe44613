#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace ossicle {

/// Owns a POSIX file descriptor; -1 is none.
class FileDescriptor {
 public:
  explicit FileDescriptor(int fd = -1) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileDescriptor();
  int get() const noexcept { return fd_; }

 private:
  int fd_;
};

/// How messages call a path: quoted, or "standard input" for "-".
std::string InputName(const std::string& path);

/// The system's words for an errno, as the middle of a sentence: "no space left on device".
std::string ErrnoText(int error);

struct InputFile {
  FileDescriptor fd;
  bool regular = false;
  std::int64_t bytes = 0;  ///< of a regular file
};

/// What messages say of a file that is no such input.
struct InputKind {
  const char* name;      ///< "... is a directory, not " name
  const char* if_empty;  ///< "... is empty: 0 bytes, so " if_empty
};
inline constexpr InputKind kAudioInput{"an audio file", "0 samples; copy or record it again"};

/// Opens `path` for reading, or standard input for "-". Throws Error(kInput) if there is no such
/// file, it is a directory, it may not be read, or it is a regular file without a byte.
/// Other than a regular file is an error unless `allow_pipe`.
InputFile OpenInput(const std::string& path, bool allow_pipe, const InputKind& kind = kAudioInput);

/// What one read(2) gives of what is there; waits until there is something, unless a signal comes:
/// then -1. 0 at the end. Throws Error(kInput).
std::ptrdiff_t ReadOnce(int fd, const std::string& path, void* data, std::size_t bytes);

/// Reads until `bytes` are there or the input ends; returns how many. Throws Error(kInput).
std::size_t ReadFully(int fd, const std::string& path, void* data, std::size_t bytes);

/// The same at an offset, for a regular file; a read error counts as the end.
std::size_t ReadFullyAt(int fd, std::int64_t offset, void* data, std::size_t bytes);

}  // namespace ossicle
