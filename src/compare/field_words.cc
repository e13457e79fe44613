#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "compare/describe.h"
#include "compare/field_names.h"
#include "compare/words.h"
#include "frontend/spec_fields.h"

namespace ossicle::compare {
namespace {

std::string FramingName(const FrontendSpec& spec) {
  constexpr std::array kNames = {"no padding", "centred", "Kaldi's no-snip"};
  if (spec.framing != Framing::kExplicit) return kNames[static_cast<std::size_t>(spec.framing)];
  return "padded by " + std::to_string(spec.pad_left_samples) + " and " +
         std::to_string(spec.pad_right_samples);
}

std::string Samples(int count) {
  return std::to_string(count) + (count == 1 ? " sample" : " samples");
}

std::string Lateness(int late) {
  return "frames are " + Samples(std::abs(late)) + (late > 0 ? " late" : " early");
}

/// Units of the finished logarithm by which samples that are `ratio` times as large raise it.
double RiseOf(double ratio, const FrontendSpec& spec) {
  const double power = spec.spectrum == Spectrum::kPower ? 2.0 : 1.0;
  switch (spec.log) {
    case Log::kNone:
      return std::pow(ratio, power);
    case Log::kLn:
      return power * std::log(ratio);
    case Log::kLog10:
      return power * std::log10(ratio);
    case Log::kDbPower:
      return 10.0 * power * std::log10(ratio);
    case Log::kDbMagnitude:
      break;
  }
  return 20.0 * power * std::log10(ratio);
}

std::string FourDigits(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.4g", value);
  return text;
}

std::string Rise(double ratio, const FrontendSpec& spec) {
  const double rise = RiseOf(ratio, spec);
  if (spec.log == Log::kNone) return FourDigits(rise) + " times as large";
  const char* unit = spec.log == Log::kLn ? "in ln" : spec.log == Log::kLog10 ? "in log10" : "dB";
  const std::string amount = FourDigits(std::abs(rise));
  const char* direction = rise < 0.0 ? "lower" : "higher";
  if (*unit == 'd') return amount + " dB " + direction;
  return amount + " " + direction + " " + unit;
}

std::string InputScaleWords(const FrontendSpec& alone, const FrontendSpec& wanted) {
  const std::string rise = Rise(alone.input_scale / wanted.input_scale, wanted);
  constexpr double k16Bit = 32768.0;
  if (alone.input_scale == k16Bit && wanted.input_scale == 1.0) {
    return "16-bit scale, not -1..1: " + rise;
  }
  if (alone.input_scale == 1.0 && wanted.input_scale == k16Bit) {
    return "samples in -1..1, not on the 16-bit scale: " + rise;
  }
  return "samples times " + Rounded(alone.input_scale) + " against " + Rounded(wanted.input_scale) +
         ": " + rise;
}

std::string FramingWords(const FrontendSpec& alone, const FrontendSpec& wanted) {
  const std::string names = FramingName(alone) + ", not " + FramingName(wanted);
  const int late = FramesLateBy(alone, wanted);
  return late == 0 ? "frames are " + names : Lateness(late) + ": " + names;
}

std::string PositionWords(const FrontendSpec& alone, const FrontendSpec& wanted) {
  const bool left = alone.window_position == WindowPosition::kLeft;
  const std::string text = left ? "window at the start of the FFT, not in its middle"
                                : "window in the middle of the FFT, not at its start";
  const int late = FramesLateBy(alone, wanted);
  return late == 0 ? text : text + ": " + Lateness(late);
}

std::string KeptWords(const FrontendSpec& alone, const FrontendSpec& wanted) {
  const auto kept = [](const FrontendSpec& spec) {
    if (spec.window_kept_samples == 0) return std::string("whole");
    return "cut at " + std::to_string(spec.window_kept_samples) + " of " +
           Samples(spec.window_samples);
  };
  return "window " + kept(alone) + ", not " + kept(wanted);
}

double PerNeper(Log log) {
  if (log == Log::kLn) return 1.0;
  return (log == Log::kLog10 ? 1.0 : log == Log::kDbPower ? 10.0 : 20.0) / std::log(10.0);
}

std::string LogWords(const FrontendSpec& alone, const FrontendSpec& wanted) {
  const std::string names = std::string(Name(alone.log)) + ", not " + Name(wanted.log);
  if (alone.log == Log::kNone || wanted.log == Log::kNone) return names;
  return names + ": " + FourDigits(PerNeper(alone.log) / PerNeper(wanted.log)) + " times as large";
}

std::string LogFloorRuleWords(const FrontendSpec& alone, const FrontendSpec&) {
  return alone.log_floor_rule == LogFloor::kAdd
             ? "floor added before the logarithm, not a lower limit"
             : "floor a lower limit, not added before the logarithm";
}

std::string LayoutWords(const FrontendSpec& alone, const FrontendSpec&) {
  return alone.layout == Layout::kBandsFirst ? "bands first, not frames first"
                                             : "frames first, not bands first";
}

std::string PreEmphasisWords(const FrontendSpec& alone, const FrontendSpec& wanted) {
  if (alone.preemphasis == PreEmphasis::kNone) {
    return std::string("no pre-emphasis, not ") + Name(wanted.preemphasis);
  }
  return std::string("pre-emphasis ") + Name(alone.preemphasis) + ", not " +
         Name(wanted.preemphasis);
}

std::string MelNormWords(const FrontendSpec& alone) {
  return alone.mel_norm == MelNorm::kNone ? "no mel norm, not Slaney's"
                                          : "Slaney's mel norm, not none";
}

/// "WHAT 160 against 200".
std::string Against(const char* what, double alone, double wanted, const std::string& unit = "") {
  const bool look_equal = Rounded(alone) == Rounded(wanted);
  const auto text = [&](double value) {
    return (look_equal ? Exact(value) : Rounded(value)) + unit;
  };
  return std::string(what) + " " + text(alone) + " against " + text(wanted);
}

struct FieldPhrase {
  std::string_view field;
  std::string (*words)(const FrontendSpec& alone, const FrontendSpec& wanted);
};

using S = FrontendSpec;

constexpr std::array kPhrases = {
    FieldPhrase{"sample_rate_hz",
                [](const S& a, const S& w) {
                  return Against("sample rate", a.sample_rate_hz, w.sample_rate_hz, " Hz");
                }},
    FieldPhrase{"resampler",
                [](const S& a, const S& w) {
                  return "other rates resampled by " + a.resampler + ", not " + w.resampler;
                }},
    FieldPhrase{"downmix",
                [](const S& a, const S& w) {
                  return std::string("several channels: ") + Name(a.downmix) + ", not " +
                         Name(w.downmix);
                }},
    FieldPhrase{"min_samples",
                [](const S& a, const S& w) {
                  return Against("fewest samples that are taken", a.min_samples, w.min_samples);
                }},
    FieldPhrase{"input_scale", InputScaleWords},
    FieldPhrase{"input_rounding",
                [](const S& a, const S&) -> std::string {
                  return a.input_rounding == InputRounding::kInt16
                             ? "samples rounded to 16 bits, not as they are"
                             : "samples as they are, not rounded to 16 bits";
                }},
    FieldPhrase{"dither",
                [](const S& a, const S& w) { return Against("dither", a.dither, w.dither); }},
    FieldPhrase{"preemphasis", PreEmphasisWords},
    FieldPhrase{"preemphasis_coefficient",
                [](const S& a, const S& w) {
                  return Against("pre-emphasis", a.preemphasis_coefficient,
                                 w.preemphasis_coefficient);
                }},
    FieldPhrase{"remove_dc",
                [](const S& a, const S&) -> std::string {
                  return a.remove_dc ? "each frame's mean removed, not kept"
                                     : "each frame's mean kept, not removed";
                }},
    FieldPhrase{"framing", FramingWords},
    FieldPhrase{"edge",
                [](const S& a, const S& w) {
                  return std::string("beyond the ends ") + Name(a.edge) + ", not " + Name(w.edge);
                }},
    FieldPhrase{"append_zeros_samples",
                [](const S& a, const S& w) {
                  return std::to_string(a.append_zeros_samples) +
                         " zeros after the audio against " + std::to_string(w.append_zeros_samples);
                }},
    FieldPhrase{"drop_last_frame",
                [](const S& a, const S&) -> std::string {
                  return a.drop_last_frame ? "last frame dropped, not kept"
                                           : "last frame kept, not dropped";
                }},
    FieldPhrase{"window_samples",
                [](const S& a, const S& w) {
                  return Against("window", a.window_samples, w.window_samples);
                }},
    FieldPhrase{
        "hop_samples",
        [](const S& a, const S& w) { return Against("hop", a.hop_samples, w.hop_samples); }},
    FieldPhrase{"window",
                [](const S& a, const S& w) {
                  return std::string(Name(a.window)) + " window, not " + Name(w.window);
                }},
    FieldPhrase{"window_periodic",
                [](const S& a, const S& w) {
                  return std::string(Name(w.window)) + (a.window_periodic
                                                            ? " periodic, not symmetric"
                                                            : " symmetric, not periodic");
                }},
    FieldPhrase{"window_kept_samples", KeptWords},
    FieldPhrase{"window_position", PositionWords},
    FieldPhrase{"fft_size",
                [](const S& a, const S& w) { return Against("FFT", a.fft_size, w.fft_size); }},
    FieldPhrase{"spectrum",
                [](const S& a, const S& w) {
                  return std::string(Name(a.spectrum)) + ", not " + Name(w.spectrum);
                }},
    FieldPhrase{"spectrum_epsilon",
                [](const S& a, const S& w) {
                  return Against("added to the spectrum", a.spectrum_epsilon, w.spectrum_epsilon);
                }},
    FieldPhrase{
        "mel_bands",
        [](const S& a, const S& w) { return Against("mel bands", a.mel_bands, w.mel_bands); }},
    FieldPhrase{"mel_scale",
                [](const S& a, const S& w) {
                  return std::string(Name(a.mel_scale)) + " mel scale, not " + Name(w.mel_scale);
                }},
    FieldPhrase{"mel_interpolation",
                [](const S& a, const S& w) {
                  return std::string("mel triangles straight in ") + Name(a.mel_interpolation) +
                         ", not in " + Name(w.mel_interpolation);
                }},
    FieldPhrase{"mel_norm", [](const S& a, const S&) { return MelNormWords(a); }},
    FieldPhrase{"mel_dc",
                [](const S& a, const S&) -> std::string {
                  return a.mel_dc ? "the bin at 0 Hz counts, not left out"
                                  : "the bin at 0 Hz left out, not counted";
                }},
    FieldPhrase{"mel_nyquist",
                [](const S& a, const S&) -> std::string {
                  return a.mel_nyquist ? "the bin at half the rate counts, not left out"
                                       : "the bin at half the rate left out, not counted";
                }},
    FieldPhrase{"mel_float32",
                [](const S& a, const S&) -> std::string {
                  return a.mel_float32 ? "mel weights rounded to float32, not in double"
                                       : "mel weights in double, not rounded to float32";
                }},
    FieldPhrase{"low_hz",
                [](const S& a, const S& w) {
                  return Against("lowest frequency", a.low_hz, w.low_hz, " Hz");
                }},
    FieldPhrase{
        "high_hz",
        [](const S& a,
           const S& w) { return Against("highest frequency", a.high_hz, w.high_hz, " Hz"); }},
    FieldPhrase{"log", LogWords},
    FieldPhrase{"log_floor_rule", LogFloorRuleWords},
    FieldPhrase{"log_floor",
                [](const S& a, const S& w) { return Against("floor", a.log_floor, w.log_floor); }},
    FieldPhrase{"layout", LayoutWords},
};

}  // namespace

std::string FieldWords(std::string_view field, const FrontendSpec& alone,
                       const FrontendSpec& wanted) {
  for (const FieldPhrase& phrase : kPhrases) {
    if (phrase.field == field) return phrase.words(alone, wanted);
  }
  return std::string(field) + " " + FieldValue(alone, field) + " against " +
         FieldValue(wanted, field);
}

}  // namespace ossicle::compare
