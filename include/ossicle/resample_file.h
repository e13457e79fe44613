#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "ossicle/audio_writer.h"
#include "ossicle/engine.h"
#include "ossicle/resampler.h"

namespace ossicle {

/// What became of one input.
struct Resampling {
  double duration_s = 0.0;       ///< of the input
  std::int64_t samples_in = 0;   ///< per channel
  std::int64_t samples_out = 0;  ///< per channel
  StageSeconds seconds;
};

/// What comes out of an input.
struct ResampleRequest {
  std::string resampler = "soxr-hq";  ///< a name of Resamplers(); see Resampled() for "swr-s16"
  int sample_rate_hz = 16000;
  /// nullopt: every channel that is not chosen away comes out, each as if it had come in alone;
  /// otherwise their mix alone, as Resampled() makes it.
  std::optional<Downmix> downmix = std::nullopt;
};

/// One input on its way to another rate, block by block: it holds a few MiB, however long the input
/// is. T is float or double: of the samples that are read and of the arithmetic.
template <class T>
class FileResampler {
 public:
  /// Opens the input and makes the tables. Throws what OpenAudio, OpenRawAudio and Resampler throw,
  /// the latter with the input's name in front.
  FileResampler(const InputRequest& input, const ResampleRequest& request);
  FileResampler(FileResampler&&) noexcept;
  ~FileResampler();

  const AudioInfo& input() const noexcept;
  int sample_rate_hz() const noexcept;  ///< that comes out
  int channels() const noexcept;        ///< that come out

  /// Whether channels are mixed.
  bool is_mixed() const noexcept;
  /// What brings each channel to the rate; empty if the input has the rate already, and what is not
  /// mixed is passed on as it is.
  const std::string& resampler() const noexcept;

  /// Writes the whole signal to `out`, whose format has channels() channels, and leaves it to the
  /// caller to commit it. Once only. Throws what AudioSource::Read and AudioWriter::Write throw.
  Resampling Run(AudioWriter& out, const ProgressFunction& progress = nullptr);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// How a resampler's output is written where nobody says otherwise: 16-bit PCM where the definition
/// gives 16-bit integers, otherwise the type of the arithmetic.
template <class T>
SampleEncoding NaturalEncoding(const std::string& resampler);

}  // namespace ossicle
