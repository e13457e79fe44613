#pragma once

#include <sndfile.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "ossicle/audio.h"

namespace ossicle::test {

inline constexpr int kWav16 = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
inline constexpr int kWavFloat = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
inline constexpr int kFlac = SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
inline constexpr int kVorbis = SF_FORMAT_OGG | SF_FORMAT_VORBIS;
inline constexpr int kOpus = SF_FORMAT_OGG | SF_FORMAT_OPUS;
#ifdef SF_FORMAT_MPEG
inline constexpr int kMp3 = SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III;
#else
inline constexpr int kMp3 = 0x230082;  // libsndfile 1.1 and newer
#endif

inline bool CanWrite(int format) {
  const SF_INFO info{0, 16000, 1, format, 0, 0};
  return sf_format_check(&info) != 0;
}

/// Writes interleaved samples with libsndfile; on the grid of an integer format they stay exact.
inline void WriteSound(const std::string& path, int format, int rate_hz, int channels,
                       std::span<const float> samples) {
  SF_INFO info{0, rate_hz, channels, format, 0, 0};
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  if (!file) throw std::runtime_error(path + ": " + sf_strerror(nullptr));
  const sf_count_t frames = static_cast<sf_count_t>(samples.size()) / channels;
  const int subtype = format & SF_FORMAT_SUBMASK;
  sf_count_t written = 0;
  if (subtype == SF_FORMAT_FLOAT || subtype == SF_FORMAT_DOUBLE) {
    written = sf_writef_float(file, samples.data(), frames);
  } else {
    std::vector<int> integers(samples.size());
    std::transform(samples.begin(), samples.end(), integers.begin(), [](float x) {
      return static_cast<int>(std::clamp(x * 0x1p31, -0x1p31, 0x1p31 - 1));
    });
    written = sf_writef_int(file, integers.data(), frames);
  }
  if (sf_close(file) != 0 || written != frames) throw std::runtime_error("cannot write " + path);
}

/// Reproducible noise in [-0.5, 0.5) on the 16-bit grid.
inline std::vector<float> Noise(std::size_t samples, std::uint32_t seed = 1) {
  std::vector<float> noise(samples);
  for (float& x : noise) {
    seed = seed * 1664525u + 1013904223u;
    x = static_cast<float>(static_cast<std::int32_t>(seed) >> 17) * 0x1p-15f;
  }
  return noise;
}

/// Everything that `source` still has, asked for in pieces of `piece` samples.
inline std::vector<float> ReadAll(AudioSource& source, std::size_t piece = 65536) {
  std::vector<float> all;
  std::vector<float> block(piece);
  for (std::size_t got = piece; got == piece;) {
    got = static_cast<std::size_t>(source.Read(block));
    all.insert(all.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(got));
  }
  return all;
}

}  // namespace ossicle::test
