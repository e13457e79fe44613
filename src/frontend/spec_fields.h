#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <string_view>
#include <type_traits>

#include "ossicle/resampler.h"
#include "ossicle/spec.h"

// One table for each enum and one for the fields of a spec: printing, parsing, comparing and
// checking all read these.

namespace ossicle {

/// The names of an enum's values, in the order of the values.
template <class E>
inline constexpr std::nullptr_t kEnumNames = nullptr;

template <>
inline constexpr std::array kEnumNames<Downmix> = {"mean", "ffmpeg"};
template <>
inline constexpr std::array kEnumNames<InputRounding> = {"none", "int16"};
template <>
inline constexpr std::array kEnumNames<PreEmphasis> = {"none", "signal", "frame"};
template <>
inline constexpr std::array kEnumNames<Framing> = {"no-padding", "center", "kaldi-no-snip",
                                                   "explicit"};
template <>
inline constexpr std::array kEnumNames<Edge> = {"zeros", "reflect", "reflect-repeat"};
template <>
inline constexpr std::array kEnumNames<Window> = {"rectangular", "hann", "hamming", "povey"};
template <>
inline constexpr std::array kEnumNames<WindowPosition> = {"left", "center"};
template <>
inline constexpr std::array kEnumNames<Spectrum> = {"magnitude", "power", "waveform"};
template <>
inline constexpr std::array kEnumNames<MelScale> = {"slaney", "htk", "kaldi"};
template <>
inline constexpr std::array kEnumNames<MelInterpolation> = {"hz", "mel"};
template <>
inline constexpr std::array kEnumNames<MelNorm> = {"none", "slaney"};
template <>
inline constexpr std::array kEnumNames<Log> = {"none", "ln", "log10", "db-power", "db-magnitude"};
template <>
inline constexpr std::array kEnumNames<LogFloor> = {"clamp", "add"};
template <>
inline constexpr std::array kEnumNames<Layout> = {"frames-first", "bands-first"};

struct Range {
  double low = 0.0;
  double high = 0.0;
};

/// Calls visit(name, member pointer, range) for every field but `name` and `steps`, in the order of
/// the struct. Strings, enums and booleans have no range.
template <class Visit>
void ForEachField(Visit&& visit) {
  using S = FrontendSpec;
  constexpr Range kAny{};
  constexpr double kMaxSamples = 1 << 20;
  visit("sample_rate_hz", &S::sample_rate_hz, Range{1, kMaxSampleRateHz});
  visit("resampler", &S::resampler, kAny);
  visit("downmix", &S::downmix, kAny);
  visit("min_samples", &S::min_samples, Range{1, kMaxSamples});
  visit("input_scale", &S::input_scale, Range{1e-9, 1e9});
  visit("input_rounding", &S::input_rounding, kAny);
  visit("dither", &S::dither, Range{0, 1e6});
  visit("dither_seed", &S::dither_seed, kAny);
  visit("preemphasis", &S::preemphasis, kAny);
  visit("preemphasis_coefficient", &S::preemphasis_coefficient, Range{0, 1});
  visit("remove_dc", &S::remove_dc, kAny);
  visit("framing", &S::framing, kAny);
  visit("edge", &S::edge, kAny);
  visit("pad_left_samples", &S::pad_left_samples, Range{0, kMaxSamples});
  visit("pad_right_samples", &S::pad_right_samples, Range{0, kMaxSamples});
  visit("append_zeros_samples", &S::append_zeros_samples, Range{0, 16 * kMaxSamples});
  visit("drop_last_frame", &S::drop_last_frame, kAny);
  visit("window_samples", &S::window_samples, Range{1, 65536});
  visit("hop_samples", &S::hop_samples, Range{1, kMaxSamples});
  visit("window", &S::window, kAny);
  visit("window_periodic", &S::window_periodic, kAny);
  visit("window_kept_samples", &S::window_kept_samples, Range{0, 65536});
  visit("window_position", &S::window_position, kAny);
  visit("fft_size", &S::fft_size, Range{2, 65536});
  visit("spectrum", &S::spectrum, kAny);
  visit("spectrum_epsilon", &S::spectrum_epsilon, Range{0, 1});
  visit("mel_bands", &S::mel_bands, Range{1, 1024});
  visit("mel_scale", &S::mel_scale, kAny);
  visit("mel_interpolation", &S::mel_interpolation, kAny);
  visit("mel_norm", &S::mel_norm, kAny);
  visit("mel_dc", &S::mel_dc, kAny);
  visit("mel_nyquist", &S::mel_nyquist, kAny);
  visit("mel_float32", &S::mel_float32, kAny);
  visit("low_hz", &S::low_hz, Range{0, 384000});
  visit("high_hz", &S::high_hz, Range{0, 384000});
  visit("log", &S::log, kAny);
  visit("log_floor_rule", &S::log_floor_rule, kAny);
  visit("log_floor", &S::log_floor, Range{1e-37, 1});
  visit("layout", &S::layout, kAny);
}

/// The name of a step in JSON and messages.
template <class Step>
inline constexpr std::string_view kStepName = {};
template <>
inline constexpr std::string_view kStepName<PeakFloor> = "peak_floor";
template <>
inline constexpr std::string_view kStepName<Affine> = "affine";
template <>
inline constexpr std::string_view kStepName<Clip> = "clip";
template <>
inline constexpr std::string_view kStepName<SubtractMean> = "subtract_mean";
template <>
inline constexpr std::string_view kStepName<Standardize> = "standardize";
template <>
inline constexpr std::string_view kStepName<Cepstrum> = "cepstrum";

/// Calls visit(name, member pointer, range) for every field of a step.
template <class Step, class Visit>
void ForEachStepField(Visit&& visit) {
  constexpr double kLarge = 1e9;
  if constexpr (std::is_same_v<Step, PeakFloor>) {
    visit("range", &PeakFloor::range, Range{0, kLarge});
  } else if constexpr (std::is_same_v<Step, Affine>) {
    visit("scale", &Affine::scale, Range{-kLarge, kLarge});
    visit("offset", &Affine::offset, Range{-kLarge, kLarge});
  } else if constexpr (std::is_same_v<Step, Clip>) {
    visit("low", &Clip::low, Range{-kLarge, kLarge});
    visit("high", &Clip::high, Range{-kLarge, kLarge});
  } else if constexpr (std::is_same_v<Step, Standardize>) {
    visit("ddof", &Standardize::ddof, Range{0, 1});
    visit("epsilon", &Standardize::epsilon, Range{0, 1});
    visit("epsilon_in_variance", &Standardize::epsilon_in_variance, Range{});
  } else if constexpr (std::is_same_v<Step, Cepstrum>) {
    visit("coefficients", &Cepstrum::coefficients, Range{1, 1024});
    visit("lifter", &Cepstrum::lifter, Range{0, 1e6});
    visit("log_energy", &Cepstrum::log_energy, Range{});
  }
}

}  // namespace ossicle
