"""Wav2Lip's audio.py as people run it: pre-emphasis gives float64, and all after it stays so."""

import librosa
import numpy as np
import scipy.signal

PACKAGE = "librosa"


def make(samples, task):
    bank = librosa.filters.mel(sr=16000, n_fft=800, n_mels=80, fmin=55, fmax=7600)  # kept, as there
    min_level = np.exp(-100 / 20 * np.log(10))

    def call():
        emphasised = scipy.signal.lfilter([1, -0.97], [1], samples)
        spectrum = np.abs(librosa.stft(y=emphasised, n_fft=800, hop_length=200, win_length=800))
        decibels = 20 * np.log10(np.maximum(min_level, np.dot(bank, spectrum))) - 20
        return np.clip(8 * ((decibels + 100) / 100) - 4, -4, 4)

    return call
