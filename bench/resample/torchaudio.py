"""transforms.Resample, whose kernel is made once."""

import torch
import torchaudio

PACKAGE = "torchaudio"


def make(samples, task):
    torch.set_num_threads(1)
    waveform = torch.from_numpy(samples)
    resample = torchaudio.transforms.Resample(task["from_hz"], task["to_hz"], **task["settings"])

    @torch.inference_mode()
    def call():
        return resample(waveform)

    return call
