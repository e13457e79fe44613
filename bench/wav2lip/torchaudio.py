"""The same with torchaudio's MelSpectrogram, in float32."""

import math

import torch
import torchaudio

PACKAGE = "torchaudio"


def make(samples, task):
    torch.set_num_threads(1)
    waveform = torch.from_numpy(samples)
    spectrogram = torchaudio.transforms.MelSpectrogram(
        sample_rate=16000, n_fft=800, hop_length=200, f_min=55, f_max=7600, n_mels=80, power=1,
        pad_mode="constant", norm="slaney", mel_scale="slaney")
    min_level = math.exp(-100 / 20 * math.log(10))

    @torch.inference_mode()
    def call():
        mel = spectrogram(torchaudio.functional.preemphasis(waveform, 0.97))
        decibels = 20 * torch.log10(torch.clamp(mel, min=min_level)) - 20
        return torch.clamp(8 * ((decibels + 100) / 100) - 4, -4, 4)

    return call
