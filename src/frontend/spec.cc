#include "ossicle/spec.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <string>

#include "frontend/invalid.h"
#include "frontend/spec_fields.h"
#include "ossicle/resampler.h"

namespace ossicle {

namespace {

using internal::Invalid;

std::string Number(double value) {
  char buffer[32];
#ifdef __cpp_lib_to_chars
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value).ptr;
  return {buffer, end};
#else  // libc++ before 20
  std::snprintf(buffer, sizeof(buffer), "%.12g", value);
  return buffer;
#endif
}

void CheckRange(const std::string& field, double value, Range range) {
  if (value >= range.low && value <= range.high) return;  // false for NaN
  Invalid(field + "=" + Number(value) + ", but it must be " + Number(range.low) + ".." +
          Number(range.high));
}

template <class T>
void CheckField(const std::string& name, const T& value, Range range) {
  if constexpr (std::is_enum_v<T>) {
    const auto index = static_cast<std::size_t>(value);
    if (index >= kEnumNames<T>.size()) {
      Invalid(name + "=" + std::to_string(index) + ", but it must be 0.." +
              std::to_string(kEnumNames<T>.size() - 1));
    }
  } else if constexpr (std::is_same_v<T, int> || std::is_same_v<T, double>) {
    CheckRange(name, value, range);
  }
}

bool IsFiveSmooth(int n) {
  for (const int factor : {2, 3, 5}) {
    while (n % factor == 0) n /= factor;
  }
  return n == 1;
}

int NextFiveSmooth(int n) {
  while (!IsFiveSmooth(n)) ++n;
  return n;
}

void CheckFft(const FrontendSpec& spec) {
  if (!IsFiveSmooth(spec.fft_size)) {
    Invalid("fft_size=" + std::to_string(spec.fft_size) +
            ", but it must be a product of powers of 2, 3 and 5; the next one is " +
            std::to_string(NextFiveSmooth(spec.fft_size)));
  }
  if (spec.window_samples > spec.fft_size) {
    Invalid("window_samples=" + std::to_string(spec.window_samples) + ", but it must be 1.." +
            std::to_string(spec.fft_size) + " (fft_size); make fft_size larger");
  }
}

void CheckKeptSamples(const FrontendSpec& spec) {
  if (spec.window_kept_samples <= spec.window_samples) return;
  Invalid("window_kept_samples=" + std::to_string(spec.window_kept_samples) +
          ", but it must be 0.." + std::to_string(spec.window_samples) + " (window_samples)");
}

/// A waveform has no frames, no bands and no logarithm: fields that speak of them say so.
void CheckWaveform(const FrontendSpec& spec) {
  if (spec.spectrum != Spectrum::kWaveform) return;
  const auto require = [](bool holds, const char* what) {
    if (!holds) Invalid(std::string("spectrum is \"waveform\", but then ") + what);
  };
  require(spec.window_samples == 1 && spec.hop_samples == 1 && spec.mel_bands == 1,
          "window_samples, hop_samples and mel_bands must be 1");
  require(spec.window_position == WindowPosition::kLeft && spec.framing == Framing::kNoPadding,
          "window_position must be \"left\" and framing \"no-padding\"");
  require(spec.preemphasis != PreEmphasis::kFrame && !spec.remove_dc,
          "preemphasis must not be \"frame\" and remove_dc must be false");
  require(spec.log == Log::kNone && spec.spectrum_epsilon == 0.0,
          "log must be \"none\" and spectrum_epsilon 0");
  const auto is_cepstrum = [](const Step& step) { return std::holds_alternative<Cepstrum>(step); };
  require(std::none_of(spec.steps.begin(), spec.steps.end(), is_cepstrum),
          "steps must have no cepstrum");
}

void CheckPads(const FrontendSpec& spec) {
  if (spec.framing == Framing::kExplicit) return;
  if (spec.pad_left_samples != 0 || spec.pad_right_samples != 0) {
    Invalid("pad_left_samples=" + std::to_string(spec.pad_left_samples) +
            ", pad_right_samples=" + std::to_string(spec.pad_right_samples) +
            ", but both must be 0 unless framing is \"explicit\"");
  }
}

void CheckBandEdges(const FrontendSpec& spec) {
  const double nyquist = spec.sample_rate_hz / 2.0;
  if (spec.high_hz > nyquist || spec.high_hz <= spec.low_hz) {
    Invalid("low_hz=" + Number(spec.low_hz) + ", high_hz=" + Number(spec.high_hz) +
            ", but 0 <= low_hz < high_hz <= " + Number(nyquist) +
            " (half of sample_rate_hz) must hold");
  }
}

struct CheckStep {
  const FrontendSpec& spec;
  std::string where;

  template <class S>
  void operator()(const S& step) const {
    ForEachStepField<S>([&](const char* name, auto member, Range range) {
      CheckField(where + "." + name, step.*member, range);
    });
    if constexpr (std::is_same_v<S, Clip>) {
      if (step.low > step.high) {
        Invalid(where + ".low=" + Number(step.low) +
                ", but it must be at most high=" + Number(step.high));
      }
    }
    if constexpr (std::is_same_v<S, Cepstrum>) {
      if (step.coefficients > spec.mel_bands) {
        Invalid(where + ".coefficients=" + std::to_string(step.coefficients) +
                ", but it must be 1.." + std::to_string(spec.mel_bands) + " (mel_bands)");
      }
    }
  }
};

void CheckSteps(const FrontendSpec& spec) {
  int cepstra = 0;
  int statistics_before_cepstrum = 0;
  for (std::size_t i = 0; i < spec.steps.size(); ++i) {
    const Step& step = spec.steps[i];
    std::visit(CheckStep{spec, "steps[" + std::to_string(i) + "]"}, step);
    if (std::holds_alternative<Cepstrum>(step)) ++cepstra;
    if (cepstra > 1) Invalid("steps has 2 cepstrum steps, but at most 1 is possible");
    const bool by_band =
        std::holds_alternative<SubtractMean>(step) || std::holds_alternative<Standardize>(step);
    const bool peak = std::holds_alternative<PeakFloor>(step);
    if (cepstra == 0) statistics_before_cepstrum += by_band ? 2 : peak ? 1 : 0;
  }
  if (cepstra == 1 && statistics_before_cepstrum > 1) {
    Invalid(
        "steps has a mean, a standardize or two peak_floor steps before the cepstrum, but only one "
        "peak_floor may stand there; put the others after it");
  }
}

}  // namespace

bool FrontendSpec::operator==(const FrontendSpec& other) const {
  bool equal = steps == other.steps;
  ForEachField(
      [&](const char*, auto member, Range) { equal = equal && this->*member == other.*member; });
  return equal;
}

int FrontendSpec::bands() const {
  for (const Step& step : steps) {
    if (const auto* cepstrum = std::get_if<Cepstrum>(&step)) return cepstrum->coefficients;
  }
  return mel_bands;
}

int FrontendSpec::frame_samples() const {
  return window_position == WindowPosition::kLeft ? window_samples : fft_size;
}

int FrontendSpec::pad_left() const {
  switch (framing) {
    case Framing::kNoPadding:
      return 0;
    case Framing::kCenter:
      return fft_size / 2;
    case Framing::kKaldiNoSnip:
      return window_samples / 2 - hop_samples / 2 + (frame_samples() - window_samples) / 2;
    case Framing::kExplicit:
      break;
  }
  return pad_left_samples;
}

int FrontendSpec::pad_right() const {
  switch (framing) {
    case Framing::kNoPadding:
      return 0;
    case Framing::kCenter:
      return fft_size / 2;
    case Framing::kKaldiNoSnip:
      // The pad that makes the general rule give floor((N + hop/2) / hop) frames.
      return frame_samples() - pad_left() + hop_samples / 2 - hop_samples;
    case Framing::kExplicit:
      break;
  }
  return pad_right_samples;
}

void FrontendSpec::Validate() const {
  ForEachField([&](const char* field, auto member, Range range) {
    CheckField(field, this->*member, range);
  });
  FindResampler(resampler);
  CheckFft(*this);
  CheckKeptSamples(*this);
  CheckWaveform(*this);
  CheckPads(*this);
  CheckBandEdges(*this);
  CheckSteps(*this);
}

std::string FeatureUnit(const FrontendSpec& spec) {
  bool changed = false;
  for (const Step& step : spec.steps) {
    if (std::holds_alternative<Cepstrum>(step)) return "cepstral coefficient";
    changed |= std::holds_alternative<Affine>(step) || std::holds_alternative<Standardize>(step);
  }
  if (changed) return "normalised";
  const std::string spectrum = spec.spectrum == Spectrum::kPower       ? "power"
                               : spec.spectrum == Spectrum::kMagnitude ? "magnitude"
                                                                       : "sample";
  switch (spec.log) {
    case Log::kNone:
      return spectrum;
    case Log::kLn:
      return "ln " + spectrum;
    case Log::kLog10:
      return "log10 " + spectrum;
    default:
      return "dB";
  }
}

}  // namespace ossicle
