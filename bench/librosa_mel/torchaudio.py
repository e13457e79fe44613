"""The same with torchaudio's MelSpectrogram and AmplitudeToDB."""

import torch
import torchaudio

PACKAGE = "torchaudio"


def make(samples, task):
    torch.set_num_threads(1)
    waveform = torch.from_numpy(samples)
    spectrogram = torchaudio.transforms.MelSpectrogram(
        sample_rate=22050, n_fft=2048, hop_length=512, n_mels=128, f_max=11025,
        pad_mode="constant", norm="slaney", mel_scale="slaney")
    to_decibels = torchaudio.transforms.AmplitudeToDB("power", top_db=80)

    @torch.inference_mode()
    def call():
        return to_decibels(spectrogram(waveform))

    return call
