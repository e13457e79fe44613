"""HiFi-GAN's mel_spectrogram (meldataset.py) with PyTorch, as there; its mel bank is librosa's."""

import librosa
import torch

PACKAGE = "torch"


def make(samples, task):
    torch.set_num_threads(1)
    waveform = torch.from_numpy(samples)[None]
    bank = torch.from_numpy(librosa.filters.mel(sr=22050, n_fft=1024, n_mels=80, fmin=0, fmax=8000))
    window = torch.hann_window(1024)

    @torch.inference_mode()
    def call():
        padded = torch.nn.functional.pad(waveform[:, None], (384, 384), mode="reflect")[:, 0]
        spectrum = torch.view_as_real(torch.stft(
            padded, 1024, hop_length=256, win_length=1024, window=window, center=False,
            normalized=False, onesided=True, return_complex=True))
        magnitude = torch.sqrt(spectrum.pow(2).sum(-1) + 1e-9)
        return torch.log(torch.clamp(torch.matmul(bank, magnitude), min=1e-5))[0]

    return call
