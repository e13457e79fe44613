"""ossicle.compat.torchaudio beside torchaudio, which has to be installed."""

import functools
import warnings

import runner

import ossicle.compat.torchaudio as ours
import torch
import torchaudio

KALDI = [("fbank", {"num_mel_bins": 80}), ("fbank", {"num_mel_bins": 80, "use_energy": True}),
         ("fbank", {"num_mel_bins": 80, "snip_edges": False, "subtract_mean": True}),
         ("mfcc", {}), ("mfcc", {"use_energy": True})]
TRANSFORMS = [("MelSpectrogram", {}),
              ("MelSpectrogram", {"n_fft": 512, "hop_length": 160, "n_mels": 80}), ("MFCC", {}),
              ("MFCC", {"log_mels": True})]


def cases():
    speech = torch.from_numpy(runner.speech())[None]
    for name, arguments in KALDI:
        yield runner.Case(f"{name}({shown(arguments)})", *(
            functools.partial(getattr(module.compliance.kaldi, name), speech * 32768, **arguments)
            for module in (ours, torchaudio)), 1e-2)
    for name, arguments in TRANSFORMS:
        yield transform(name, arguments, speech, shown(arguments))
    yield transform("MFCC", {}, torch.cat([speech, speech.flip(1)]), "two channels")
    bands = torchaudio.transforms.MelSpectrogram()(speech)
    for arguments in ({}, {"top_db": 80.0}):
        yield transform("AmplitudeToDB", arguments, bands, shown(arguments))


def transform(name, arguments, tensor, text):
    return runner.Case(f"{name}({text})", *(
        functools.partial(getattr(module.transforms, name)(**arguments), tensor)
        for module in (ours, torchaudio)), 1e-2)


def shown(arguments):
    return ", ".join(f"{key}={value}" for key, value in arguments.items())


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    runner.main(f"torchaudio {torchaudio.__version__}", list(cases()))
