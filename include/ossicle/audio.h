#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ossicle/enums.h"

namespace ossicle {

/// Raw PCM: sample format, rate and channels, as in "s16le:16000:1".
struct RawFormat {
  enum class Sample { kS16le, kS24le, kS32le, kF32le, kF64le, kU8 };
  Sample sample = Sample::kS16le;
  int sample_rate_hz = 16000;  ///< 1..768000
  int channels = 1;            ///< 1..64

  /// Parses "FORMAT:RATE:CHANNELS" with FORMAT one of s16le, s24le, s32le, f32le, f64le, u8.
  /// Throws Error(kInvalidSpec) that names the part, its value and what is legal.
  static RawFormat Parse(std::string_view text);
};

/// What an input is, as far as it is known before it is read.
struct AudioInfo {
  std::string name;    ///< the path, or "-" for standard input
  std::string format;  ///< "WAV, 16-bit PCM", "FLAC", "raw s16le", ...
  int sample_rate_hz = 0;
  int channels = 0;
  std::optional<std::int64_t> samples = std::nullopt;  ///< per channel; unknown for a pipe
  /// Its samples are integers of at most 16 bits, or coded to become such: PCM, mu-law, A-law,
  /// ADPCM. ffmpeg computes with these in integers.
  bool is_16_bit = false;
  std::string resampler = "";  ///< that brought it to sample_rate_hz; "" if none had to
};

/// Mono audio in blocks, float32, full scale 1.0. One thread at a time.
class AudioSource {
 public:
  virtual ~AudioSource() = default;
  virtual const AudioInfo& info() const = 0;

  /// Fills `out` from its front and returns how many samples were written: fewer than out.size()
  /// only at the end, 0 from then on. Throws Error(kInput) when the input is damaged or ends before
  /// its own header says, Error(kNotFinite) with the time in seconds for a NaN or an infinity.
  virtual std::int64_t Read(std::span<float> out) = 0;

  /// Live reading: waits only until something has come. Writes at least one sample and at most
  /// out.size() (at least 1), and returns how many; 0 at the end and from then on. Throws what Read
  /// throws, and Error(kInterrupted) if a signal was handled while it waited, unless the handler
  /// has SA_RESTART; it may be called again then, and nothing is lost.
  virtual std::int64_t ReadSome(std::span<float> out) { return Read(out); }

  /// Back to the first sample. Throws Error(kInput) where that cannot be done (a pipe).
  virtual void Rewind() = 0;
};

struct AudioOptions {
  /// Channel to take, 0-based; nullopt: all, mixed down.
  std::optional<int> channel = std::nullopt;
  /// kMean: the mean of all channels.  kFfmpeg: what ffmpeg's -ac 1 makes of them: front left and
  /// right weigh sqrt(1/2), the center 1, those behind and beside 1/2, others 0, all divided by
  /// their sum. Which channel is which says the file, or else their number, 2..8: from 3 on 2.1,
  /// 4.0, 5.0, 5.1, 6.1, 7.1. See Resampled() for when it mixes and how it rounds.
  Downmix downmix = Downmix::kMean;
};

/// Most channels that an input may have.
inline constexpr int kMaxChannels = 64;

/// Opens WAV, FLAC, Ogg/Vorbis, Opus, MP3 and whatever else libsndfile reads, in a regular file.
/// Throws Error(kInput): no such file, a directory, not audio, empty, 0 samples, more than
/// kMaxChannels channels (Downmix::kFfmpeg: 8, unless the file names
/// their speakers), no such channel, a WAV, AIFF or Ogg file that is
/// cut off. A WAV whose writer could not fill in its size (0, or near 2^31 or 2^32) reaches to the
/// end of the file.
std::unique_ptr<AudioSource> OpenAudio(const std::string& path, const AudioOptions& options = {});

/// Opens raw PCM in a file, or on standard input for the path "-".
/// Throws Error(kInput) as above, Error(kInvalidSpec) for a format out of range. A stream that ends
/// in the middle of a sample, or before the first, is an error of Read.
std::unique_ptr<AudioSource> OpenRawAudio(const std::string& path, const RawFormat& format,
                                          const AudioOptions& options = {});

/// `source` at another rate, by `resampler`, a name of Resamplers(); `source` itself if its rate is
/// `sample_rate_hz` already. The mean of channels is taken before; with Downmix::kFfmpeg each
/// channel is resampled, and then they are mixed. What ffmpeg does is done as ffmpeg does it:
///   "swr-s16"        of AudioInfo::is_16_bit: integers throughout; of others "swr-float-s16"
///   "swr-float-s16"  rounded to 16 bits once, at the end; integers where only a mix is to be done
///   "swr-float"      Downmix::kFfmpeg is not divided by the sum: 2 channels give sqrt(1/2) (L + R)
/// A mix of these kinds is made, and rounded, where the rate fits, too; one channel is left alone.
/// Adds the seconds that it spends, without those of `source`, to `*seconds` unless that is null.
/// Throws Error(kInvalidSpec) for an unknown resampler or a rate outside 1..768000, Error(kInput)
/// for a rate of the source that has no legal ratio to the new one (kMaxRatioTerm).
std::unique_ptr<AudioSource> Resampled(std::unique_ptr<AudioSource> source, int sample_rate_hz,
                                       const std::string& resampler = "soxr-hq",
                                       double* seconds = nullptr);

}  // namespace ossicle
