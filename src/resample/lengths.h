#pragma once

#include <cstdint>

#include "resample/filter_bank.h"

namespace ossicle::internal {

/// What a rule for the number of outputs may look at.
struct LengthInput {
  std::int64_t samples = 0;
  int from_hz = 1;
  int to_hz = 1;
  Ratio ratio;
  int taps = 0;    ///< of a FilterBank, where there is one
  int before = 0;  ///< likewise
};

using LengthRule = std::int64_t (*)(const LengthInput&);

/// ceil(samples up / down)
std::int64_t CeilingLength(const LengthInput& in);
/// torchaudio's ceil(samples up / down) of a float32, which is one off for some long signals; the
/// exact one from 2^26 outputs on, where float32 would be off by more than the filter's length.
std::int64_t TorchaudioLength(const LengthInput& in);
/// julius' floor(samples up / down), likewise.
std::int64_t JuliusLength(const LengthInput& in);
/// int(samples / (from / to) + 0.5) in double: libsoxr
std::int64_t RoundedLength(const LengthInput& in);
/// ceil(samples * (to / from)) in double: librosa's resample with fix=True
std::int64_t LibrosaLength(const LengthInput& in);
/// int(samples * (to / from)) in double: resampy 0.2
std::int64_t Resampy02Length(const LengthInput& in);
/// int(samples * to / from) in double: resampy 0.3 and newer
std::int64_t ResampyLength(const LengthInput& in);
/// What Kaldi's LinearResample gives before it is flushed: outputs whose whole filter has been
/// seen.
std::int64_t KaldiOnlineLength(const LengthInput& in);
/// libswresample after its flush, which adds only half of what is still buffered: CeilingLength or
/// one less.
std::int64_t SwrLength(const LengthInput& in);

}  // namespace ossicle::internal
