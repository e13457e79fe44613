#include "resample/lengths.h"

#include <algorithm>
#include <cmath>

namespace ossicle::internal {

namespace {

/// ceil(samples up / down), 0 if negative.
std::int64_t Outputs(std::int64_t samples, Ratio ratio) {
  if (samples <= 0) return 0;
  const std::int64_t whole = samples / ratio.down;
  const std::int64_t rest = samples % ratio.down;
  return whole * ratio.up + (rest * ratio.up + ratio.down - 1) / ratio.down;
}

constexpr std::int64_t kFloat32Outputs = std::int64_t{1} << 26;

/// samples up / down, as a tensor of float32 has it.
float InFloat32(const LengthInput& in) {
  const double product = static_cast<double>(in.samples * in.ratio.up);
  return static_cast<float>(product / in.ratio.down);
}

/// Outputs of the periods that the padded signal has.
std::int64_t WholePeriods(const LengthInput& in) {
  return (in.samples / in.ratio.down + 1) * in.ratio.up;
}

}  // namespace

std::int64_t CeilingLength(const LengthInput& in) { return Outputs(in.samples, in.ratio); }

std::int64_t TorchaudioLength(const LengthInput& in) {
  const std::int64_t exact = CeilingLength(in);
  if (exact >= kFloat32Outputs) return exact;
  return std::min(static_cast<std::int64_t>(std::ceil(InFloat32(in))), WholePeriods(in));
}

std::int64_t JuliusLength(const LengthInput& in) {
  const std::int64_t whole = in.samples / in.ratio.down;
  const std::int64_t exact =
      whole * in.ratio.up + in.samples % in.ratio.down * in.ratio.up / in.ratio.down;
  if (exact >= kFloat32Outputs) return exact;
  return std::min(static_cast<std::int64_t>(std::floor(InFloat32(in))), WholePeriods(in));
}

std::int64_t RoundedLength(const LengthInput& in) {
  const double ratio = static_cast<double>(in.from_hz) / in.to_hz;
  return static_cast<std::int64_t>(std::floor(static_cast<double>(in.samples) / ratio + 0.5));
}

std::int64_t LibrosaLength(const LengthInput& in) {
  const double ratio = static_cast<double>(in.to_hz) / in.from_hz;
  return static_cast<std::int64_t>(std::ceil(static_cast<double>(in.samples) * ratio));
}

std::int64_t Resampy02Length(const LengthInput& in) {
  const double ratio = static_cast<double>(in.to_hz) / in.from_hz;
  return static_cast<std::int64_t>(static_cast<double>(in.samples) * ratio);
}

std::int64_t ResampyLength(const LengthInput& in) {
  return static_cast<std::int64_t>(static_cast<double>(in.samples) * in.to_hz / in.from_hz);
}

std::int64_t KaldiOnlineLength(const LengthInput& in) {
  // In ticks of the least common multiple of the rates: a sample has `up` of them.
  const double half_width = 6.0 / (0.99 * in.ratio.Shrinking());
  const auto unseen = static_cast<std::int64_t>(std::floor(half_width * in.ratio.up));
  const std::int64_t ticks = in.samples * in.ratio.up - unseen;
  return ticks <= 0 ? 0 : (ticks + in.ratio.down - 1) / in.ratio.down;
}

std::int64_t SwrLength(const LengthInput& in) {
  const bool begun = in.samples > in.taps;
  const std::int64_t early = begun ? Outputs(in.samples - in.taps + 1 + in.before, in.ratio) : 0;
  const std::int64_t left =
      begun ? in.samples - (early / in.ratio.up * in.ratio.down +
                            early % in.ratio.up * in.ratio.down / in.ratio.up - in.before)
            : in.samples;
  const std::int64_t all = in.samples + (std::min<std::int64_t>(left, in.taps) + 1) / 2;
  if (all <= in.taps) return 0;
  return std::max(early, Outputs(all - in.taps + 1 + in.before, in.ratio));
}

}  // namespace ossicle::internal
