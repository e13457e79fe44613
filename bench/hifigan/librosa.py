"""HiFi-GAN's mel_spectrogram (meldataset.py), its steps done with librosa in float32."""

import librosa
import numpy as np

PACKAGE = "librosa"


def make(samples, task):
    bank = librosa.filters.mel(sr=22050, n_fft=1024, n_mels=80, fmin=0, fmax=8000)

    def call():
        padded = np.pad(samples, (1024 - 256) // 2, mode="reflect")
        spectrum = librosa.stft(padded, n_fft=1024, hop_length=256, center=False)
        magnitude = np.sqrt(np.square(spectrum.real) + np.square(spectrum.imag) + np.float32(1e-9))
        return np.log(np.maximum(bank @ magnitude, np.float32(1e-5)))

    return call
