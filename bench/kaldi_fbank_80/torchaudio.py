"""torchaudio.compliance.kaldi.fbank; the scaling to 16 bits is not counted."""

import torch
import torchaudio.compliance.kaldi

PACKAGE = "torchaudio"


def make(samples, task):
    torch.set_num_threads(1)
    waveform = torch.from_numpy(samples * 32768)[None]

    @torch.inference_mode()
    def call():
        return torchaudio.compliance.kaldi.fbank(waveform, num_mel_bins=80, dither=0.0,
                                                 sample_frequency=16000)

    return call
