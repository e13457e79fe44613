#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "ossicle/spec.h"

namespace ossicle::test {

inline FrontendSpec With(FrontendSpec spec, const std::function<void(FrontendSpec&)>& change) {
  change(spec);
  return spec;
}

/// One change of a preset, and what is said of it.
struct Wording {
  const char* preset;
  std::function<void(FrontendSpec&)> change;
  const char* text;
};

inline const std::vector<Wording>& Wordings() {
  static const std::vector<Wording> wordings = {
      {"whisper-80", [](auto& s) { s.hop_samples = 200; }, "hop 200 against 160"},
      {"whisper-80", [](auto& s) { s.window_samples = 320; }, "window 320 against 400"},
      {"whisper-80", [](auto& s) { s.fft_size = 512; }, "FFT 512 against 400"},
      {"whisper-80", [](auto& s) { s.window_periodic = false; }, "Hann symmetric, not periodic"},
      {"kaldi-fbank-80", [](auto& s) { s.window_periodic = true; },
       "Povey periodic, not symmetric"},
      {"kaldi-fbank-80", [](auto& s) { s.window = Window::kHamming; }, "Hamming window, not Povey"},
      {"whisper-80", [](auto& s) { s.framing = Framing::kKaldiNoSnip; },
       "frames are 80 samples late: Kaldi's no-snip, not centred"},
      {"whisper-80", [](auto& s) { s.framing = Framing::kNoPadding; },
       "frames are 200 samples late: no padding, not centred"},
      {"whisper-80",
       [](auto& s) {
         s.framing = Framing::kExplicit;
         s.pad_left_samples = 201;
         s.pad_right_samples = 199;
       },
       "frames are 1 sample early: padded by 201 and 199, not centred"},
      {"whisper-80",
       [](auto& s) {
         s.framing = Framing::kExplicit;
         s.pad_left_samples = 200;
       },
       "frames are padded by 200 and 0, not centred"},
      {"kaldi-fbank-80", [](auto& s) { s.window_position = WindowPosition::kCenter; },
       "window in the middle of the FFT, not at its start: frames are 56 samples late"},
      {"whisper-80", [](auto& s) { s.spectrum = Spectrum::kMagnitude; }, "magnitude, not power"},
      {"wav2lip", [](auto& s) { s.window_kept_samples = 640; },
       "window cut at 640 of 800 samples, not whole"},
      {"wav2lip", [](auto& s) { s.spectrum = Spectrum::kPower; }, "power, not magnitude"},
      {"kaldi-fbank-80", [](auto& s) { s.input_scale = 1; },
       "samples in -1..1, not on the 16-bit scale: 20.79 lower in ln"},
      {"whisper-80", [](auto& s) { s.input_scale = 32768; },
       "16-bit scale, not -1..1: 9.031 higher in log10"},
      {"wav2lip", [](auto& s) { s.input_scale = 32768; },
       "16-bit scale, not -1..1: 90.31 dB higher"},
      {"openwakeword", [](auto& s) { s.input_scale = 1; },
       "samples in -1..1, not on the 16-bit scale: 90.31 dB lower"},
      {"openwakeword", [](auto& s) { s.input_scale = 65536; },
       "samples times 65536 against 32768: 6.021 dB higher"},
      {"openwakeword", [](auto& s) { s.input_rounding = InputRounding::kNone; },
       "samples as they are, not rounded to 16 bits"},
      {"kaldi-fbank-80", [](auto& s) { s.dither = 1; }, "dither 1 against 0"},
      {"kaldi-fbank-80", [](auto& s) { s.preemphasis = PreEmphasis::kSignal; },
       "pre-emphasis over the signal, not in each frame"},
      {"kaldi-fbank-80", [](auto& s) { s.preemphasis = PreEmphasis::kNone; },
       "no pre-emphasis, not in each frame"},
      {"wav2lip", [](auto& s) { s.preemphasis_coefficient = 0.95; },
       "pre-emphasis 0.95 against 0.97"},
      {"kaldi-fbank-80", [](auto& s) { s.remove_dc = false; },
       "each frame's mean kept, not removed"},
      {"wav2lip", [](auto& s) { s.edge = Edge::kReflect; }, "beyond the ends mirrored, not zeros"},
      {"whisper-80", [](auto& s) { s.append_zeros_samples = 480000; },
       "480000 zeros after the audio against 0"},
      {"whisper-80", [](auto& s) { s.drop_last_frame = false; }, "last frame kept, not dropped"},
      {"whisper-80", [](auto& s) { s.mel_bands = 128; }, "mel bands 128 against 80"},
      {"whisper-80", [](auto& s) { s.mel_scale = MelScale::kHtk; },
       "HTK's mel scale, not Slaney's"},
      {"whisper-80", [](auto& s) { s.mel_interpolation = MelInterpolation::kMel; },
       "mel triangles straight in mel, not in Hz"},
      {"whisper-80", [](auto& s) { s.mel_norm = MelNorm::kNone; }, "no mel norm, not Slaney's"},
      {"whisper-80", [](auto& s) { s.mel_dc = false; }, "the bin at 0 Hz left out, not counted"},
      {"whisper-80", [](auto& s) { s.low_hz = 20; }, "lowest frequency 20 Hz against 0 Hz"},
      {"whisper-80", [](auto& s) { s.high_hz = 7600; },
       "highest frequency 7600 Hz against 8000 Hz"},
      {"whisper-80", [](auto& s) { s.high_hz = 7999.9999; },
       "highest frequency 7999.9999 Hz against 8000 Hz"},
      {"whisper-80", [](auto& s) { s.log = Log::kLn; }, "ln, not log10: 2.303 times as large"},
      {"whisper-80", [](auto& s) { s.log = Log::kNone; }, "no logarithm, not log10"},
      {"whisper-80", [](auto& s) { s.log_floor = 1e-5; }, "floor 1e-05 against 1e-10"},
      {"whisper-80", [](auto& s) { s.log_floor_rule = LogFloor::kAdd; },
       "floor added before the logarithm, not a lower limit"},
      {"whisper-80", [](auto& s) { s.layout = Layout::kFramesFirst; },
       "frames first, not bands first"},
      {"whisper-80", [](auto& s) { s.sample_rate_hz = 22050; },
       "sample rate 22050 Hz against 16000 Hz"},
      {"whisper-80", [](auto& s) { s.resampler = "soxr-hq"; },
       "other rates resampled by soxr-hq, not swr-s16"},
      {"whisper-80", [](auto& s) { s.downmix = Downmix::kMean; },
       "several channels: their mean, not mixed as ffmpeg does"},
      {"whisper-80", [](auto& s) { s.steps[0] = PeakFloor{10}; },
       "raised to the peak - 10, not raised to the peak - 8"},
      {"whisper-80", [](auto& s) { s.steps.pop_back(); }, "not turned into 0.25 x + 1"},
      {"whisper-80", [](auto& s) { s.steps.push_back(Clip{-1, 1}); }, "also clipped to -1..1"},
      {"kaldi-fbank-80", [](auto& s) { s.steps = {SubtractMean{}}; },
       "also less the mean of each band"},
      {"kaldi-fbank-80", [](auto& s) { s.steps = {Standardize{0, 1e-7, true}}; },
       "also standardised in each band (divisor n, epsilon 1e-07 in the variance)"},
      {"kaldi-fbank-80", [](auto& s) { s.steps = {Cepstrum{}}; },
       "also turned into 13 cepstra (lifter 22)"},
  };
  return wordings;
}

}  // namespace ossicle::test
