#include "bits/specs.h"

#include <array>

namespace ossicle::bits {

namespace {

// Each FFT size takes another mix of radices; hops are shorter and longer than a vector; the steps
// together are all there are.
constexpr std::array kJson = {
    R"({"name": "fft-1024-reflect", "sample_rate_hz": 22050, "window_samples": 1024,
        "hop_samples": 256, "fft_size": 1024, "edge": "reflect-repeat", "high_hz": 11025,
        "mel_scale": "htk", "log": "db-power", "steps": [{"step": "peak_floor", "range": 80}]})",
    R"({"name": "fft-2048-standardize", "sample_rate_hz": 44100, "window_samples": 2000,
        "hop_samples": 441, "fft_size": 2048, "window": "hamming", "mel_bands": 128,
        "high_hz": 20000, "spectrum": "magnitude", "log": "log10", "log_floor_rule": "add",
        "steps": [{"step": "standardize", "ddof": 1, "epsilon": 1e-5}], "layout": "bands-first"})",
    R"({"name": "fft-405-odd", "window_samples": 405, "hop_samples": 135, "fft_size": 405,
        "mel_bands": 41, "spectrum": "magnitude", "spectrum_epsilon": 1e-9, "log": "db-magnitude",
        "steps": [{"step": "subtract_mean"}, {"step": "clip", "low": -20, "high": 60}]})",
    R"({"name": "fft-375-hop-3", "window_samples": 301, "hop_samples": 3, "fft_size": 375,
        "window": "rectangular", "mel_bands": 23, "append_zeros_samples": 77, "log": "none",
        "layout": "bands-first"})",
    R"({"name": "fft-64-hop-500", "window_samples": 50, "hop_samples": 500, "fft_size": 64,
        "framing": "explicit", "pad_left_samples": 11, "pad_right_samples": 29, "edge": "reflect",
        "mel_bands": 8, "preemphasis": "signal", "steps": [{"step": "affine", "scale": -0.5,
        "offset": 0.25}]})",
    R"({"name": "fft-4096-dither", "sample_rate_hz": 48000, "window_samples": 4096,
        "hop_samples": 1000, "fft_size": 4096, "input_scale": 32768, "input_rounding": "int16",
        "dither": 1, "dither_seed": 7, "mel_bands": 200, "high_hz": 24000, "mel_norm": "none",
        "mel_scale": "kaldi", "mel_interpolation": "mel", "drop_last_frame": true})",
    R"({"name": "fft-512-cepstrum", "input_scale": 32768, "preemphasis": "frame",
        "remove_dc": true, "framing": "kaldi-no-snip", "edge": "reflect-repeat",
        "window": "povey", "window_periodic": false, "window_position": "left", "fft_size": 512,
        "mel_bands": 23, "mel_scale": "kaldi", "mel_interpolation": "mel", "mel_norm": "none",
        "mel_dc": false, "mel_nyquist": false, "mel_float32": false, "low_hz": 20,
        "log_floor": 1.1920928955078125e-07,
        "steps": [{"step": "cepstrum", "coefficients": 13, "lifter": 22, "log_energy": true}]})",
    R"({"name": "fft-480-late-cepstrum", "window_samples": 480, "hop_samples": 160,
        "fft_size": 480, "mel_bands": 40, "log": "db-power", "steps": [
        {"step": "peak_floor", "range": 80}, {"step": "cepstrum", "coefficients": 20, "lifter": 0},
        {"step": "standardize", "ddof": 0, "epsilon": 0}]})",
    // The table of samples as the kernel fills it by itself: rounded; and the means subtracted.
    R"({"name": "fft-1024-int16", "window_samples": 1024, "hop_samples": 200, "fft_size": 1024,
        "input_scale": 32768, "input_rounding": "int16", "mel_bands": 64})",
    R"({"name": "fft-2048-remove-dc", "sample_rate_hz": 44100, "window_samples": 2048,
        "hop_samples": 512, "fft_size": 2048, "remove_dc": true, "mel_bands": 96})",
    R"({"name": "fft-800-cut", "window_samples": 800, "window_kept_samples": 640,
        "hop_samples": 200, "fft_size": 800, "steps": [
        {"step": "standardize", "ddof": 0, "epsilon": 1e-3, "epsilon_in_variance": true}]})",
    R"({"name": "waveform", "window_samples": 1, "hop_samples": 1, "window_position": "left",
        "framing": "no-padding", "spectrum": "waveform", "mel_bands": 1, "log": "none",
        "preemphasis": "signal", "steps": [{"step": "affine", "scale": 2, "offset": 0.25},
        {"step": "peak_floor", "range": 0.5}]})",
    R"({"name": "fft-512-hop-600", "window_samples": 400, "hop_samples": 600, "fft_size": 512,
        "remove_dc": true, "mel_bands": 40})",
    // Zeros of both signs meet in a minimum and a maximum, where instruction sets choose.
    R"({"name": "signed-zeros", "mel_bands": 20, "log": "none", "steps": [
        {"step": "affine", "scale": -1, "offset": -0.0}, {"step": "clip", "low": -0.5, "high": 0},
        {"step": "affine", "scale": -1, "offset": -0.0},
        {"step": "clip", "low": -0.0, "high": 0.25}]})",
};

}  // namespace

std::vector<FrontendSpec> Specs() {
  std::vector<FrontendSpec> specs;
  for (const PresetInfo& preset : Presets()) specs.push_back(Preset(preset.name));
  for (const char* json : kJson) specs.push_back(FrontendSpec::FromJson(json));
  for (FrontendSpec& spec : specs) spec.min_samples = 1;  // all lengths for all specs
  return specs;
}

}  // namespace ossicle::bits
