#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ossicle/error.h"
#include "ossicle/spec.h"

namespace ossicle {

namespace {

FrontendSpec Wav2Lip(Edge edge) {
  FrontendSpec spec;
  spec.preemphasis = PreEmphasis::kSignal;
  spec.edge = edge;
  spec.window_samples = spec.fft_size = 800;
  spec.hop_samples = 200;
  spec.spectrum = Spectrum::kMagnitude;
  spec.low_hz = 55;
  spec.high_hz = 7600;
  spec.log = Log::kDbMagnitude;
  spec.log_floor = 1e-5;
  // 8 * ((S - 20 + 100) / 100) - 4
  spec.steps = {Affine{0.08, 2.4}, Clip{-4, 4}};
  spec.layout = Layout::kBandsFirst;
  return spec;
}

FrontendSpec Whisper(int bands) {
  FrontendSpec spec;
  spec.edge = Edge::kReflect;
  spec.drop_last_frame = true;
  spec.mel_bands = bands;
  spec.log = Log::kLog10;
  // (x + 4) / 4
  spec.steps = {PeakFloor{8}, Affine{0.25, 1}};
  spec.layout = Layout::kBandsFirst;
  return spec;
}

FrontendSpec KaldiFbank(int bands) {
  FrontendSpec spec;
  spec.input_scale = 32768;
  spec.preemphasis = PreEmphasis::kFrame;
  spec.remove_dc = true;
  spec.framing = Framing::kNoPadding;
  spec.window = Window::kPovey;
  spec.window_periodic = false;
  spec.window_position = WindowPosition::kLeft;
  spec.fft_size = 512;
  spec.mel_bands = bands;
  spec.mel_scale = MelScale::kKaldi;
  spec.mel_interpolation = MelInterpolation::kMel;
  spec.mel_norm = MelNorm::kNone;
  spec.mel_nyquist = false;
  spec.mel_float32 = false;
  spec.low_hz = 20;
  spec.log_floor = 1.1920928955078125e-07;  // FLT_EPSILON
  return spec;
}

FrontendSpec OpenWakeWord() {
  FrontendSpec spec;
  spec.input_scale = 32768;
  spec.input_rounding = InputRounding::kInt16;
  spec.framing = Framing::kNoPadding;
  spec.fft_size = 512;
  spec.mel_bands = 32;
  spec.low_hz = 60;
  spec.high_hz = 3800;
  spec.log = Log::kDbPower;
  spec.steps = {PeakFloor{80}};
  return spec;
}

FrontendSpec OpenWakeWordEmbedding() {
  FrontendSpec spec = OpenWakeWord();
  spec.steps.emplace_back(Affine{0.1, 2});
  return spec;
}

struct Bounds {
  Accuracy in_float;
  Accuracy in_double;
};

// mean, 99.9th percentile, maximum: of broadband signals, then of tones.
constexpr Bounds kWav2LipBounds = {{{1e-6, 2e-5, 5e-5}, {4e-5, 5e-4, 1e-3}},
                                   {{1e-14, 2e-13, 1e-12}, {2e-13, 4e-12, 1e-11}}};
constexpr Bounds kWhisper80Bounds = {{{4e-7, 1e-5, 3e-5}, {4e-6, 6e-5, 1e-4}},
                                     {{5e-15, 1e-13, 1e-12}, {3e-14, 4e-13, 1e-12}}};
constexpr Bounds kWhisper128Bounds = {{{4e-7, 1e-5, 4e-5}, {4e-6, 6e-5, 1e-4}},
                                      {{5e-15, 1e-13, 1e-12}, {3e-14, 4e-13, 1e-12}}};
constexpr Bounds kKaldiBounds = {{{5e-6, 3e-4, 8e-4}, {5e-3, 0.15, 0.3}},
                                 {{2e-14, 1e-12, 5e-12}, {2e-11, 4e-10, 1e-9}}};
constexpr Bounds kOpenWakeWordBounds = {{{2e-5, 1e-4, 2e-4}, {1e-4, 2e-3, 4e-3}},
                                        {{6e-14, 6e-13, 2e-12}, {1e-12, 1e-11, 3e-11}}};
constexpr Bounds kOpenWakeWordEmbeddingBounds = {{{2e-6, 1e-5, 2e-5}, {1e-5, 2e-4, 4e-4}},
                                                 {{6e-15, 6e-14, 2e-13}, {1e-13, 1e-12, 3e-12}}};

struct Row {
  const char* name;
  const char* alias;
  const char* summary;
  FrontendSpec (*make)();
  Bounds bounds;
};

constexpr std::array kTable = {
    Row{"wav2lip@librosa-0.9", "wav2lip",
        "Wav2Lip and SyncTalk with librosa >= 0.9: 80 mel bands in dB, -4..4, zeros at the edges",
        [] { return Wav2Lip(Edge::kZeros); }, kWav2LipBounds},
    Row{"wav2lip@librosa-0.7", "",
        "Wav2Lip with the librosa 0.7 that it pins: the same, mirrored at the edges",
        [] { return Wav2Lip(Edge::kReflect); }, kWav2LipBounds},
    Row{"whisper-80", "", "Whisper's log-mel of the array itself: 80 bands, peak - 8, (x + 4) / 4",
        [] { return Whisper(80); }, kWhisper80Bounds},
    Row{"whisper-128", "", "The same with the 128 bands of Whisper large-v3",
        [] { return Whisper(128); }, kWhisper128Bounds},
    Row{"kaldi-fbank-80", "", "Kaldi's log filter bank: 80 bands, 16-bit scale, snipped edges",
        [] { return KaldiFbank(80); }, kKaldiBounds},
    Row{"openwakeword", "", "openWakeWord's melspectrogram.onnx: 32 bands in dB, peak - 80",
        [] { return OpenWakeWord(); }, kOpenWakeWordBounds},
    Row{"openwakeword-embedding", "",
        "What openWakeWord's embedding model takes: the same / 10 + 2",
        [] { return OpenWakeWordEmbedding(); }, kOpenWakeWordEmbeddingBounds},
};

/// Edits that turn `a` into `b` (Levenshtein).
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

std::string_view NearestName(std::string_view name) {
  std::string_view nearest;
  std::size_t best = SIZE_MAX;
  for (const Row& row : kTable) {
    for (const std::string_view candidate : {row.name, row.alias}) {
      const std::size_t distance = EditDistance(name, candidate);
      if (candidate.empty() || distance >= best) continue;
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace

std::vector<PresetInfo> Presets() {
  std::vector<PresetInfo> presets;
  presets.reserve(kTable.size());
  for (const Row& row : kTable) {
    presets.push_back(
        {row.name, row.alias, row.summary, row.bounds.in_float, row.bounds.in_double});
  }
  return presets;
}

FrontendSpec Preset(std::string_view name) {
  for (const Row& row : kTable) {
    if (name != row.name && (name.empty() || name != row.alias)) continue;
    FrontendSpec spec = row.make();
    spec.name = row.name;
    return spec;
  }
  throw Error(Code::kInvalidSpec, "no front end is named \"" + std::string(name) +
                                      "\"; the nearest is \"" + std::string(NearestName(name)) +
                                      "\". `ossicle frontends` lists all of them");
}

}  // namespace ossicle
