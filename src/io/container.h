#pragma once

#include <cstdint>
#include <string>

namespace ossicle {

/// What a container says of its own length, against the length of the file.
struct ContainerLength {
  /// Empty, or how the file is shorter than it says: libsndfile would shorten the audio silently.
  std::string shortfall;
  /// Where a WAV writer that could not seek left 0 as the size of audio that is there; -1 if not.
  std::int64_t unset_size_offset = -1;
};

/// Looks into WAV (RIFF, RIFX, RF64), AIFF and Ogg; says nothing of other files.
/// A size of 0, or near 2^31 or 2^32, is what a writer to a pipe leaves: unknown, so no shortfall.
ContainerLength InspectContainer(int fd, std::int64_t file_bytes);

}  // namespace ossicle
