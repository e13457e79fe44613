#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// Just enough of protobuf's wire format to find things in an ONNX file, which may be larger than
// memory: nothing is read but tags, lengths and what is asked for.

namespace ossicle::protobuf {

/// Bytes of a file: begin..end - 1.
struct Range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::uint64_t size() const { return end - begin; }
};

/// A regular file, read where it is asked for. One thread at a time.
class File {
 public:
  /// Throws Error(kModel): no such file, a folder, not a regular file, empty, may not be read.
  explicit File(const std::string& path);
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  const std::string& path() const noexcept { return path_; }
  std::uint64_t bytes() const noexcept { return bytes_; }
  Range whole() const noexcept { return {0, bytes_}; }

  /// The byte at `offset` < bytes(), through a buffer.
  std::uint8_t ByteAt(std::uint64_t offset);
  /// Throws Error(kModel) if the file has no such bytes any more.
  void Read(std::uint64_t offset, void* out, std::size_t bytes) const;
  /// A field's content as text. Throws Error(kModel) if there are more than `most_bytes`.
  std::string Text(const Range& content, std::size_t most_bytes) const;

  /// Throws Error(kModel): the file is no ONNX model because of `what`, seen at byte `offset`.
  [[noreturn]] void FailAt(std::uint64_t offset, const std::string& what) const;

 private:
  std::string path_;
  int fd_ = -1;
  std::uint64_t bytes_ = 0;
  std::vector<std::uint8_t> buffer_;
  std::uint64_t buffer_begin_ = 0;
};

enum class WireType { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

struct Field {
  int number = 0;
  WireType type = WireType::kVarint;
  std::uint64_t value = 0;  ///< of a kVarint; 0 otherwise
  Range record;             ///< with its tag and its length
  Range content;            ///< of the others

  bool IsVarint(int wanted) const { return number == wanted && type == WireType::kVarint; }
  bool IsBytes(int wanted) const { return number == wanted && type == WireType::kBytes; }
};

/// The fields of one message, one after the other.
class Fields {
 public:
  Fields(File& file, const Range& message) : file_(file), at_(message.begin), end_(message.end) {}

  /// False at the end. Throws Error(kModel) if the bytes are no field or go beyond the message.
  bool Next(Field& field);

 private:
  std::uint64_t Varint();
  Range Take(std::uint64_t bytes);

  File& file_;
  std::uint64_t at_;
  std::uint64_t end_;
};

/// What Fields reads back.
std::string BytesField(int number, const std::string& content);

/// Throws Error(kModel) unless `path` is a file that is not empty.
void CheckModelFile(const std::string& path);

}  // namespace ossicle::protobuf
