#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ossicle/audio_writer.h"

namespace ossicle {

/// Largest size that a RIFF header says here; one more stands for an unknown one.
inline constexpr std::uint64_t kMaxRiffBytes = 0xFFFFFFFE;

/// All of a WAV file in front of its first sample. The length of the header does not depend on
/// `samples`.
///   samples         per channel; nullopt: unknown, for a file that nobody can go back in, and then
///                   without the room that an RF64 header takes
///   max_riff_bytes  a larger file gets an RF64 header (EBU Tech 3306)
std::string WavHeader(const AudioFormat& format, std::optional<std::int64_t> samples,
                      std::uint64_t max_riff_bytes = kMaxRiffBytes);

}  // namespace ossicle
