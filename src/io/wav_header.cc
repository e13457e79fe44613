#include "io/wav_header.h"

#include <cstddef>
#include <string_view>

#include "io/sample_encoding.h"

namespace ossicle {
namespace {

constexpr std::uint64_t kUnknown = 0xFFFFFFFF;
constexpr std::size_t kRf64SizesBytes = 28;  // of the chunk ds64, without its own head

void Append(std::string& header, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) header += static_cast<char>(value >> (8 * i) & 0xFF);
}

void AppendChunk(std::string& header, std::string_view tag, std::uint64_t bytes) {
  header += tag;
  Append(header, bytes, 4);
}

/// The chunks fmt and, for floats, fact, which RIFF wants for all but PCM.
std::string FormatChunks(const AudioFormat& format, std::uint64_t samples) {
  constexpr int kPcm = 1;
  constexpr int kIeeeFloat = 3;
  const bool is_float = IsFloat(format.encoding);
  const std::uint64_t sample_bytes = EncodedBytes(format.encoding);
  const std::uint64_t channels = static_cast<std::uint64_t>(format.channels);
  const std::uint64_t rate_hz = static_cast<std::uint64_t>(format.sample_rate_hz);
  std::string chunks;
  AppendChunk(chunks, "fmt ", is_float ? 18 : 16);
  Append(chunks, is_float ? kIeeeFloat : kPcm, 2);
  Append(chunks, channels, 2);
  Append(chunks, rate_hz, 4);
  Append(chunks, rate_hz * channels * sample_bytes, 4);
  Append(chunks, channels * sample_bytes, 2);
  Append(chunks, 8 * sample_bytes, 2);
  if (!is_float) return chunks;
  Append(chunks, 0, 2);  // bytes of an extension
  AppendChunk(chunks, "fact", 4);
  Append(chunks, samples, 4);
  return chunks;
}

std::string StreamHeader(const AudioFormat& format) {
  std::string header;
  AppendChunk(header, "RIFF", kUnknown);
  header += "WAVE" + FormatChunks(format, kUnknown);
  AppendChunk(header, "data", kUnknown);
  return header;
}

}  // namespace

std::string WavHeader(const AudioFormat& format, std::optional<std::int64_t> samples,
                      std::uint64_t max_riff_bytes) {
  if (!samples) return StreamHeader(format);
  const std::uint64_t frames = static_cast<std::uint64_t>(*samples);
  const std::uint64_t data_bytes =
      frames * EncodedBytes(format.encoding) * static_cast<std::uint64_t>(format.channels);
  constexpr std::uint64_t kChunkHeadBytes = 8;
  const std::uint64_t riff_bytes = 4 + kChunkHeadBytes + kRf64SizesBytes +
                                   FormatChunks(format, 0).size() + kChunkHeadBytes + data_bytes +
                                   data_bytes % 2;
  const bool rf64 = riff_bytes > max_riff_bytes;
  std::string header;
  AppendChunk(header, rf64 ? "RF64" : "RIFF", rf64 ? kUnknown : riff_bytes);
  header += "WAVE";
  AppendChunk(header, rf64 ? "ds64" : "JUNK", kRf64SizesBytes);
  Append(header, rf64 ? riff_bytes : 0, 8);
  Append(header, rf64 ? data_bytes : 0, 8);
  Append(header, rf64 ? frames : 0, 8);
  Append(header, 0, 4);  // entries of a table of further sizes
  header += FormatChunks(format, rf64 ? kUnknown : frames);
  AppendChunk(header, "data", rf64 ? kUnknown : data_bytes);
  return header;
}

}  // namespace ossicle
