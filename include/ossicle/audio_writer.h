#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ossicle/npy.h"

namespace ossicle {

enum class AudioContainer { kWav, kNpy, kRaw };
enum class SampleEncoding { kPcm16, kPcm24, kFloat32, kFloat64 };

/// "pcm16", "pcm24", "float32", "float64".
std::string EncodingName(SampleEncoding encoding);

/// How samples are written. All is little-endian; several channels are interleaved.
struct AudioFormat {
  AudioContainer container = AudioContainer::kWav;
  SampleEncoding encoding = SampleEncoding::kFloat32;  ///< in a .npy array kFloat32 or kFloat64
  int sample_rate_hz = 16000;                          ///< 1..768000
  int channels = 1;                                    ///< 1..64
};

/// Writes audio as it comes, in a file that appears whole or not at all.
///
/// A WAV file becomes an RF64 file when it outgrows the 4 GiB that RIFF can say. Where its sizes
/// cannot be filled in (a pipe), they are 0xFFFFFFFF: to the end of the file. An array has the
/// shape (samples,), or (samples, channels) for several channels.
///
/// PCM is the sample times 2^15 or 2^23, rounded to the nearest integer, to the even one between
/// two, and clipped; nothing is dithered. Floats are written as they are.
class AudioWriter {
 public:
  /// Opens `path` as AtomicFile does. Throws Error(kInvalidSpec) for a format out of range,
  /// Error(kOutput) as AtomicFile does and for an array that would go to a pipe or a device: its
  /// length stands in front.
  AudioWriter(const std::string& path, const AudioFormat& format, bool overwrite = false);

  /// Whole frames of format().channels interleaved samples, full scale 1.0. Throws Error(kShape)
  /// for a part of a frame, Error(kOutput).
  void Write(std::span<const float> interleaved);
  void Write(std::span<const double> interleaved);

  /// Fills in the sizes and gives the file its name. Once only. Throws Error(kOutput).
  void Commit();

  const AudioFormat& format() const noexcept { return format_; }
  std::int64_t samples() const noexcept { return samples_; }  ///< written so far, per channel
  std::int64_t clipped() const noexcept { return clipped_; }  ///< of all channels together
  const std::string& temporary() const noexcept { return file_.temporary(); }

 private:
  template <class T>
  void WriteSamples(std::span<const T> interleaved);
  std::string Header(std::int64_t samples) const;

  AudioFormat format_;
  AtomicFile file_;
  bool can_seek_;
  std::int64_t samples_ = 0;
  std::int64_t clipped_ = 0;
  std::vector<unsigned char> bytes_;
};

}  // namespace ossicle
