"""The features as the libraries themselves compute them. Each function takes mono float32 samples,
full scale 1.0, and gives (frames, values), valid frames only."""

import functools
import os
import pathlib

import kaldi_native_fbank
import librosa
import numpy as np
import onnxruntime
import scipy.signal
import transformers
from transformers.audio_utils import spectrogram


def wav2lip(samples, pad_mode="constant"):
    """The steps of Wav2Lip's audio.py, done with librosa."""
    emphasised = scipy.signal.lfilter([1, -0.97], [1], samples)
    spectrum = np.abs(librosa.stft(y=emphasised, n_fft=800, hop_length=200, win_length=800,
                                   pad_mode=pad_mode))
    bank = librosa.filters.mel(sr=16000, n_fft=800, n_mels=80, fmin=55, fmax=7600)
    min_level = np.exp(-100 / 20 * np.log(10))
    decibels = 20 * np.log10(np.maximum(min_level, np.dot(bank, spectrum))) - 20
    return np.clip(8 * ((decibels + 100) / 100) - 4, -4, 4).T


def librosa_mel(samples, rate_hz=22050):
    return librosa.feature.melspectrogram(y=samples, sr=rate_hz).T


def librosa_mel_db(samples):
    return librosa.power_to_db(librosa.feature.melspectrogram(y=samples, sr=22050)).T


def librosa_mfcc(samples):
    return librosa.feature.mfcc(y=samples, sr=22050).T


def whisper(bands, samples):
    """transformers, without its padding to 30 seconds, in NumPy."""
    extractor = transformers.WhisperFeatureExtractor(feature_size=bands)
    return extractor._np_extract_fbank_features(samples[np.newaxis], "cpu")[0].T


def ast(samples):
    """transformers without torchaudio: the call that its extractor makes, which then needs PyTorch
    to pad."""
    extractor = transformers.ASTFeatureExtractor()
    fbank = spectrogram(samples, extractor.window, frame_length=400, hop_length=160, fft_length=512,
                        power=2.0, center=False, preemphasis=0.97,
                        mel_filters=extractor.mel_filters, log_mel="log",
                        mel_floor=1.192092955078125e-07, remove_dc_offset=True)
    return extractor.normalize(fbank.T)


def seamless_m4t(samples):
    """Before two frames are put side by side."""
    extractor = transformers.SeamlessM4TFeatureExtractor(stride=1)
    found = extractor(samples, sampling_rate=16000, pad_to_multiple_of=None, return_tensors="np")
    return found["input_features"][0]


def wav2vec2(samples):
    extractor = transformers.Wav2Vec2FeatureExtractor()
    return extractor(samples, sampling_rate=16000, return_tensors="np")["input_values"][0][:, None]


def kaldi(options, kind, samples, scale=32768, rate_hz=16000):
    options.frame_opts.dither = 0
    options.frame_opts.samp_freq = rate_hz
    computer = kind(options)
    computer.accept_waveform(rate_hz, (samples * np.float32(scale)).tolist())
    computer.input_finished()
    frames = [computer.get_frame(i) for i in range(computer.num_frames_ready)]
    return np.stack(frames) if frames else np.zeros((0, computer.dim), np.float32)


def kaldi_fbank(bands, samples, rate_hz=16000):
    options = kaldi_native_fbank.FbankOptions()
    options.mel_opts.num_bins = bands
    return kaldi(options, kaldi_native_fbank.OnlineFbank, samples, rate_hz=rate_hz)


def icefall_fbank(samples):
    options = kaldi_native_fbank.FbankOptions()
    options.mel_opts.num_bins = 80
    options.mel_opts.high_freq = -400
    options.frame_opts.snip_edges = False
    return kaldi(options, kaldi_native_fbank.OnlineFbank, samples, scale=1)


def kaldi_mfcc(use_energy, samples):
    options = kaldi_native_fbank.MfccOptions()
    options.use_energy = use_energy
    return kaldi(options, kaldi_native_fbank.OnlineMfcc, samples)


def wespeaker(samples):
    options = kaldi_native_fbank.FbankOptions()
    options.mel_opts.num_bins = 80
    options.frame_opts.window_type = "hamming"
    fbank = kaldi(options, kaldi_native_fbank.OnlineFbank, samples)
    return fbank - fbank.mean(axis=0) if len(fbank) else fbank


def kaldi_whisper(samples):
    """kaldi-native-fbank's own Whisper, with Whisper's logarithm, which it leaves to its caller."""
    computer = kaldi_native_fbank.OnlineWhisperFbank(kaldi_native_fbank.WhisperFeatureOptions())
    computer.accept_waveform(16000, samples.tolist())
    computer.input_finished()
    mel = np.stack([computer.get_frame(i) for i in range(computer.num_frames_ready)])
    logs = np.log10(np.maximum(mel, 1e-10))
    return (np.maximum(logs, logs.max() - 8.0) + 4.0) / 4.0


def kaldi_nemo(samples):
    """kaldi-native-fbank's own NeMo, which leaves the normalisation to its caller."""
    computer = kaldi_native_fbank.OnlineNemoFbank(kaldi_native_fbank.NemoFbankOptions())
    computer.accept_waveform(16000, samples.tolist())
    computer.input_finished()
    return computer.get_frames(0, computer.num_frames_ready)[0]


def onnx_asr(kind, name, samples, scale=1.0):
    """One of onnx-asr's preprocessors in NumPy."""
    from onnx_asr.preprocessors import numpy_preprocessor
    preprocessor = getattr(numpy_preprocessor, f"{kind}PreprocessorNumpy")(name)
    waveforms = (samples * np.float32(scale))[np.newaxis]
    features, lengths = preprocessor(waveforms, np.array([len(samples)]))
    frames = features[0] if kind == "Kaldi" else features[0].T
    return frames[:int(lengths[0])]


def onnx_asr_graph(name, samples):
    """One of onnx-asr's preprocessors as a graph."""
    import onnx_asr.preprocessors
    loaded = session(str(pathlib.Path(onnx_asr.preprocessors.__file__).parent / "data" / name))
    features, lengths = loaded.run(None, {
        "waveforms": samples[np.newaxis], "waveforms_lens": np.array([len(samples)])})
    return features[0][:int(lengths[0])]


def openwakeword(samples):
    grid = np.clip(np.rint(samples * 32768), -32768, 32767).astype(np.int16)
    return run_model(model_path("melspectrogram.onnx"), grid[np.newaxis].astype(np.float32))[0, 0]


def openwakeword_model_input(samples):
    return openwakeword(samples) / 10 + 2


def openwakeword_embeddings(samples):
    """(windows, 96), of windows of 76 frames, 8 frames apart."""
    windows = sliding(openwakeword_model_input(samples), length=76, step=8)
    embeddings = run_model(model_path("embedding_model.onnx"), windows[..., np.newaxis])
    return embeddings.reshape(len(windows), -1)


def wav2lip_windows(features, frames_per_second=25):
    """As Wav2Lip's inference.py cuts (80, frames): (windows, 1, 80, 16), the last at the end."""
    frames, starts = features.shape[1], []
    while int(len(starts) * 80.0 / frames_per_second) + 16 <= frames:
        starts.append(int(len(starts) * 80.0 / frames_per_second))
    starts.append(frames - 16)
    return np.stack([features[np.newaxis, :, start:start + 16] for start in starts])


def sliding(features, length, step):
    starts = range(0, len(features) - length + 1, step)
    return np.stack([features[start:start + length] for start in starts])


def model_path(name):
    return pathlib.Path(os.environ["OSSICLE_MODELS"]) / name


def run_model(path, inputs, batch_size=None):
    """The model's first output for `inputs`, given to it all at once or `batch_size` at a time."""
    loaded = session(str(path))
    name = loaded.get_inputs()[0].name
    inputs = inputs.astype(np.float32)
    step = batch_size or len(inputs)
    return np.concatenate([loaded.run(None, {name: inputs[start:start + step]})[0]
                           for start in range(0, len(inputs), step)])


@functools.lru_cache(maxsize=None)
def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4  # an error is raised, not printed as well
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
