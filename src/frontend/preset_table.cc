#include "frontend/preset_table.h"

#include <array>

namespace ossicle::internal {

namespace {

constexpr double kFloatEpsilon = 1.1920928955078125e-07;

// What librosa.load and librosa.resample take if nobody chooses.
constexpr const char* kLibrosaResampler = "soxr-hq@librosa";              // librosa >= 0.10
constexpr const char* kOldLibrosaResampler = "resampy-0.2-best@librosa";  // of 2016 to 2022
constexpr const char* kTorchaudioResampler = "torchaudio-hann6";

/// ffmpeg on the command line, or as a library: `-ac 1 -ar 16000`, to 16-bit samples.
void LoadByFfmpeg(FrontendSpec& spec, const char* resampler) {
  spec.resampler = resampler;
  spec.downmix = Downmix::kFfmpeg;
}

FrontendSpec Wav2Lip(Edge edge, const char* resampler) {
  FrontendSpec spec;
  spec.resampler = resampler;
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

FrontendSpec Whisper(int bands, int append_zeros_samples) {
  FrontendSpec spec;
  LoadByFfmpeg(spec, "swr-s16");
  spec.edge = Edge::kReflect;
  spec.append_zeros_samples = append_zeros_samples;
  spec.drop_last_frame = true;
  spec.mel_bands = bands;
  spec.log = Log::kLog10;
  // (x + 4) / 4
  spec.steps = {PeakFloor{8}, Affine{0.25, 1}};
  spec.layout = Layout::kBandsFirst;
  return spec;
}

/// The function itself: PyTorch mirrors 200 samples and refuses to do so with fewer than 201.
FrontendSpec BareWhisper(int bands) {
  FrontendSpec spec = Whisper(bands, 0);
  spec.min_samples = 201;
  return spec;
}

FrontendSpec FasterWhisper() {
  FrontendSpec spec = Whisper(80, 160);
  LoadByFfmpeg(spec, "swr-float-s16");
  return spec;
}

FrontendSpec KaldiFbank(int bands) {
  FrontendSpec spec;
  spec.resampler = "kaldi";
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
  spec.log_floor = kFloatEpsilon;
  return spec;
}

/// torchaudio.compliance.kaldi asserts that there is a whole frame.
FrontendSpec TorchaudioKaldiFbank(int bands) {
  FrontendSpec spec = KaldiFbank(bands);
  spec.resampler = kTorchaudioResampler;
  spec.min_samples = spec.window_samples;
  return spec;
}

FrontendSpec KaldiMfcc() {
  FrontendSpec spec = KaldiFbank(23);
  spec.steps = {Cepstrum{13, 22, true}};
  return spec;
}

FrontendSpec TorchaudioKaldiMfcc() {
  FrontendSpec spec = TorchaudioKaldiFbank(23);
  spec.steps = {Cepstrum{13, 22, false}};
  return spec;
}

FrontendSpec IcefallFbank() {
  FrontendSpec spec = KaldiFbank(80);
  spec.resampler = kTorchaudioResampler;  // lhotse's Resample
  spec.input_scale = 1;
  spec.framing = Framing::kKaldiNoSnip;
  spec.edge = Edge::kReflectRepeat;
  spec.high_hz = 7600;
  return spec;
}

FrontendSpec LibrosaMel(Edge edge) {
  FrontendSpec spec;
  spec.sample_rate_hz = 22050;
  spec.resampler = edge == Edge::kZeros ? kLibrosaResampler : kOldLibrosaResampler;
  spec.edge = edge;
  spec.window_samples = spec.fft_size = 2048;
  spec.hop_samples = 512;
  spec.mel_bands = 128;
  spec.high_hz = 11025;
  spec.log = Log::kNone;
  spec.layout = Layout::kBandsFirst;
  return spec;
}

FrontendSpec LibrosaMelDb(Edge edge) {
  FrontendSpec spec = LibrosaMel(edge);
  spec.log = Log::kDbPower;
  spec.steps = {PeakFloor{80}};
  return spec;
}

FrontendSpec LibrosaMfcc(Edge edge) {
  FrontendSpec spec = LibrosaMelDb(edge);
  spec.steps.emplace_back(Cepstrum{20, 0, false});
  return spec;
}

FrontendSpec TorchaudioMel() {
  FrontendSpec spec;
  spec.resampler = kTorchaudioResampler;
  spec.min_samples = 201;
  spec.edge = Edge::kReflect;
  spec.hop_samples = 200;
  spec.mel_bands = 128;
  spec.mel_scale = MelScale::kHtk;
  spec.mel_norm = MelNorm::kNone;
  spec.log = Log::kNone;
  spec.layout = Layout::kBandsFirst;
  return spec;
}

FrontendSpec TorchaudioMelDb() {
  FrontendSpec spec = TorchaudioMel();
  spec.log = Log::kDbPower;
  return spec;
}

FrontendSpec TorchaudioMfcc() {
  FrontendSpec spec = TorchaudioMelDb();
  spec.steps = {PeakFloor{80}, Cepstrum{40, 0, false}};
  return spec;
}

/// NeMo >= 2.5: zeros at the edges, and the frame that holds the last floor(n / hop) + 1st hop does
/// not count.
FrontendSpec Nemo(int bands) {
  FrontendSpec spec;
  spec.resampler = kLibrosaResampler;
  spec.preemphasis = PreEmphasis::kSignal;
  spec.drop_last_frame = true;
  spec.window_periodic = false;
  spec.fft_size = 512;
  spec.mel_bands = bands;
  spec.log_floor_rule = LogFloor::kAdd;
  spec.log_floor = 0x1p-24;
  spec.steps = {Standardize{1, 1e-5}};
  spec.layout = Layout::kBandsFirst;
  return spec;
}

/// NeMo <= 2.4: mirrored edges.
FrontendSpec Nemo24(int bands, int window_samples) {
  FrontendSpec spec = Nemo(bands);
  spec.min_samples = 257;
  spec.edge = Edge::kReflect;
  spec.drop_last_frame = false;
  spec.window_samples = window_samples;
  return spec;
}

FrontendSpec NemoStreaming() {
  FrontendSpec spec = Nemo(80);
  spec.steps.clear();
  return spec;
}

FrontendSpec OpenWakeWord() {
  FrontendSpec spec;
  LoadByFfmpeg(spec, "swr-s16");
  spec.min_samples = 512;
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

FrontendSpec AudioSetMel(double log_floor) {
  FrontendSpec spec;
  spec.resampler = "resampy-0.2-best";
  spec.framing = Framing::kNoPadding;
  spec.window_position = WindowPosition::kLeft;
  spec.fft_size = 512;
  spec.spectrum = Spectrum::kMagnitude;
  spec.mel_bands = 64;
  spec.mel_scale = MelScale::kKaldi;
  spec.mel_interpolation = MelInterpolation::kMel;
  spec.mel_norm = MelNorm::kNone;
  spec.mel_dc = false;
  spec.mel_float32 = false;
  spec.low_hz = 125;
  spec.high_hz = 7500;
  spec.log_floor_rule = LogFloor::kAdd;
  spec.log_floor = log_floor;
  return spec;
}

FrontendSpec Yamnet() {
  FrontendSpec spec = AudioSetMel(0.001);
  spec.min_samples = 400;
  return spec;
}

FrontendSpec Vggish() {
  FrontendSpec spec = AudioSetMel(0.01);
  spec.min_samples = 240;
  return spec;
}

FrontendSpec Ast() {
  FrontendSpec spec = TorchaudioKaldiFbank(128);
  spec.input_scale = 1;
  spec.window = Window::kHann;
  // (x - mean) / (2 std), of AudioSet
  constexpr double kMean = -4.2677393;
  constexpr double kTwoStd = 2 * 4.5689974;
  spec.steps = {Affine{1 / kTwoStd, -kMean / kTwoStd}};
  return spec;
}

/// Both repositories refuse other rates; what is made for them is made with librosa.
FrontendSpec Vocoder() {
  FrontendSpec spec;
  spec.sample_rate_hz = 22050;
  spec.resampler = kLibrosaResampler;
  spec.edge = Edge::kReflect;
  spec.window_samples = spec.fft_size = 1024;
  spec.hop_samples = 256;
  spec.spectrum = Spectrum::kMagnitude;
  spec.log_floor = 1e-5;
  spec.layout = Layout::kBandsFirst;
  return spec;
}

FrontendSpec Tacotron2() {
  FrontendSpec spec = Vocoder();
  spec.min_samples = 513;
  return spec;
}

FrontendSpec HifiGan() {
  FrontendSpec spec = Vocoder();
  spec.min_samples = 385;
  spec.framing = Framing::kExplicit;
  spec.pad_left_samples = spec.pad_right_samples = (spec.fft_size - spec.hop_samples) / 2;
  spec.spectrum_epsilon = 1e-9;
  return spec;
}

FrontendSpec Wespeaker() {
  FrontendSpec spec = TorchaudioKaldiFbank(80);
  spec.window = Window::kHamming;
  spec.steps = {SubtractMean{}};
  return spec;
}

FrontendSpec Clap(MelScale scale, MelNorm norm) {
  FrontendSpec spec;
  spec.sample_rate_hz = 48000;
  spec.resampler = kLibrosaResampler;
  spec.edge = Edge::kReflect;
  spec.window_samples = spec.fft_size = 1024;
  spec.hop_samples = 480;
  spec.mel_bands = 64;
  spec.mel_scale = scale;
  spec.mel_norm = norm;
  spec.mel_float32 = false;
  spec.low_hz = 50;
  spec.high_hz = 14000;
  spec.log = Log::kDbPower;
  return spec;
}

FrontendSpec SeamlessM4t() {
  FrontendSpec spec = TorchaudioKaldiFbank(80);
  spec.resampler = "torchaudio-functional";  // as its documentation loads audio
  spec.min_samples = 240;  // from here to 399 its NumPy gives no frame, below it raises
  spec.steps = {Standardize{1, 1e-7, true}};
  return spec;
}

FrontendSpec Wav2Vec2() {
  FrontendSpec spec;
  spec.resampler = kTorchaudioResampler;
  spec.framing = Framing::kNoPadding;
  spec.window_samples = spec.hop_samples = spec.mel_bands = 1;
  spec.window = Window::kRectangular;
  spec.window_position = WindowPosition::kLeft;
  spec.spectrum = Spectrum::kWaveform;
  spec.log = Log::kNone;
  spec.steps = {Standardize{0, 1e-7, true}};
  return spec;
}

// mean, 99.9th percentile, maximum: of broadband signals, then of tones.
constexpr Bounds kWav2LipBounds = {{{1e-6, 2e-5, 5e-5}, {4e-5, 5e-4, 1e-3}},
                                   {{1e-14, 2e-13, 1e-12}, {2e-13, 4e-12, 1e-11}}};
constexpr Bounds kWhisper80Bounds = {{{4e-7, 1e-5, 3e-5}, {4e-6, 6e-5, 1e-4}},
                                     {{5e-15, 1e-13, 1e-12}, {3e-14, 4e-13, 1e-12}}};
constexpr Bounds kWhisper128Bounds = {{{4e-7, 1e-5, 4e-5}, {4e-6, 6e-5, 1e-4}},
                                      {{5e-15, 1e-13, 1e-12}, {3e-14, 4e-13, 1e-12}}};
constexpr Bounds kKaldiBounds = {{{5e-6, 3e-4, 8e-4}, {5e-3, 0.15, 0.3}},
                                 {{2e-14, 1e-12, 5e-12}, {2e-11, 4e-10, 1e-9}}};
constexpr Bounds kKaldiMfccBounds = {{{3e-5, 3e-4, 4e-4}, {6e-2, 2e-1, 2e-1}},
                                     {{4e-13, 2e-12, 2e-12}, {9e-11, 5e-10, 5e-10}}};
constexpr Bounds kIcefallBounds = {{{3e-6, 2e-4, 3e-4}, {2e-4, 8e-3, 2e-2}},
                                   {{2e-14, 4e-13, 2e-12}, {5e-13, 3e-11, 3e-11}}};
constexpr Bounds kLibrosaMelBounds = {{{5e-6, 6e-5, 2e-4}, {5e-5, 6e-3, 9e-3}},
                                      {{2e-13, 2e-11, 2e-11}, {7e-13, 2e-10, 2e-10}}};
constexpr Bounds kLibrosaMelDbBounds = {{{6e-6, 2e-4, 4e-4}, {2e-5, 4e-4, 6e-4}},
                                        {{3e-14, 5e-13, 8e-13}, {1e-13, 6e-12, 7e-12}}};
constexpr Bounds kLibrosaMfccBounds = {{{6e-5, 2e-3, 2e-3}, {5e-5, 8e-4, 8e-4}},
                                       {{3e-13, 2e-12, 2e-12}, {4e-13, 3e-12, 3e-12}}};
constexpr Bounds kTorchaudioMelBounds = {{{2e-5, 3e-4, 3e-4}, {4e-5, 5e-3, 6e-3}},
                                         {{2e-13, 3e-12, 1e-11}, {4e-13, 3e-11, 8e-11}}};
constexpr Bounds kTorchaudioMelDbBounds = {{{7e-5, 6e-3, 2e-2}, {6e-2, 2e0, 3e0}},
                                           {{3e-13, 2e-11, 8e-11}, {2e-10, 7e-9, 9e-9}}};
constexpr Bounds kTorchaudioMfccBounds = {{{5e-5, 6e-4, 1e-3}, {3e-4, 9e-4, 9e-4}},
                                          {{3e-13, 4e-12, 4e-12}, {1e-12, 5e-12, 5e-12}}};
constexpr Bounds kNemoBounds = {{{2e-6, 5e-5, 2e-4}, {3e-5, 7e-4, 1e-3}},
                                {{3e-14, 3e-12, 3e-12}, {2e-13, 2e-12, 3e-12}}};
constexpr Bounds kNemo24Bounds = {{{2e-6, 4e-5, 7e-5}, {2e-5, 3e-4, 4e-4}},
                                  {{2e-14, 2e-13, 3e-13}, {6e-14, 8e-13, 1e-12}}};
constexpr Bounds kNemoStreamingBounds = {{{2e-6, 6e-5, 2e-4}, {5e-5, 8e-4, 9e-4}},
                                         {{9e-15, 3e-13, 5e-13}, {2e-13, 4e-12, 4e-12}}};
constexpr Bounds kOpenWakeWordBounds = {{{2e-5, 1e-4, 2e-4}, {1e-4, 2e-3, 4e-3}},
                                        {{6e-14, 6e-13, 2e-12}, {1e-12, 1e-11, 3e-11}}};
constexpr Bounds kOpenWakeWordEmbeddingBounds = {{{2e-6, 1e-5, 2e-5}, {1e-5, 2e-4, 4e-4}},
                                                 {{6e-15, 6e-14, 2e-13}, {1e-13, 1e-12, 3e-12}}};
constexpr Bounds kYamnetBounds = {{{3e-6, 2e-4, 3e-4}, {7e-4, 1e-2, 2e-2}},
                                  {{2e-14, 5e-13, 2e-12}, {4e-12, 3e-11, 3e-11}}};
constexpr Bounds kVggishBounds = {{{2e-6, 6e-5, 2e-4}, {1e-4, 2e-3, 2e-3}},
                                  {{7e-15, 2e-13, 3e-13}, {5e-13, 3e-12, 3e-12}}};
constexpr Bounds kAstBounds = {{{4e-7, 2e-5, 8e-5}, {2e-5, 6e-4, 9e-4}},
                               {{3e-15, 9e-14, 3e-13}, {7e-14, 2e-12, 3e-12}}};
constexpr Bounds kTacotron2Bounds = {{{2e-6, 6e-5, 3e-4}, {4e-4, 2e-2, 2e-2}},
                                     {{3e-15, 2e-13, 7e-13}, {2e-12, 3e-11, 3e-11}}};
constexpr Bounds kHifiGanBounds = {{{2e-6, 7e-5, 2e-4}, {4e-4, 1e-2, 2e-2}},
                                   {{3e-15, 2e-13, 6e-13}, {2e-12, 3e-11, 4e-11}}};
constexpr Bounds kWespeakerBounds = {{{3e-6, 7e-5, 3e-4}, {2e-5, 5e-4, 7e-4}},
                                     {{3e-14, 3e-13, 9e-13}, {4e-14, 1e-12, 2e-12}}};
constexpr Bounds kClapBounds = {{{3e-6, 7e-5, 8e-4}, {6e-2, 2e0, 3e0}},
                                {{5e-14, 8e-13, 3e-12}, {2e-10, 5e-9, 5e-9}}};
constexpr Bounds kSeamlessBounds = {{{3e-6, 6e-5, 3e-4}, {2e-2, 4e-1, 5e-1}},
                                    {{2e-14, 3e-13, 8e-13}, {2e-8, 5e-7, 5e-7}}};
constexpr Bounds kWav2Vec2Bounds = {{{4e-8, 4e-7, 8e-6}, {7e-8, 2e-7, 2e-7}},
                                    {{6e-15, 4e-14, 2e-11}, {9e-14, 9e-14, 9e-14}}};

constexpr const char* kWav2Lip = "Wav2Lip and SyncTalk";
constexpr const char* kWhisper = "Whisper";
constexpr const char* kKaldi = "Kaldi";
constexpr const char* kLibrosa = "librosa, at 22.05 kHz";
constexpr const char* kTorchaudio = "torchaudio";
constexpr const char* kNemo = "NeMo: Conformer, FastConformer, Parakeet";
constexpr const char* kWakeWords = "Wake words";
constexpr const char* kTagging = "Audio tagging";
constexpr const char* kSynthesis = "Speech synthesis, at 22.05 kHz";
constexpr const char* kSpeakers = "Speakers";
constexpr const char* kClap = "CLAP, at 48 kHz";
constexpr const char* kTransformers = "Speech encoders of transformers";

constexpr std::array kTable = {
    PresetRow{kWav2Lip, "wav2lip@librosa-0.9", "wav2lip",
              "80 mel bands in dB, scaled to -4..4, zeros at the edges",
              "Wav2Lip audio.py with librosa 0.9 and newer; SyncTalk_2D utils.py",
              [] { return Wav2Lip(Edge::kZeros, kLibrosaResampler); }, kWav2LipBounds},
    PresetRow{kWav2Lip, "wav2lip@librosa-0.7", "", "the same, mirrored at the edges",
              "Wav2Lip audio.py with the librosa 0.7.0 that it pins",
              [] { return Wav2Lip(Edge::kReflect, kOldLibrosaResampler); }, kWav2LipBounds},
    PresetRow{kWhisper, "whisper-80", "",
              "80 bands of the array itself: log10, peak - 8, (x + 4) / 4, mirrored edges",
              "openai-whisper 20250625, audio.log_mel_spectrogram(audio)",
              [] { return BareWhisper(80); }, kWhisper80Bounds},
    PresetRow{kWhisper, "whisper-128", "", "the same with the 128 bands of large-v3",
              "openai-whisper 20250625, audio.log_mel_spectrogram(audio, 128)",
              [] { return BareWhisper(128); }, kWhisper128Bounds},
    PresetRow{kWhisper, "whisper-80@transcribe", "",
              "the same with 480,000 zeros after the audio: 3,000 frames more",
              "openai-whisper 20250625, transcribe(): log_mel_spectrogram(audio, 80, 480000)",
              [] { return Whisper(80, 480000); }, kWhisper80Bounds},
    PresetRow{kWhisper, "whisper-128@transcribe", "", "the same with 128 bands",
              "openai-whisper 20250625, transcribe(): log_mel_spectrogram(audio, 128, 480000)",
              [] { return Whisper(128, 480000); }, kWhisper128Bounds},
    PresetRow{kWhisper, "whisper-80@faster-whisper", "",
              "80 bands with 160 zeros after the audio: one frame more",
              "faster-whisper 1.2.1, FeatureExtractor()(audio)", FasterWhisper, kWhisper80Bounds},
    PresetRow{kKaldi, "kaldi-fbank-23", "",
              "log filter bank: 23 bands, 16-bit scale, snipped edges",
              "Kaldi compute-fbank-feats --dither=0; kaldi-native-fbank 1.23.0",
              [] { return KaldiFbank(23); }, kKaldiBounds},
    PresetRow{kKaldi, "kaldi-fbank-40", "", "the same with 40 bands",
              "Kaldi compute-fbank-feats --dither=0 --num-mel-bins=40; kaldi-native-fbank 1.23.0",
              [] { return KaldiFbank(40); }, kKaldiBounds},
    PresetRow{kKaldi, "kaldi-fbank-80", "", "the same with 80 bands",
              "Kaldi compute-fbank-feats --dither=0 --num-mel-bins=80; kaldi-native-fbank 1.23.0",
              [] { return KaldiFbank(80); }, kKaldiBounds},
    PresetRow{kKaldi, "kaldi-mfcc-13", "",
              "13 cepstra of 23 bands, the first one the frame's log energy",
              "Kaldi compute-mfcc-feats --dither=0; kaldi-native-fbank 1.23.0", KaldiMfcc,
              kKaldiMfccBounds},
    PresetRow{kKaldi, "kaldi-mfcc-13@torchaudio", "", "the same without the energy",
              "torchaudio 2.11.0, compliance.kaldi.mfcc(audio * 32768)", TorchaudioKaldiMfcc,
              kKaldiMfccBounds},
    PresetRow{kKaldi, "icefall-fbank-80", "",
              "80 bands up to 7600 Hz of samples in -1..1, no snipped edges",
              "k2 icefall, sherpa and lhotse Fbank(); kaldi-native-fbank 1.23.0", IcefallFbank,
              kIcefallBounds},
    PresetRow{kLibrosa, "librosa-mel@0.9", "librosa-mel",
              "128 bands of power, no logarithm, zeros at the edges",
              "librosa 0.9 and newer, feature.melspectrogram(y=audio)",
              [] { return LibrosaMel(Edge::kZeros); }, kLibrosaMelBounds},
    PresetRow{kLibrosa, "librosa-mel@0.8", "", "the same, mirrored at the edges",
              "librosa 0.8 and older, feature.melspectrogram(audio)",
              [] { return LibrosaMel(Edge::kReflect); }, kLibrosaMelBounds},
    PresetRow{kLibrosa, "librosa-mel-db@0.9", "librosa-mel-db",
              "128 bands in dB, at most 80 below the peak",
              "librosa 0.9 and newer, power_to_db(melspectrogram(y=audio))",
              [] { return LibrosaMelDb(Edge::kZeros); }, kLibrosaMelDbBounds},
    PresetRow{kLibrosa, "librosa-mel-db@0.8", "", "the same, mirrored at the edges",
              "librosa 0.8 and older, power_to_db(melspectrogram(audio))",
              [] { return LibrosaMelDb(Edge::kReflect); }, kLibrosaMelDbBounds},
    PresetRow{kLibrosa, "librosa-mfcc@0.9", "librosa-mfcc", "20 cepstra of 128 bands in dB",
              "librosa 0.9 and newer, feature.mfcc(y=audio)",
              [] { return LibrosaMfcc(Edge::kZeros); }, kLibrosaMfccBounds},
    PresetRow{kLibrosa, "librosa-mfcc@0.8", "", "the same, mirrored at the edges",
              "librosa 0.8 and older, feature.mfcc(audio)",
              [] { return LibrosaMfcc(Edge::kReflect); }, kLibrosaMfccBounds},
    PresetRow{
        kTorchaudio, "torchaudio-mel", "", "128 HTK bands of power, no logarithm, mirrored edges",
        "torchaudio 2.11.0, transforms.MelSpectrogram()", TorchaudioMel, kTorchaudioMelBounds},
    PresetRow{kTorchaudio, "torchaudio-mel-db", "", "the same in dB",
              "torchaudio 2.11.0, transforms.AmplitudeToDB()(MelSpectrogram())", TorchaudioMelDb,
              kTorchaudioMelDbBounds},
    PresetRow{kTorchaudio, "torchaudio-mfcc", "",
              "40 cepstra of 128 HTK bands in dB, at most 80 below the peak",
              "torchaudio 2.11.0, transforms.MFCC()", TorchaudioMfcc, kTorchaudioMfccBounds},
    PresetRow{kNemo, "nemo-80@2.5", "nemo-80",
              "80 bands, each of mean 0 and deviation 1, zeros at the edges, valid frames only",
              "NeMo 2.5 and newer, AudioToMelSpectrogramPreprocessor of the Conformer recipes",
              [] { return Nemo(80); }, kNemoBounds},
    PresetRow{kNemo, "nemo-128@2.5", "nemo-128", "the same with the 128 bands of Parakeet",
              "NeMo 2.5 and newer; transformers 4.57.6 ParakeetFeatureExtractor(128)",
              [] { return Nemo(128); }, kNemoBounds},
    PresetRow{kNemo, "nemo-80-streaming@2.5", "nemo-80-streaming",
              "80 bands as logarithms of power, not normalised",
              "NeMo 2.5 and newer, normalize: NA of the streaming recipes", NemoStreaming,
              kNemoStreamingBounds},
    PresetRow{kNemo, "nemo-80@2.4", "", "as nemo-80, mirrored at the edges, one frame more",
              "NeMo 2.4 and older, AudioToMelSpectrogramPreprocessor of the Conformer recipes",
              [] { return Nemo24(80, 400); }, kNemo24Bounds},
    PresetRow{kNemo, "nemo-64@2.4", "", "the same with 64 bands and windows of 20 ms",
              "NeMo 2.4 and older, AudioToMelSpectrogramPreprocessor()",
              [] { return Nemo24(64, 320); }, kNemo24Bounds},
    PresetRow{kWakeWords, "openwakeword", "", "32 bands in dB, at most 80 below the peak",
              "openWakeWord 0.6.0, melspectrogram.onnx", OpenWakeWord, kOpenWakeWordBounds},
    PresetRow{kWakeWords, "openwakeword-embedding", "",
              "the same / 10 + 2: what its embedding model takes",
              "openWakeWord 0.6.0, AudioFeatures._get_melspectrogram", OpenWakeWordEmbedding,
              kOpenWakeWordEmbeddingBounds},
    PresetRow{kTagging, "yamnet", "", "64 bands of magnitude, ln(x + 0.001), no patches",
              "tensorflow/models yamnet/features.py, waveform_to_log_mel_spectrogram_patches; "
              "resampy 0.2",
              Yamnet, kYamnetBounds},
    PresetRow{kTagging, "vggish", "", "64 bands of magnitude, ln(x + 0.01), no patches",
              "tensorflow/models vggish/mel_features.py, log_mel_spectrogram; resampy 0.2", Vggish,
              kVggishBounds},
    PresetRow{kTagging, "ast", "",
              "128 Kaldi bands of samples in -1..1, AudioSet's mean 0 and deviation 1/2",
              "AST dataloader.py; transformers 4.57.6 ASTFeatureExtractor, without its padding",
              Ast, kAstBounds},
    PresetRow{kSynthesis, "tacotron2", "", "80 bands of magnitude, ln(max(x, 1e-5))",
              "NVIDIA/tacotron2 layers.py, TacotronSTFT.mel_spectrogram", Tacotron2,
              kTacotron2Bounds},
    PresetRow{kSynthesis, "hifigan", "", "the same, padded by 384 samples: one frame less",
              "jik876/hifi-gan meldataset.py, mel_spectrogram with config_v1.json", HifiGan,
              kHifiGanBounds},
    PresetRow{kSpeakers, "wespeaker", "pyannote-wespeaker",
              "80 Kaldi bands with a Hamming window, minus each band's mean",
              "wespeaker cli/speaker.py and pyannote.audio models/embedding/wespeaker", Wespeaker,
              kWespeakerBounds},
    PresetRow{
        kClap, "clap-htk", "", "64 HTK bands in dB, mirrored edges",
        "LAION-CLAP training/data.py get_mel; transformers 4.57.6 ClapFeatureExtractor, fusion",
        [] { return Clap(MelScale::kHtk, MelNorm::kNone); }, kClapBounds},
    PresetRow{kClap, "clap-slaney", "", "the same with 64 Slaney bands",
              "transformers 4.57.6 ClapFeatureExtractor, rand_trunc",
              [] { return Clap(MelScale::kSlaney, MelNorm::kSlaney); }, kClapBounds},
    PresetRow{kTransformers, "seamless-m4t", "",
              "80 Kaldi bands, each of mean 0 and variance 1, before frames go in pairs",
              "transformers 4.57.6 SeamlessM4TFeatureExtractor", SeamlessM4t, kSeamlessBounds},
    PresetRow{kTransformers, "wav2vec2", "",
              "the samples themselves, mean 0 and variance 1: one band at the sample rate",
              "transformers 4.57.6 Wav2Vec2FeatureExtractor(do_normalize=True)", Wav2Vec2,
              kWav2Vec2Bounds},
};

}  // namespace

std::span<const PresetRow> PresetTable() { return kTable; }

}  // namespace ossicle::internal
