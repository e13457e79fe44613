#include "ossicle/audio_writer.h"

#include <optional>

#include "io/decoded_source.h"
#include "io/sample_encoding.h"
#include "io/wav_header.h"
#include "ossicle/error.h"
#include "ossicle/resampler.h"

namespace ossicle {
namespace {

void CheckRange(const char* field, int value, int most) {
  if (value >= 1 && value <= most) return;
  throw Error(Code::kInvalidSpec, std::string(field) + "=" + std::to_string(value) + "; 1.." +
                                      std::to_string(most) + " are legal");
}

AudioFormat Validated(const AudioFormat& format) {
  CheckRange("sample_rate_hz", format.sample_rate_hz, kMaxSampleRateHz);
  CheckRange("channels", format.channels, kMaxChannels);
  if (format.container == AudioContainer::kNpy && !IsFloat(format.encoding)) {
    throw Error(Code::kInvalidSpec, "encoding=" + EncodingName(format.encoding) +
                                        " of a .npy array; float32 and float64 are legal: choose "
                                        "one of these, or write a .wav file");
  }
  return format;
}

}  // namespace

std::string EncodingName(SampleEncoding encoding) {
  switch (encoding) {
    case SampleEncoding::kPcm16:
      return "pcm16";
    case SampleEncoding::kPcm24:
      return "pcm24";
    case SampleEncoding::kFloat32:
      return "float32";
    case SampleEncoding::kFloat64:
      break;
  }
  return "float64";
}

AudioWriter::AudioWriter(const std::string& path, const AudioFormat& format, bool overwrite)
    : format_(Validated(format)), file_(path, overwrite), can_seek_(file_.CanSeek()) {
  if (format_.container == AudioContainer::kNpy && !can_seek_) {
    throw Error(Code::kOutput, "cannot write " +
                                   (path == "-" ? "standard output" : '"' + path + '"') +
                                   " as .npy: the length of an array stands in front of it; name a "
                                   "file, or choose WAV or raw samples");
  }
  const std::string header = Header(0);
  file_.Write(header.data(), header.size());
}

void AudioWriter::Write(std::span<const float> interleaved) { WriteSamples(interleaved); }
void AudioWriter::Write(std::span<const double> interleaved) { WriteSamples(interleaved); }

template <class T>
void AudioWriter::WriteSamples(std::span<const T> interleaved) {
  const std::size_t channels = static_cast<std::size_t>(format_.channels);
  if (interleaved.size() % channels != 0) {
    throw Error(Code::kShape, std::to_string(interleaved.size()) + " samples of " +
                                  std::to_string(channels) + " channels; a multiple is needed");
  }
  clipped_ += EncodeSamples(interleaved, format_.encoding, bytes_);
  file_.Write(bytes_.data(), bytes_.size());
  samples_ += static_cast<std::int64_t>(interleaved.size() / channels);
}

void AudioWriter::Commit() {
  const std::int64_t bytes =
      samples_ * format_.channels * static_cast<std::int64_t>(EncodedBytes(format_.encoding));
  if (format_.container == AudioContainer::kWav && can_seek_ && bytes % 2 != 0) file_.Write("", 1);
  const std::string header = Header(samples_);
  if (can_seek_) file_.WriteAt(0, header.data(), header.size());
  file_.Commit();
}

std::string AudioWriter::Header(std::int64_t samples) const {
  switch (format_.container) {
    case AudioContainer::kWav:
      return WavHeader(format_, can_seek_ ? std::optional(samples) : std::nullopt);
    case AudioContainer::kNpy: {
      const char* type = format_.encoding == SampleEncoding::kFloat32 ? "<f4" : "<f8";
      if (format_.channels == 1) return NpyHeader(type, {samples});
      return NpyHeader(type, {samples, format_.channels});
    }
    case AudioContainer::kRaw:
      break;
  }
  return "";
}

}  // namespace ossicle
