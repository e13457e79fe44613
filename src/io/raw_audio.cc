#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "io/decoded_source.h"
#include "io/file_descriptor.h"
#include "io/mono_source.h"
#include "ossicle/audio.h"
#include "ossicle/error.h"

namespace ossicle {
namespace {

template <class Word>
Word LoadLittleEndian(const unsigned char* bytes) {
  static_assert(std::endian::native == std::endian::little);
  Word word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

double DecodeS24(const unsigned char* bytes) {
  const std::uint32_t high =
      std::uint32_t{bytes[0]} << 8 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 24;
  return static_cast<std::int32_t>(high) * 0x1p-31;
}

struct SampleFormat {
  RawFormat::Sample sample;
  std::string_view name;
  std::size_t bytes;
  double (*decode)(const unsigned char*);  // exact
};

constexpr std::array<SampleFormat, 6> kSampleFormats = {{
    {RawFormat::Sample::kS16le, "s16le", 2,
     [](const unsigned char* p) { return LoadLittleEndian<std::int16_t>(p) * 0x1p-15; }},
    {RawFormat::Sample::kS24le, "s24le", 3, DecodeS24},
    {RawFormat::Sample::kS32le, "s32le", 4,
     [](const unsigned char* p) { return LoadLittleEndian<std::int32_t>(p) * 0x1p-31; }},
    {RawFormat::Sample::kF32le, "f32le", 4,
     [](const unsigned char* p) { return static_cast<double>(LoadLittleEndian<float>(p)); }},
    {RawFormat::Sample::kF64le, "f64le", 8, LoadLittleEndian<double>},
    {RawFormat::Sample::kU8, "u8", 1, [](const unsigned char* p) { return (p[0] - 128) * 0x1p-7; }},
}};

const SampleFormat& FindSampleFormat(RawFormat::Sample sample) {
  for (const SampleFormat& format : kSampleFormats) {
    if (format.sample == sample) return format;
  }
  throw Error(Code::kInvalidSpec, "RawFormat::sample=" + std::to_string(static_cast<int>(sample)) +
                                      " is none of its enumerators");
}

[[noreturn]] void ThrowBadPart(std::string_view part, std::string_view value,
                               std::string_view legal) {
  throw Error(Code::kInvalidSpec, "raw " + std::string(part) + "=\"" + std::string(value) +
                                      "\"; legal: " + std::string(legal) +
                                      ". Write FORMAT:RATE:CHANNELS, such as s16le:16000:1");
}

RawFormat::Sample ParseSample(std::string_view text) {
  std::string legal;
  for (const SampleFormat& format : kSampleFormats) {
    if (format.name == text) return format.sample;
    legal += (legal.empty() ? "" : ", ") + std::string(format.name);
  }
  ThrowBadPart("format", text, legal);
}

int ParseInteger(std::string_view part, std::string_view text, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 1 || value > most) {
    ThrowBadPart(part, text, "1.." + std::to_string(most));
  }
  return value;
}

class RawAudio final : public DecodedSource {
 public:
  RawAudio(AudioInfo info, InputFile file, const SampleFormat& format, std::int64_t begin)
      : DecodedSource(std::move(info)), file_(std::move(file)), format_(format), begin_(begin) {}

 private:
  std::int64_t Decode(std::span<float> out) override { return DecodeAll(out); }
  std::int64_t Decode(std::span<double> out) override { return DecodeAll(out); }

  template <class T>
  std::int64_t DecodeAll(std::span<T> out) {
    bytes_.resize(out.size() * format_.bytes);
    held_bytes_ += ReadFully(file_.fd.get(), info().name, bytes_.data() + held_bytes_,
                             bytes_.size() - held_bytes_);
    return Take(out);
  }

  std::int64_t DecodeSome(std::span<float> out) override {
    bytes_.resize(out.size() * format_.bytes);
    while (held_bytes_ < FrameBytes()) {
      const std::ptrdiff_t count = ReadOnce(
          file_.fd.get(), info().name, bytes_.data() + held_bytes_, bytes_.size() - held_bytes_);
      if (count == 0) break;
      if (count < 0) {
        throw Error(Code::kInterrupted, "interrupted while waiting for " + InputName(info().name));
      }
      held_bytes_ += static_cast<std::size_t>(count);
    }
    return Take(out);
  }

  std::size_t FrameBytes() const {
    return format_.bytes * static_cast<std::size_t>(info().channels);
  }

  /// Decodes the whole frames that are held, and goes on holding the bytes after them.
  template <class T>
  std::int64_t Take(std::span<T> out) {
    const std::size_t frames = held_bytes_ / FrameBytes();
    const std::size_t samples = frames * static_cast<std::size_t>(info().channels);
    for (std::size_t i = 0; i < samples; ++i) {
      out[i] = static_cast<T>(format_.decode(&bytes_[i * format_.bytes]));
    }
    held_bytes_ -= frames * FrameBytes();
    std::memmove(bytes_.data(), bytes_.data() + frames * FrameBytes(), held_bytes_);
    return static_cast<std::int64_t>(frames);
  }

  void CheckEnd(std::int64_t frames) const override {
    const std::string name = InputName(info().name);
    if (held_bytes_ != 0) {
      throw Error(Code::kInput,
                  name + " ends in the middle of a sample: " + std::to_string(held_bytes_) +
                      " bytes after sample " + std::to_string(frames) + ", but " +
                      std::string(format_.name) + " with " + std::to_string(info().channels) +
                      " channels has " + std::to_string(format_.bytes * info().channels) +
                      " bytes a sample; check the raw format, or send the rest");
    }
    if (frames == 0) throw Error(Code::kInput, name + " is empty: 0 samples; send at least 1");
  }

  void Restart() override {
    if (lseek(file_.fd.get(), begin_, SEEK_SET) < 0) {
      throw Error(Code::kInput, "cannot go back to the start of " + InputName(info().name) + " (" +
                                    ErrnoText(errno) + "); save it to a file and read that");
    }
    held_bytes_ = 0;
  }

  InputFile file_;
  const SampleFormat& format_;
  const std::int64_t begin_;
  std::vector<unsigned char> bytes_;
  std::size_t held_bytes_ = 0;  // at the front of bytes_: at most a part of a frame, between reads
};

void Validate(const RawFormat& format) {
  const auto check = [](std::string_view part, int value, int most) {
    if (value < 1 || value > most) {
      ThrowBadPart(part, std::to_string(value), "1.." + std::to_string(most));
    }
  };
  check("rate", format.sample_rate_hz, kMaxSampleRateHz);
  check("channels", format.channels, kMaxChannels);
}

}  // namespace

RawFormat RawFormat::Parse(std::string_view text) {
  const std::size_t first = text.find(':');
  const std::size_t second = text.find(':', first == text.npos ? first : first + 1);
  if (second == text.npos) {
    ThrowBadPart("audio", text, "three parts with a colon between them");
  }
  RawFormat format;
  format.sample = ParseSample(text.substr(0, first));
  format.sample_rate_hz =
      ParseInteger("rate", text.substr(first + 1, second - first - 1), kMaxSampleRateHz);
  format.channels = ParseInteger("channels", text.substr(second + 1), kMaxChannels);
  return format;
}

std::unique_ptr<AudioSource> OpenRawAudio(const std::string& path, const RawFormat& format,
                                          const AudioOptions& options) {
  return std::make_unique<MonoSource>(OpenRawFrames(path, format), options);
}

std::unique_ptr<DecodedSource> OpenRawFrames(const std::string& path, const RawFormat& format) {
  Validate(format);
  const SampleFormat& sample = FindSampleFormat(format.sample);
  InputFile file = OpenInput(path, /*allow_pipe=*/true);
  // Standard input may be a file of which a part is read already.
  const std::int64_t begin = file.regular ? lseek(file.fd.get(), 0, SEEK_CUR) : 0;
  AudioInfo info{
      path,
      "raw " + std::string(sample.name),
      format.sample_rate_hz,
      format.channels,
      std::nullopt,
      format.sample == RawFormat::Sample::kS16le || format.sample == RawFormat::Sample::kU8};
  if (file.regular) {
    const std::int64_t frame_bytes = static_cast<std::int64_t>(sample.bytes) * format.channels;
    info.samples = std::max<std::int64_t>(0, file.bytes - begin) / frame_bytes;
  }
  return std::make_unique<RawAudio>(std::move(info), std::move(file), sample, begin);
}

}  // namespace ossicle
