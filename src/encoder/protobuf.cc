#include "encoder/protobuf.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <limits>
#include <system_error>

#include "ossicle/error.h"

namespace ossicle::protobuf {

namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 14;

[[noreturn]] void Fail(const std::string& path, const std::string& problem) {
  throw Error(Code::kModel, "the model \"" + path + "\" cannot be loaded: " + problem);
}

std::string VarintBytes(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>((value & 0x7f) | 0x80);
  return bytes + static_cast<char>(value);
}

}  // namespace

void CheckModelFile(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) Fail(path, "there is no such file; check the path");
  if (std::filesystem::is_directory(status)) Fail(path, "it is a folder, not an ONNX file");
  if (std::filesystem::is_character_file(status)) Fail(path, "it is a device, not an ONNX file");
  if (std::filesystem::file_size(path, error) == 0 && !error) Fail(path, "the file is empty");
}

File::File(const std::string& path) : path_(path) {
  CheckModelFile(path);
  if (!std::filesystem::is_regular_file(path)) Fail(path, "it is no regular file; save it first");
  fd_ = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd_ < 0) Fail(path, std::generic_category().message(errno) + "; allow reading it (chmod +r)");
  const off_t bytes = lseek(fd_, 0, SEEK_END);
  bytes_ = static_cast<std::uint64_t>(std::max<off_t>(bytes, 0));
}

File::~File() {
  if (fd_ >= 0) close(fd_);
}

void File::Read(std::uint64_t offset, void* out, std::size_t bytes) const {
  char* next = static_cast<char*>(out);
  while (bytes > 0) {
    const ssize_t count = pread(fd_, next, bytes, static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) Fail(path_, "it cannot be read: " + std::generic_category().message(errno));
    if (count == 0) FailAt(offset, "it was cut off while it was read");
    next += count;
    offset += static_cast<std::uint64_t>(count);
    bytes -= static_cast<std::size_t>(count);
  }
}

std::uint8_t File::ByteAt(std::uint64_t offset) {
  if (offset < buffer_begin_ || offset - buffer_begin_ >= buffer_.size()) {
    buffer_.resize(std::min<std::uint64_t>(kBufferBytes, bytes_ - offset));
    buffer_begin_ = offset;
    Read(offset, buffer_.data(), buffer_.size());
  }
  return buffer_[static_cast<std::size_t>(offset - buffer_begin_)];
}

std::string File::Text(const Range& content, std::size_t most_bytes) const {
  if (content.size() > most_bytes) {
    FailAt(content.begin, "a text of " + std::to_string(content.size()) +
                              " bytes stands where at most " + std::to_string(most_bytes) +
                              " are expected");
  }
  std::string text(static_cast<std::size_t>(content.size()), '\0');
  Read(content.begin, text.data(), text.size());
  return text;
}

void File::FailAt(std::uint64_t offset, const std::string& what) const {
  Fail(path_, "it is no whole ONNX model: at byte " + std::to_string(offset) + ", " + what +
                  "; copy or export it again");
}

bool Fields::Next(Field& field) {
  if (at_ == end_) return false;
  field = Field();
  field.record.begin = at_;
  const std::uint64_t tag = Varint();
  const std::uint64_t number = tag >> 3;
  constexpr std::uint64_t kMaxNumber = (1U << 29) - 1;
  if (number == 0 || number > kMaxNumber) file_.FailAt(field.record.begin, "a field has no number");
  field.number = static_cast<int>(number);
  field.type = static_cast<WireType>(tag & 7);
  switch (field.type) {
    case WireType::kVarint:
      field.value = Varint();
      break;
    case WireType::kFixed64:
      field.content = Take(8);
      break;
    case WireType::kBytes:
      field.content = Take(Varint());
      break;
    case WireType::kFixed32:
      field.content = Take(4);
      break;
    default:
      file_.FailAt(field.record.begin, "a field is of no type that ONNX uses");
  }
  field.record.end = at_;
  return true;
}

std::uint64_t Fields::Varint() {
  constexpr int kMaxShift = 63;
  const std::uint64_t begin = at_;
  std::uint64_t value = 0;
  for (int shift = 0; shift <= kMaxShift; shift += 7) {
    if (at_ == end_) file_.FailAt(begin, "a number is cut off");
    const std::uint64_t byte = file_.ByteAt(at_++);
    if (shift == kMaxShift && byte > 1) break;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  file_.FailAt(begin, "a number has more than 64 bits");
}

Range Fields::Take(std::uint64_t bytes) {
  if (bytes > end_ - at_) {
    file_.FailAt(at_, "a field of " + std::to_string(bytes) + " bytes goes beyond its end, where " +
                          std::to_string(end_ - at_) + " are left");
  }
  const Range range{at_, at_ + bytes};
  at_ = range.end;
  return range;
}

std::string BytesField(int number, const std::string& content) {
  const std::uint64_t tag =
      static_cast<std::uint64_t>(number) << 3 | static_cast<std::uint64_t>(WireType::kBytes);
  return VarintBytes(tag) + VarintBytes(content.size()) + content;
}

}  // namespace ossicle::protobuf
