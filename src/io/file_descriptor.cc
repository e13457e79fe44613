#include "io/file_descriptor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <system_error>

#include "ossicle/error.h"

namespace ossicle {
namespace {

[[noreturn]] void ThrowOpenError(const std::string& path, int error) {
  const std::string name = InputName(path);
  if (error == ENOENT || error == ENOTDIR) {
    throw Error(Code::kInput, "cannot read " + name + ": no such file; check the path");
  }
  if (error == EACCES || error == EPERM) {
    throw Error(Code::kInput, "cannot read " + name +
                                  ": permission denied; allow reading it (chmod +r) or run as a "
                                  "user who may");
  }
  throw Error(Code::kInput, "cannot read " + name + ": " + ErrnoText(error));
}

FileDescriptor OpenPath(const std::string& path, bool allow_pipe) {
  if (path == "-") {
    // A copy, so that closing it leaves the process its standard input.
    FileDescriptor copy(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0));
    if (copy.get() < 0) ThrowOpenError(path, errno);
    return copy;
  }
  // Without O_NONBLOCK, opening a FIFO would wait for a writer, only to be refused.
  const int flags = O_RDONLY | O_CLOEXEC | (allow_pipe ? 0 : O_NONBLOCK);
  int fd = -1;
  do {
    fd = open(path.c_str(), flags);
  } while (fd < 0 && errno == EINTR);
  if (fd < 0) ThrowOpenError(path, errno);
  return FileDescriptor(fd);
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) close(fd_);
}

std::string InputName(const std::string& path) {
  return path == "-" ? "standard input" : '"' + path + '"';
}

std::string ErrnoText(int error) {
  std::string text = std::generic_category().message(error);
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

InputFile OpenInput(const std::string& path, bool allow_pipe, const InputKind& kind) {
  InputFile file{OpenPath(path, allow_pipe)};
  struct stat status{};
  if (fstat(file.fd.get(), &status) != 0) ThrowOpenError(path, errno);
  const std::string name = InputName(path);
  if (S_ISDIR(status.st_mode)) {
    throw Error(Code::kInput,
                name + " is a directory, not " + kind.name + "; name the files in it");
  }
  file.regular = S_ISREG(status.st_mode);
  file.bytes = file.regular ? status.st_size : 0;
  if (!file.regular && !allow_pipe) {
    throw Error(Code::kInput, name +
                                  " is not a regular file, and audio files are read from those "
                                  "only; save it first, or send raw PCM and say its format");
  }
  if (file.regular && file.bytes == 0) {
    throw Error(Code::kInput, name + " is empty: 0 bytes, so " + kind.if_empty);
  }
  return file;
}

std::ptrdiff_t ReadOnce(int fd, const std::string& path, void* data, std::size_t bytes) {
  while (true) {
    const ssize_t count = read(fd, data, bytes);
    if (count >= 0) return count;
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      pollfd ready{fd, POLLIN, 0};
      if (poll(&ready, 1, -1) >= 0) continue;
    }
    if (errno == EINTR) return -1;
    throw Error(Code::kInput, "cannot read " + InputName(path) + ": " + ErrnoText(errno));
  }
}

std::size_t ReadFully(int fd, const std::string& path, void* data, std::size_t bytes) {
  std::size_t done = 0;
  while (done < bytes) {
    const std::ptrdiff_t count = ReadOnce(fd, path, static_cast<char*>(data) + done, bytes - done);
    if (count == 0) break;
    if (count > 0) done += static_cast<std::size_t>(count);
  }
  return done;
}

std::size_t ReadFullyAt(int fd, std::int64_t offset, void* data, std::size_t bytes) {
  std::size_t done = 0;
  while (done < bytes) {
    const ssize_t count = pread(fd, static_cast<char*>(data) + done, bytes - done,
                                static_cast<off_t>(offset + static_cast<std::int64_t>(done)));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

}  // namespace ossicle
