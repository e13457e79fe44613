"""librosa before 0.9: its edges are mirrored. The environment has 0.7.2, which Wav2Lip pins, or
0.8.1."""

import librosa
import numpy as np
import scipy.signal
from golden import Golden


def wav2lip(samples):
    """The steps of Wav2Lip's audio.py."""
    emphasised = scipy.signal.lfilter([1, -0.97], [1], samples)
    spectrum = np.abs(librosa.stft(y=emphasised, n_fft=800, hop_length=200, win_length=800))
    bank = librosa.filters.mel(16000, 800, n_mels=80, fmin=55, fmax=7600)
    min_level = np.exp(-100 / 20 * np.log(10))
    decibels = 20 * np.log10(np.maximum(min_level, np.dot(bank, spectrum))) - 20
    return np.clip(8 * ((decibels + 100) / 100) - 4, -4, 4).T


def mel(samples):
    return librosa.feature.melspectrogram(y=samples, sr=22050).T


def mel_db(samples):
    return librosa.power_to_db(librosa.feature.melspectrogram(y=samples, sr=22050)).T


def mfcc(samples):
    return librosa.feature.mfcc(y=samples, sr=22050).T


def of_defaults(preset, call, features):
    return Golden(preset, "librosa", librosa.__version__, call, features, rate_hz=22050,
                  window_samples=2048, fft_size=2048)


WAV2LIP = Golden("wav2lip@librosa-0.7", "librosa", librosa.__version__,
                 "stft, filters.mel, as in Wav2Lip's audio.py", wav2lip, window_samples=800,
                 fft_size=800)
DEFAULTS = [of_defaults("librosa-mel@0.8", "feature.melspectrogram(y, sr)", mel),
            of_defaults("librosa-mel-db@0.8", "power_to_db(feature.melspectrogram(y, sr))", mel_db),
            of_defaults("librosa-mfcc@0.8", "feature.mfcc(y, sr)", mfcc)]
GOLDENS = [WAV2LIP] if librosa.__version__.startswith("0.7") else DEFAULTS
