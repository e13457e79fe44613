"""whisper.log_mel_spectrogram, in PyTorch, with the samples as a tensor."""

import torch
import whisper

PACKAGE = "openai-whisper"


def make(samples, task):
    torch.set_num_threads(1)
    waveform = torch.from_numpy(samples)

    @torch.inference_mode()
    def call():
        return whisper.log_mel_spectrogram(waveform, n_mels=task["bands"])

    return call
