#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "io/file_descriptor.h"
#include "ossicle/error.h"
#include "ossicle/npy.h"

namespace ossicle {
namespace {

[[noreturn]] void Fail(const std::string& path, const std::string& reason) {
  const std::string name = path == "-" ? "standard output" : '"' + path + '"';
  throw Error(Code::kOutput, "cannot write " + name + ": " + reason);
}

[[noreturn]] void FailExists(const std::string& path) {
  Fail(path, "it exists; choose another name, or overwrite it (--overwrite)");
}

std::string Parent(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

[[noreturn]] void FailOpen(const std::string& path, int error) {
  const std::string directory = "the directory \"" + Parent(path) + "\"";
  if (error == ENOENT) Fail(path, directory + " does not exist; make it first (mkdir -p)");
  if (error == ENOTDIR)
    Fail(path, '"' + Parent(path) + "\" is not a directory; choose another path");
  if (error == EACCES || error == EPERM || error == EROFS) {
    Fail(path,
         ErrnoText(error) + "; choose a place where you may write, or allow it in " + directory);
  }
  Fail(path, ErrnoText(error));
}

[[noreturn]] void FailWrite(const std::string& path, int error) {
  if (error == ENOSPC || error == EDQUOT) {
    Fail(path, ErrnoText(error) + "; free some, or choose another place");
  }
  if (error == EPIPE) Fail(path, ErrnoText(error) + "; its reader has gone");
  Fail(path, ErrnoText(error));
}

// The place that a symbolic link stands for: renaming onto the link would replace the link. A link
// such as /dev/stdout on a pipe has a target and no path to it: it is written directly.
std::string FollowLink(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_symlink(path, error)) return path;
  const std::filesystem::path target = std::filesystem::canonical(path, error);
  if (!error) return target.string();
  if (std::filesystem::exists(path, error)) return path;
  Fail(path, "it is a symbolic link that leads nowhere; remove it");
}

int OpenRetrying(const std::string& path, int flags) {
  int fd = -1;
  do {
    fd = open(path.c_str(), flags | O_CLOEXEC, 0666);
  } while (fd < 0 && errno == EINTR);
  return fd;
}

std::string TemporaryName(const std::string& path) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789";
  constexpr std::size_t kMostNameBytes = 255 - 13;  // of 255 that a file system takes
  std::random_device random;
  std::uniform_int_distribution<std::size_t> pick(0, kLetters.size() - 1);
  const std::filesystem::path target(path);
  std::string name = '.' + target.filename().string().substr(0, kMostNameBytes) + '.';
  for (int i = 0; i < 6; ++i) name += kLetters[pick(random)];
  return (target.parent_path() / (name + ".part")).string();
}

/// Renames unless `to` exists; returns 0 or an errno.
int RenameToNew(const char* from, const char* to) {
#ifdef RENAME_NOREPLACE
  if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) return errno;
#endif
  if (link(from, to) != 0) return errno;
  unlink(from);
  return 0;
}

int Rename(const char* from, const char* to, bool overwrite) {
  if (!overwrite) return RenameToNew(from, to);
  return std::rename(from, to) == 0 ? 0 : errno;
}

}  // namespace

AtomicFile::AtomicFile(const std::string& path, bool overwrite)
    : path_(path), overwrite_(overwrite) {
  if (path_ == "-") {
    fd_ = STDOUT_FILENO;
    if (CanSeek()) begin_ = lseek(fd_, 0, SEEK_CUR);
    return;
  }
  if (path_.empty()) Fail(path_, "the path is empty; name a file");
  path_ = FollowLink(path_);
  struct stat status{};
  const bool exists = stat(path_.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) Fail(path_, "it is a directory; name a file in it");
  if (!exists || S_ISREG(status.st_mode)) {
    if (exists && !overwrite_) FailExists(path_);
    OpenTemporary();
    return;
  }
  if (!S_ISCHR(status.st_mode) && !S_ISFIFO(status.st_mode)) {
    Fail(path_, "it is neither a file, a character device nor a FIFO; choose another path");
  }
  fd_ = OpenRetrying(path_, O_WRONLY);
  if (fd_ < 0) FailOpen(path_, errno);
}

AtomicFile::~AtomicFile() {
  if (fd_ >= 0 && fd_ != STDOUT_FILENO) close(fd_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

void AtomicFile::OpenTemporary() {
  constexpr int kTries = 100;
  for (int i = 0; i < kTries && fd_ < 0; ++i) {
    const std::string name = TemporaryName(path_);
    fd_ = OpenRetrying(name, O_WRONLY | O_CREAT | O_EXCL);
    if (fd_ >= 0) temporary_ = name;
    if (fd_ < 0 && errno != EEXIST) break;
  }
  if (fd_ < 0) FailOpen(path_, errno);
}

void AtomicFile::Write(const void* data, std::size_t bytes) {
  const char* next = static_cast<const char*>(data);
  while (bytes > 0) {
    const ssize_t count = write(fd_, next, bytes);
    if (count >= 0) {
      next += count;
      bytes -= static_cast<std::size_t>(count);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      pollfd ready{fd_, POLLOUT, 0};
      poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      FailWrite(path_, errno);
    }
  }
}

bool AtomicFile::CanSeek() const {
  struct stat status{};
  return fstat(fd_, &status) == 0 && S_ISREG(status.st_mode) &&
         (fcntl(fd_, F_GETFL) & O_APPEND) == 0;
}

void AtomicFile::WriteAt(std::int64_t offset, const void* data, std::size_t bytes) {
  const char* next = static_cast<const char*>(data);
  offset += begin_;
  while (bytes > 0) {
    const ssize_t count = pwrite(fd_, next, bytes, static_cast<off_t>(offset));
    if (count >= 0) {
      next += count;
      offset += count;
      bytes -= static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      FailWrite(path_, errno);
    }
  }
}

void AtomicFile::Commit() {
  if (path_ == "-") return;
  const int fd = std::exchange(fd_, -1);
  // A close that was interrupted has closed all the same.
  if (close(fd) != 0 && errno != EINTR) FailWrite(path_, errno);
  if (temporary_.empty()) return;
  const int error = Rename(temporary_.c_str(), path_.c_str(), overwrite_);
  if (error == EEXIST) FailExists(path_);
  if (error != 0) FailOpen(path_, error);
  temporary_.clear();
}

}  // namespace ossicle
