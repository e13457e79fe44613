"""The features as the libraries themselves compute them. Each function takes mono float32 samples
at 16 kHz, full scale 1.0, and gives an array in the library's own layout."""

import functools
import os
import pathlib

import kaldi_native_fbank
import librosa
import numpy as np
import onnxruntime
import scipy.signal
from transformers import WhisperFeatureExtractor


def wav2lip(samples, pad_mode="constant"):
    """The steps of Wav2Lip's audio.py, done with librosa: (80, frames)."""
    emphasised = scipy.signal.lfilter([1, -0.97], [1], samples)
    spectrum = np.abs(librosa.stft(y=emphasised, n_fft=800, hop_length=200, win_length=800,
                                   pad_mode=pad_mode))
    bank = librosa.filters.mel(sr=16000, n_fft=800, n_mels=80, fmin=55, fmax=7600)
    min_level = np.exp(-100 / 20 * np.log(10))
    decibels = 20 * np.log10(np.maximum(min_level, np.dot(bank, spectrum))) - 20
    return np.clip(8 * ((decibels + 100) / 100) - 4, -4, 4)


def wav2lip_reflected(samples):
    """librosa 0.7, which Wav2Lip pins, needs Python 3.8. It mirrors the edges: so does this, in the
    librosa of today. (It also rounds the spectrum to complex64, which this does not.)"""
    return wav2lip(samples, pad_mode="reflect")


def whisper(bands, samples):
    """transformers, without its padding to 30 seconds, in NumPy: (bands, frames)."""
    extractor = WhisperFeatureExtractor(feature_size=bands)
    return extractor._np_extract_fbank_features(samples[np.newaxis], "cpu")[0]


def kaldi_fbank(samples):
    """(frames, 80)"""
    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.dither = 0
    options.mel_opts.num_bins = 80
    fbank = kaldi_native_fbank.OnlineFbank(options)
    fbank.accept_waveform(16000, (samples * 32768).tolist())
    fbank.input_finished()
    return np.stack([fbank.get_frame(i) for i in range(fbank.num_frames_ready)])


def openwakeword(samples):
    """(frames, 32)"""
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


@functools.cache
def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


OF_PRESET = {
    "wav2lip": wav2lip,
    "wav2lip@librosa-0.7": wav2lip_reflected,
    "whisper-80": functools.partial(whisper, 80),
    "whisper-128": functools.partial(whisper, 128),
    "kaldi-fbank-80": kaldi_fbank,
    "openwakeword": openwakeword,
    "openwakeword-embedding": openwakeword_model_input,
}
