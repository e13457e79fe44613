"""What single files of libraries compute that are too large to install for them."""

import functools
import importlib.metadata
import importlib.util
import math
import random
import types

import librosa
import numpy as np
import parts
import torch
import torchaudio
from golden import Golden
from torchaudio.compliance import kaldi

torch.set_num_threads(1)
CLAP = {"sample_rate": 48000, "window_size": 1024, "hop_size": 480, "mel_bins": 64, "fmin": 50,
        "fmax": 14000}


def version(package):
    (found,) = importlib.metadata.distributions(name=package, path=[str(parts.path())])
    return found.version


def module(*names):
    spec = importlib.util.spec_from_file_location(names[-1][:-3], parts.path(*names))
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def nemo(valid=True, **options):
    """Its class, with what a model does at inference; the valid frames."""
    quiet = types.SimpleNamespace(info=lambda *_: None, debug=lambda *_: None,
                                  warning=lambda *_: None)
    file = parts.path("nemo", "collections", "asr", "parts", "preprocessing", "features.py")
    _, __, kind = parts.of_file(
        file, ["CONSTANT", "normalize_batch", "FilterbankFeatures"], math=math, random=random,
        librosa=librosa, np=np, torch=torch, nn=torch.nn, logging=quiet)
    extractor = kind(pad_to=0, **options).eval()

    def features(samples):
        found, lengths = extractor(torch.from_numpy(samples)[None], torch.tensor([len(samples)]))
        return found[0, :, :int(lengths[0])].numpy().T
    return features


def faster_whisper(bands):
    extractor = module("faster_whisper", "feature_extractor.py").FeatureExtractor(bands)
    return lambda samples: extractor(samples).T


def vggish():
    features = module("torchvggish", "mel_features.py")
    return lambda samples: features.log_mel_spectrogram(
        samples, audio_sample_rate=16000, log_offset=0.01, window_length_secs=0.025,
        hop_length_secs=0.010, num_mel_bins=64, lower_edge_hertz=125, upper_edge_hertz=7500)


def clap():
    (get_mel,) = parts.of_file(parts.path("laion_clap", "training", "data.py"), ["get_mel"],
                               torchaudio=torchaudio)
    return lambda samples: get_mel(torch.from_numpy(samples), CLAP).numpy()


def pyannote():
    (kind,) = parts.of_file(
        parts.path("pyannote", "audio", "models", "embedding", "wespeaker", "__init__.py"),
        ["BaseWeSpeakerResNet"], Model=Settings, partial=functools.partial, torch=torch,
        F=torch.nn.functional, kaldi=kaldi, Optional=object_of, Task=None, lru_cache=lambda f: f)
    return lambda samples: kind().compute_fbank(torch.from_numpy(samples)[None, None])[0].numpy()


class ObjectOf:
    def __getitem__(self, _):
        return object


object_of = ObjectOf()


class Settings:
    """Stands for the base class of pyannote's models: it keeps what a model is made of."""

    def __init__(self, **_):
        pass

    def save_hyperparameters(self, *_):
        self.hparams = types.SimpleNamespace(
            sample_rate=16000, num_channels=1, num_mel_bins=80, frame_length=25.0,
            frame_shift=10.0, dither=0.0, round_to_power_of_two=True, snip_edges=True,
            window_type="hamming", use_energy=False, fbank_centering_span=None)


def of_nemo(name, **options):
    shown = ", ".join(f"{key}={value!r}" for key, value in options.items())
    call = f"FilterbankFeatures({shown}), its file alone, valid frames"
    return Golden(name, "NeMo", version("nemo_toolkit"), call, nemo(**options),
                  window_samples=options.get("n_window_size", 320), fft_size=512)


FASTCONFORMER = {"n_window_size": 400, "n_fft": 512}
OLD = [
    of_nemo("nemo-64@2.4"),
    of_nemo("nemo-80@2.4", nfilt=80, **FASTCONFORMER),
]


def new():
    return [
        of_nemo("nemo-80@2.5", nfilt=80, **FASTCONFORMER),
        of_nemo("nemo-128@2.5", nfilt=128, **FASTCONFORMER),
        of_nemo("nemo-80-streaming@2.5", nfilt=80, normalize="NA", **FASTCONFORMER),
        Golden("whisper-80@faster-whisper", "faster-whisper", version("faster-whisper"),
               "FeatureExtractor(80)(waveform), its file alone", faster_whisper(80)),
        Golden("vggish", "torchvggish", version("torchvggish"),
               "mel_features.log_mel_spectrogram, the file of VGGish itself", vggish(),
               fft_size=512),
        Golden("clap-htk", "laion-clap", version("laion-clap"),
               "training.data.get_mel with the settings of HTSAT-base.json", clap(),
               rate_hz=48000, window_samples=1024, fft_size=1024),
        Golden("wespeaker", "pyannote.audio", version("pyannote.audio"),
               "BaseWeSpeakerResNet.compute_fbank, its file alone", pyannote(), fft_size=512),
    ]


GOLDENS = OLD if version("nemo_toolkit").startswith("2.4") else new()
