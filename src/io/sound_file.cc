#include <sndfile.h>
#include <sys/types.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "io/container.h"
#include "io/decoded_source.h"
#include "io/file_descriptor.h"
#include "io/mono_source.h"
#include "ossicle/audio.h"
#include "ossicle/error.h"

namespace ossicle {
namespace {

/// The file as libsndfile reads it: as it is, but for a WAV data size of 0 that its writer left
/// unset, which reads as "to the end of the file".
struct Bytes {
  InputFile file;
  std::int64_t unset_size_offset = -1;
  std::int64_t position = 0;
};

sf_count_t GetLength(void* user) { return static_cast<Bytes*>(user)->file.bytes; }

sf_count_t Tell(void* user) { return static_cast<Bytes*>(user)->position; }

sf_count_t Seek(sf_count_t offset, int whence, void* user) {
  Bytes& bytes = *static_cast<Bytes*>(user);
  const sf_count_t base = whence == SEEK_SET   ? 0
                          : whence == SEEK_CUR ? bytes.position
                                               : bytes.file.bytes;
  bytes.position = std::clamp<sf_count_t>(base + offset, 0, bytes.file.bytes);
  return bytes.position;
}

sf_count_t ReadBytes(void* out, sf_count_t count, void* user) {
  Bytes& bytes = *static_cast<Bytes*>(user);
  if (count <= 0) return 0;
  const std::size_t got =
      ReadFullyAt(bytes.file.fd.get(), bytes.position, out, static_cast<std::size_t>(count));
  const std::int64_t end = bytes.position + static_cast<std::int64_t>(got);
  if (bytes.unset_size_offset >= 0) {
    const std::int64_t first = std::max(bytes.position, bytes.unset_size_offset);
    const std::int64_t last = std::min(end, bytes.unset_size_offset + 4);
    if (first < last) {
      std::memset(static_cast<char*>(out) + (first - bytes.position), 0xFF,
                  static_cast<std::size_t>(last - first));
    }
  }
  bytes.position = end;
  return static_cast<sf_count_t>(got);
}

sf_count_t WriteBytes(const void*, sf_count_t, void*) { return 0; }

struct CloseSound {
  void operator()(SNDFILE* file) const { sf_close(file); }
};
using Sound = std::unique_ptr<SNDFILE, CloseSound>;

std::string FormatName(int format) {
  SF_FORMAT_INFO info{};
  info.format = format;
  if (sf_command(nullptr, SFC_GET_FORMAT_INFO, &info, sizeof info) != 0 || !info.name) return "";
  const std::string name = info.name;
  return name.substr(0, name.find(" ("));
}

std::string Describe(int format) {
  const std::string major = FormatName(format & SF_FORMAT_TYPEMASK);
  const std::string minor = FormatName(format & SF_FORMAT_SUBMASK);
  return major == "FLAC" || minor.empty() ? major : major + ", " + minor;
}

Sound OpenSound(const std::string& path, Bytes& bytes, SF_INFO& info) {
  static SF_VIRTUAL_IO io{GetLength, Seek, ReadBytes, WriteBytes, Tell};
  // libsndfile keeps the reason of a failed open in a variable of the whole process.
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  bytes.position = 0;
  info = {};
  Sound sound(sf_open_virtual(&io, SFM_READ, &info, &bytes));
  if (sound) return sound;
  std::string reason = sf_strerror(nullptr);
  while (!reason.empty() && (reason.back() == '.' || reason.back() == '\n')) reason.pop_back();
  throw Error(Code::kInput, InputName(path) + " is not an audio file that Ossicle can read (" +
                                reason + "): WAV, FLAC, Ogg Vorbis, Opus and MP3 are");
}

bool Is16Bit(int format) {
  switch (format & SF_FORMAT_SUBMASK) {
    case SF_FORMAT_PCM_S8:
    case SF_FORMAT_PCM_U8:
    case SF_FORMAT_PCM_16:
    case SF_FORMAT_ULAW:
    case SF_FORMAT_ALAW:
    case SF_FORMAT_IMA_ADPCM:
    case SF_FORMAT_MS_ADPCM:
    case SF_FORMAT_GSM610:
    case SF_FORMAT_ALAC_16:
      return true;
    default:
      return false;
  }
}

AudioInfo MakeInfo(const std::string& path, const SF_INFO& info) {
  AudioInfo result{path, Describe(info.format), info.samplerate, info.channels};
  result.is_16_bit = Is16Bit(info.format);
  if (info.frames != SF_COUNT_MAX) result.samples = info.frames;
  return result;
}

Speaker SpeakerOf(int place) {
  switch (place) {
    case SF_CHANNEL_MAP_LEFT:
    case SF_CHANNEL_MAP_RIGHT:
    case SF_CHANNEL_MAP_FRONT_LEFT:
    case SF_CHANNEL_MAP_FRONT_RIGHT:
    case SF_CHANNEL_MAP_FRONT_LEFT_OF_CENTER:
    case SF_CHANNEL_MAP_FRONT_RIGHT_OF_CENTER:
      return kFront;
    case SF_CHANNEL_MAP_MONO:
    case SF_CHANNEL_MAP_CENTER:
    case SF_CHANNEL_MAP_FRONT_CENTER:
      return kCenter;
    case SF_CHANNEL_MAP_REAR_CENTER:
    case SF_CHANNEL_MAP_REAR_LEFT:
    case SF_CHANNEL_MAP_REAR_RIGHT:
    case SF_CHANNEL_MAP_SIDE_LEFT:
    case SF_CHANNEL_MAP_SIDE_RIGHT:
      return kBehindOrBeside;
    default:
      return kSilent;
  }
}

/// Empty if the file does not say, or names no speaker that can be heard in a mix.
std::string SpeakersOf(SNDFILE* sound, int channels) {
  std::vector<int> places(static_cast<std::size_t>(channels));
  const int bytes = static_cast<int>(places.size() * sizeof(int));
  if (sf_command(sound, SFC_GET_CHANNEL_MAP_INFO, places.data(), bytes) != SF_TRUE) return {};
  std::string speakers;
  for (const int place : places) speakers += static_cast<char>(SpeakerOf(place));
  return speakers.find_first_not_of(kSilent) == std::string::npos ? std::string() : speakers;
}

class SoundFile final : public DecodedSource {
 public:
  // By reference, so that a throw leaves both to the caller, which destroys `sound` first.
  SoundFile(std::unique_ptr<Bytes>&& bytes, Sound&& sound, const SF_INFO& info,
            const std::string& path)
      : DecodedSource(MakeInfo(path, info)),
        bytes_(std::move(bytes)),
        sound_(std::move(sound)),
        is_mpeg_((info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_MPEG) {}

  std::string speakers() const override { return SpeakersOf(sound_.get(), info().channels); }

 private:
  std::int64_t Decode(std::span<float> out) override { return DecodeBy(sf_readf_float, out); }
  std::int64_t Decode(std::span<double> out) override { return DecodeBy(sf_readf_double, out); }

  template <class T>
  std::int64_t DecodeBy(sf_count_t (*read)(SNDFILE*, T*, sf_count_t), std::span<T> out) {
    const sf_count_t frames = static_cast<sf_count_t>(out.size()) / info().channels;
    const sf_count_t got = read(sound_.get(), out.data(), frames);
    if (sf_error(sound_.get()) != SF_ERR_NO_ERROR) {
      throw Error(Code::kInput, InputName(info().name) +
                                    " is damaged: " + sf_strerror(sound_.get()) +
                                    " Get the file again, or encode it anew");
    }
    return std::max<sf_count_t>(got, 0);
  }

  void CheckEnd(std::int64_t frames) const override {
    // Encoders of MP3 differ on whether the frame with the header counts itself.
    const std::int64_t slack = is_mpeg_ ? 1152 : 0;
    const std::string name = InputName(info().name);
    if (info().samples && frames + slack < *info().samples) {
      throw Error(Code::kInput, name + " is damaged or cut off: its header declares " +
                                    std::to_string(*info().samples) +
                                    " samples, but decoding ended after " + std::to_string(frames) +
                                    "; get the whole file, or encode it anew");
    }
    if (frames == 0) {
      throw Error(Code::kInput, name + " holds 0 samples; at least 1 is needed: record it again");
    }
  }

  // Opened anew: then no decoder state from before can show in the samples.
  void Restart() override {
    SF_INFO unused{};
    sound_.reset();
    sound_ = OpenSound(info().name, *bytes_, unused);
  }

  std::unique_ptr<Bytes> bytes_;  // libsndfile holds a pointer to it
  Sound sound_;
  const bool is_mpeg_;
};

}  // namespace

std::unique_ptr<AudioSource> OpenAudio(const std::string& path, const AudioOptions& options) {
  return std::make_unique<MonoSource>(OpenFrames(path), options);
}

std::unique_ptr<DecodedSource> OpenFrames(const std::string& path) {
  if (path == "-") {
    throw Error(Code::kInput,
                "standard input must be raw PCM: say its format, such as s16le:16000:1, or give "
                "the path of a file");
  }
  auto bytes = std::make_unique<Bytes>(Bytes{OpenInput(path, /*allow_pipe=*/false)});
  const ContainerLength length = InspectContainer(bytes->file.fd.get(), bytes->file.bytes);
  if (!length.shortfall.empty()) {
    throw Error(Code::kInput, InputName(path) + " is cut off: " + length.shortfall +
                                  "; get the whole file, or encode what is there anew");
  }
  bytes->unset_size_offset = length.unset_size_offset;
  SF_INFO info{};
  Sound sound = OpenSound(path, *bytes, info);
  if (info.frames <= 0) {
    throw Error(Code::kInput,
                InputName(path) + " holds 0 samples; at least 1 is needed: record it again");
  }
  return std::make_unique<SoundFile>(std::move(bytes), std::move(sound), info, path);
}

}  // namespace ossicle
