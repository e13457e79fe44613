#include "io/container.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "io/file_descriptor.h"

namespace ossicle {
namespace {

struct File {
  int fd;
  std::int64_t bytes;
  bool big_endian;
};

struct Chunk {
  std::int64_t size_offset;
  std::int64_t begin;
  std::uint64_t bytes;
};

std::uint64_t ReadInteger(const File& file, std::int64_t offset, std::size_t width) {
  std::array<unsigned char, 8> raw{};
  if (ReadFullyAt(file.fd, offset, raw.data(), width) != width) return 0;
  if (!file.big_endian) std::reverse(raw.begin(), raw.begin() + static_cast<std::ptrdiff_t>(width));
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i) value = value << 8 | raw[i];
  return value;
}

std::string ReadTag(const File& file, std::int64_t offset) {
  std::string tag(4, '\0');
  tag.resize(ReadFullyAt(file.fd, offset, tag.data(), tag.size()));
  return tag;
}

std::optional<Chunk> FindChunk(const File& file, std::string_view tag) {
  constexpr int kMaxChunks = 4096;
  std::int64_t at = 12;
  for (int i = 0; i < kMaxChunks && at + 8 <= file.bytes; ++i) {
    const std::uint64_t bytes = ReadInteger(file, at + 4, 4);
    if (ReadTag(file, at) == tag) return Chunk{at + 4, at + 8, bytes};
    at += 8 + static_cast<std::int64_t>(bytes + bytes % 2);
  }
  return std::nullopt;
}

bool IsUnknown(std::uint64_t bytes) {
  constexpr std::uint64_t kSlack = 65536;  // writers subtract their header, or round to a block
  return bytes == 0 || (bytes >= (1ull << 31) - kSlack && bytes <= (1ull << 31) + kSlack) ||
         (bytes >= (1ull << 32) - kSlack && bytes < (1ull << 32));
}

std::string Shortfall(const File& file, std::int64_t begin, std::uint64_t declared) {
  const std::uint64_t there =
      static_cast<std::uint64_t>(std::max<std::int64_t>(0, file.bytes - begin));
  if (IsUnknown(declared) || declared <= there) return "";
  return "its header declares " + std::to_string(declared) + " bytes of audio, but only " +
         std::to_string(there) + " are there";
}

ContainerLength InspectRf64(const File& file, const Chunk& data) {
  const std::optional<Chunk> sizes = FindChunk(file, "ds64");
  if (!sizes) return {};
  return {Shortfall(file, data.begin, ReadInteger(file, sizes->begin + 8, 8))};
}

ContainerLength InspectWav(const File& file, bool rf64) {
  const std::optional<Chunk> data = FindChunk(file, "data");
  if (!data) return {};
  if (rf64) return InspectRf64(file, *data);
  ContainerLength length{Shortfall(file, data->begin, data->bytes)};
  // A RIFF size that reaches past the chunk's head means that the 0 was meant.
  const std::uint64_t riff_bytes = ReadInteger(file, 4, 4);
  const bool riff_unset =
      IsUnknown(riff_bytes) || riff_bytes + 8 <= static_cast<std::uint64_t>(data->begin);
  if (data->bytes == 0 && riff_unset && file.bytes > data->begin) {
    length.unset_size_offset = data->size_offset;
  }
  return length;
}

ContainerLength InspectAiff(const File& file) {
  const std::optional<Chunk> data = FindChunk(file, "SSND");
  return data ? ContainerLength{Shortfall(file, data->begin, data->bytes)} : ContainerLength{};
}

// The last page must be whole. Its end-of-stream flag is not asked for: recordings of live streams
// lack it and are whole.
ContainerLength InspectOgg(const File& file) {
  constexpr std::int64_t kMaxPageBytes = 27 + 255 + 255 * 255;
  constexpr std::string_view kCapture = "OggS";
  const std::int64_t begin = std::max<std::int64_t>(0, file.bytes - 2 * kMaxPageBytes);
  std::string tail(static_cast<std::size_t>(file.bytes - begin), '\0');
  tail.resize(ReadFullyAt(file.fd, begin, tail.data(), tail.size()));
  const std::size_t page = tail.rfind(kCapture);
  if (page == std::string::npos) return {};
  const ContainerLength cut{"its last Ogg page is incomplete"};
  if (tail.size() - page < 27) return cut;
  const std::size_t segments = static_cast<unsigned char>(tail[page + 26]);
  std::size_t end = page + 27 + segments;
  if (tail.size() < end) return cut;
  for (std::size_t i = 0; i < segments; ++i) end += static_cast<unsigned char>(tail[page + 27 + i]);
  if (tail.size() < end) return cut;
  const std::string_view rest = std::string_view(tail).substr(end);
  return !rest.empty() && kCapture.starts_with(rest) ? cut : ContainerLength{};
}

}  // namespace

ContainerLength InspectContainer(int fd, std::int64_t file_bytes) {
  File file{fd, file_bytes, false};
  const std::string tag = ReadTag(file, 0);
  file.big_endian = tag == "RIFX" || tag == "FORM";
  if (tag == "OggS") return InspectOgg(file);
  if (tag == "FORM") return InspectAiff(file);
  if (tag == "RIFF" || tag == "RIFX" || tag == "RF64") return InspectWav(file, tag == "RF64");
  return {};
}

}  // namespace ossicle
