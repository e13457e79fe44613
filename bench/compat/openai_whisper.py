"""ossicle.compat.whisper beside openai-whisper, which has to be installed."""

import functools

import runner
import torch
import whisper
from ossicle.compat import whisper as ours


def cases():
    samples = runner.speech()
    for arguments in ({}, {"n_mels": 128}, {"padding": 480000}):
        shown = ", ".join(f"{key}={value}" for key, value in arguments.items())
        yield runner.Case(
            f"log_mel_spectrogram({shown})",
            *(functools.partial(module.log_mel_spectrogram, samples, **arguments)
              for module in (ours, whisper)), 1e-3)


if __name__ == "__main__":
    torch.set_num_threads(1)
    runner.main(f"openai-whisper {whisper.__version__}", list(cases()))
