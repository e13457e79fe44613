#pragma once

#include <cstdint>
#include <span>

namespace ossicle::dsp {

/// Whether no sample is a NaN or an infinity.
bool AllFinite(std::span<const float> samples) noexcept;
bool AllFinite(std::span<const double> samples) noexcept;

/// Throws Error(kNotFinite) that says where the first NaN or infinity of `samples` is: one is
/// there.
///   first  index in the signal of samples[0]
[[noreturn]] void ThrowNotFinite(std::span<const float> samples, std::int64_t first,
                                 int sample_rate_hz);
[[noreturn]] void ThrowNotFinite(std::span<const double> samples, std::int64_t first,
                                 int sample_rate_hz);

}  // namespace ossicle::dsp
