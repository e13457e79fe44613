"""What torchaudio, openai-whisper, transformers with PyTorch, and PyTorch itself compute."""

import importlib.metadata

import librosa
import numpy as np
import torch
import torchaudio
import transformers
import whisper
from golden import Golden
from torchaudio.compliance import kaldi

torch.set_num_threads(1)


def tensor(samples):
    return torch.from_numpy(samples)


def openai_whisper(bands, padding=0):
    return lambda samples: whisper.log_mel_spectrogram(samples, bands, padding=padding).numpy().T


def kaldi_call(function, scale=32768.0, **options):
    return lambda samples: function(tensor(samples * np.float32(scale))[None], **options).numpy()


def transform(kind, **options):
    made = kind(**options)
    return lambda samples: made(tensor(samples)).numpy().T


def mel_db():
    mel = torchaudio.transforms.MelSpectrogram()
    decibels = torchaudio.transforms.AmplitudeToDB()
    return lambda samples: decibels(mel(tensor(samples))).numpy().T


def parakeet(bands):
    """NeMo >= 2.5 in transformers: its valid frames."""
    extractor = transformers.ParakeetFeatureExtractor(feature_size=bands)

    def features(samples):
        found = extractor(samples, sampling_rate=16000, return_tensors="np")
        return found["input_features"][0][found["attention_mask"][0].astype(bool)]
    return features


def ast():
    """Its valid frames: the rest of the 1024 is padding."""
    def features(samples):
        frames = max(1 + (len(samples) - 400) // 160, 0)
        extractor = transformers.ASTFeatureExtractor(max_length=max(frames, 1))
        return extractor(samples, sampling_rate=16000, return_tensors="np")["input_values"][0]
    return features


def clap(bank):
    extractor = transformers.ClapFeatureExtractor(frequency_min=50)
    filters = getattr(extractor, bank)
    return lambda samples: extractor._np_extract_fbank_features(samples.astype(np.float64), filters)


def tacotron2():
    """As tacotron2's layers.py and stft.py do it: a convolution with the rows of the DFT."""
    basis = np.fft.fft(np.eye(1024))[:513]
    basis = torch.FloatTensor(np.vstack([basis.real, basis.imag])[:, None, :])
    basis *= torch.from_numpy(librosa.filters.get_window("hann", 1024, fftbins=True)).float()
    bank = torch.from_numpy(
        librosa.filters.mel(sr=22050, n_fft=1024, n_mels=80, fmin=0.0, fmax=8000.0)).float()

    def features(samples):
        padded = torch.nn.functional.pad(tensor(samples)[None, None], (512, 512), mode="reflect")
        parts = torch.nn.functional.conv1d(padded, basis, stride=256)[0]
        magnitude = torch.sqrt(parts[:513] ** 2 + parts[513:] ** 2)
        return torch.log(torch.clamp(bank @ magnitude, min=1e-5)).numpy().T
    return features


def hifigan():
    """As hifi-gan's meldataset.py does it."""
    bank = torch.from_numpy(
        librosa.filters.mel(sr=22050, n_fft=1024, n_mels=80, fmin=0, fmax=8000)).float()

    def features(samples):
        padded = torch.nn.functional.pad(tensor(samples)[None, None], (384, 384), mode="reflect")
        spectrum = torch.view_as_real(torch.stft(
            padded[0], 1024, hop_length=256, win_length=1024, window=torch.hann_window(1024),
            center=False, normalized=False, onesided=True, return_complex=True))
        magnitude = torch.sqrt(spectrum.pow(2).sum(-1) + 1e-9)
        return torch.log(torch.clamp(bank @ magnitude, min=1e-5))[0].numpy().T
    return features


def of_whisper(name, bands, padding):
    call = f"log_mel_spectrogram(audio, {bands}, padding={padding})"
    return Golden(name, "openai-whisper", importlib.metadata.version("openai-whisper"), call,
                  openai_whisper(bands, padding))


def of_torchaudio(name, call, features, **options):
    return Golden(name, "torchaudio", torchaudio.__version__.split("+")[0], call, features,
                  **options)


def of_transformers(name, call, features, **options):
    return Golden(name, "transformers", transformers.__version__, call, features, **options)


def of_torch(name, source, features):
    return Golden(name, "torch", torch.__version__.split("+")[0], source, features, rate_hz=22050,
                  window_samples=1024, fft_size=1024)


def torchaudio_mel_at(rate_hz):
    return of_torchaudio(
        "torchaudio-mel", f"transforms.MelSpectrogram(sample_rate={rate_hz})",
        transform(torchaudio.transforms.MelSpectrogram, sample_rate=rate_hz), rate_hz=rate_hz,
        variant=str(rate_hz))


KALDI = {"fft_size": 512}
GOLDENS = [
    of_whisper("whisper-80", 80, 0),
    of_whisper("whisper-128", 128, 0),
    of_whisper("whisper-80@transcribe", 80, 480000),
    of_whisper("whisper-128@transcribe", 128, 480000),
    of_torchaudio("kaldi-fbank-80", "compliance.kaldi.fbank(x * 32768, num_mel_bins=80)",
                  kaldi_call(kaldi.fbank, num_mel_bins=80), **KALDI),
    of_torchaudio("kaldi-mfcc-13", "compliance.kaldi.mfcc(x * 32768, use_energy=True, "
                  "energy_floor=0)",
                  kaldi_call(kaldi.mfcc, use_energy=True, energy_floor=0.0), **KALDI),
    of_torchaudio("kaldi-mfcc-13@torchaudio", "compliance.kaldi.mfcc(x * 32768)",
                  kaldi_call(kaldi.mfcc), **KALDI),
    of_torchaudio("icefall-fbank-80", "compliance.kaldi.fbank(x, num_mel_bins=80, high_freq=-400, "
                  "snip_edges=False)",
                  kaldi_call(kaldi.fbank, scale=1.0, num_mel_bins=80, high_freq=-400.0,
                             snip_edges=False), **KALDI),
    of_torchaudio("torchaudio-mel", "transforms.MelSpectrogram()",
                  transform(torchaudio.transforms.MelSpectrogram)),
    of_torchaudio("torchaudio-mel-db", "transforms.MelSpectrogram(), AmplitudeToDB()", mel_db()),
    of_torchaudio("torchaudio-mfcc", "transforms.MFCC()", transform(torchaudio.transforms.MFCC)),
    *(torchaudio_mel_at(rate_hz) for rate_hz in (8000, 22050, 44100, 48000)),
    of_transformers("nemo-80@2.5", "ParakeetFeatureExtractor(feature_size=80), valid frames",
                    parakeet(80), **KALDI),
    of_transformers("nemo-128@2.5", "ParakeetFeatureExtractor(feature_size=128), valid frames",
                    parakeet(128), **KALDI),
    of_transformers("ast", "ASTFeatureExtractor() with torchaudio, valid frames", ast(), **KALDI),
    of_transformers("clap-htk", "ClapFeatureExtractor(frequency_min=50)"
                    "._np_extract_fbank_features(x, mel_filters)", clap("mel_filters"),
                    rate_hz=48000, window_samples=1024, fft_size=1024),
    of_transformers("clap-slaney", "ClapFeatureExtractor(frequency_min=50)"
                    "._np_extract_fbank_features(x, mel_filters_slaney)",
                    clap("mel_filters_slaney"), rate_hz=48000, window_samples=1024, fft_size=1024),
    of_torch("tacotron2", "conv1d, as in tacotron2's layers.py and stft.py", tacotron2()),
    of_torch("hifigan", "stft, as in hifi-gan's meldataset.py", hifigan()),
]
