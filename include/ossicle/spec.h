#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ossicle/enums.h"

namespace ossicle {

/// Steps after the logarithm, applied in the order of FrontendSpec::steps.

/// x = max(x, peak - range), peak being the largest value of the whole signal at this step.
struct PeakFloor {
  double range = 80.0;
  bool operator==(const PeakFloor&) const = default;
};
/// x = scale * x + offset.
struct Affine {
  double scale = 1.0;
  double offset = 0.0;
  bool operator==(const Affine&) const = default;
};
/// x = min(max(x, low), high).
struct Clip {
  double low = 0.0;
  double high = 1.0;
  bool operator==(const Clip&) const = default;
};
/// Per band: x -= mean over all frames.
struct SubtractMean {
  bool operator==(const SubtractMean&) const = default;
};
/// Per band: x = (x - mean) / (std + epsilon), or (x - mean) / sqrt(std^2 + epsilon) with
/// `epsilon_in_variance`; std over all frames with divisor frames - ddof. A band whose divisor is
/// 0, or that never changes, becomes 0.
struct Standardize {
  int ddof = 1;
  double epsilon = 1e-5;
  bool epsilon_in_variance = false;
  bool operator==(const Standardize&) const = default;
};
/// Orthonormal DCT-II over the bands; coefficient i is then multiplied by
/// 1 + lifter / 2 * sin(pi * i / lifter) (lifter 0: by 1). With `log_energy`, coefficient 0 is
/// replaced by ln(max(sum of the frame's squares, 1.1920929e-07)) of its window_samples samples
/// after DC removal and before PreEmphasis::kFrame and the window.
struct Cepstrum {
  int coefficients = 13;
  double lifter = 22.0;
  bool log_energy = false;
  bool operator==(const Cepstrum&) const = default;
};
using Step = std::variant<PeakFloor, Affine, Clip, SubtractMean, Standardize, Cepstrum>;

/// Everything that decides a feature. A plain value: copy it, change it, compare it, print it.
/// The stages run in the order of the fields. Presets are specs with a name (PresetNames()).
///
/// Frame t covers the samples t * hop_samples - pad ... + frame_samples(), where frame_samples() is
/// window_samples (window_position left) or fft_size (center). With N = samples +
/// append_zeros_samples and pads L, R the number of frames is 1 + floor((N + L + R -
/// frame_samples()) / hop_samples), 0 when that is negative or when there are fewer samples than
/// min_samples.
struct FrontendSpec {
  /// The preset's name; a label only, ignored by operator==.
  std::string name = "custom";

  int sample_rate_hz = 16000;  ///< 1..768000
  /// What brings audio of another rate to sample_rate_hz: a name of Resamplers(). Audio that has
  /// this rate is not touched.
  std::string resampler = "soxr-hq";
  /// What becomes of several channels: their mean, which is then resampled; or the mix of ffmpeg's
  /// -ac 1, which resamples each channel first. See AudioOptions.
  Downmix downmix = Downmix::kMean;
  /// Fewer samples, unless there are none, are Error(kShape): for references that refuse them, such
  /// as those that mirror a signal once. 1..2^20
  int min_samples = 1;

  // Samples. Full scale of the input is 1.0.
  double input_scale = 1.0;  ///< multiplies every sample: 32768 for front ends on the 16-bit scale
  /// kInt16: after scaling by input_scale, round to an integer and clip to -32768..32767.
  InputRounding input_rounding = InputRounding::kNone;
  double dither = 0.0;  ///< standard deviation of seeded noise, added after scaling; 0: none
  std::uint64_t dither_seed = 0;  ///< the noise is a function of the seed and the sample's index

  // Pre-emphasis y[n] = x[n] - c x[n-1]: over the whole signal (y[0] = x[0]) or within each frame
  // after DC removal (y[0] = x[0] - c x[0]).
  PreEmphasis preemphasis = PreEmphasis::kNone;
  double preemphasis_coefficient = 0.97;  ///< 0..1
  bool remove_dc = false;                 ///< subtract each frame's mean over window_samples

  // Framing.
  /// kNoPadding: L = R = 0.  kCenter: L = R = fft_size / 2.  kExplicit: the two fields below.
  /// kKaldiNoSnip: floor((N + hop/2) / hop) frames, frame t starting at t hop + hop/2 - window/2.
  Framing framing = Framing::kCenter;
  /// What lies outside the signal: zeros, its mirror without the edge sample (-1 -> 1), or with it
  /// (-1 -> 0). A signal shorter than the padding is mirrored again and again, as NumPy does.
  Edge edge = Edge::kZeros;
  int pad_left_samples = 0;      ///< kExplicit only; 0..2^20
  int pad_right_samples = 0;     ///< kExplicit only; 0..2^20
  int append_zeros_samples = 0;  ///< zeros put after the signal before anything else; 0..2^24
  bool drop_last_frame = false;

  // Window and FFT.
  int window_samples = 400;  ///< 1..fft_size
  int hop_samples = 160;     ///< 1..2^20
  Window window = Window::kHann;
  bool window_periodic = true;  ///< divisor window_samples; false: window_samples - 1 (symmetric)
  /// The window's samples from this one on count as 0, for pipelines that cut it short; 0: none do.
  int window_kept_samples = 0;                               ///< 0..window_samples
  WindowPosition window_position = WindowPosition::kCenter;  ///< its place among fft_size samples
  int fft_size = 400;  ///< 2..65536, a product of powers of 2, 3 and 5

  // Spectrum: power re^2 + im^2 + epsilon, or its square root. kWaveform: the samples themselves as
  // one band; goes with mel_bands = window_samples = hop_samples = 1, window_position left, framing
  // no-padding, no frame-wise pre-emphasis or DC removal, log none and no Cepstrum.
  Spectrum spectrum = Spectrum::kPower;
  double spectrum_epsilon = 0.0;  ///< 0..1

  // Mel bank.
  int mel_bands = 80;  ///< 1..1024
  MelScale mel_scale = MelScale::kSlaney;
  MelInterpolation mel_interpolation = MelInterpolation::kHz;  ///< where the triangles are straight
  MelNorm mel_norm = MelNorm::kSlaney;  ///< kSlaney: each triangle times 2 / (its width in Hz)
  bool mel_dc = true;                   ///< false: the bin at 0 Hz counts for nothing
  bool mel_nyquist = true;  ///< false: the bin at half the sample rate counts for nothing
  bool mel_float32 = true;  ///< weights rounded to float32, as librosa's are
  double low_hz = 0.0;      ///< 0 <= low_hz < high_hz
  double high_hz = 8000.0;  ///< <= sample_rate_hz / 2

  // Logarithm: ln, log10, 10 log10 (dB of a power), 20 log10 (dB of a magnitude), of max(x, floor)
  // or of x + floor.
  Log log = Log::kLn;
  LogFloor log_floor_rule = LogFloor::kClamp;
  double log_floor = 1e-10;  ///< 1e-37..1; not used by Log::kNone

  std::vector<Step> steps;
  Layout layout = Layout::kFramesFirst;

  bool operator==(const FrontendSpec& other) const;

  /// Values per frame: mel_bands, or the coefficients of a Cepstrum step.
  int bands() const;
  /// Samples that a frame covers: see above.
  int frame_samples() const;
  /// Samples before the first one that frame 0 covers (negative: the frame starts inside).
  int pad_left() const;
  int pad_right() const;

  /// Throws Error(kInvalidSpec) that names the first field out of range, its value and its range.
  void Validate() const;

  /// The whole spec as JSON, one field a line; parses back to an equal spec.
  std::string ToJson() const;
  /// Parses what ToJson() printed. A field that is left out keeps its default; an unknown field, a
  /// wrong type or a value out of range throws Error(kInvalidSpec). The result is validated.
  static FrontendSpec FromJson(std::string_view json);
};

/// "mean" or "ffmpeg", and "frames-first" or "bands-first". Throw Error(kInvalidSpec) that lists
/// them.
Downmix ParseDownmix(std::string_view text);
Layout ParseLayout(std::string_view text);

/// The unit of the finished values, for axes and legends: "dB", "ln power", "normalised", ...
std::string FeatureUnit(const FrontendSpec& spec);

/// How far features may lie from the same in exact arithmetic, in the unit of the features, over
/// all values of a signal.
struct ErrorBound {
  double mean = 0.0;
  double p999 = 0.0;  ///< 99.9th percentile
  double max = 0.0;
};

/// Bounds of one precision. A pure tone (a sine, a square wave) leaves most bands without energy;
/// the logarithm then shows the rounding of the loud ones.
struct Accuracy {
  ErrorBound broadband;  ///< speech, noise, silence, clicks
  ErrorBound tone;
};

/// One preset.
struct PresetInfo {
  std::string family;  ///< what it belongs to: "Whisper", "Kaldi", ...; neighbours share one
  std::string name;
  std::string alias;    ///< "" if it has none
  std::string summary;  ///< what it gives, in a line
  std::string source;   ///< what it reproduces: library, version, file or function
  Accuracy float_accuracy;
  Accuracy double_accuracy;
};

/// All presets, in the order of the table.
std::vector<PresetInfo> Presets();

/// The spec of a preset, by name or alias. Throws Error(kInvalidSpec), which offers the nearest
/// name where one is near.
FrontendSpec Preset(std::string_view name);

}  // namespace ossicle
