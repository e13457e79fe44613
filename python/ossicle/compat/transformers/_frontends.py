"""The front ends of the feature extractors: presets with what the arguments change."""

import functools
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

import ossicle
from ossicle.compat import _served

FRAME_SAMPLES, HOP_SAMPLES = 400, 160  # of the Kaldi-like ones, at any sample rate
FULL_SCALE = 2.0 ** 15
_WHISPER_HIGH_HZ = 8000.0  # at any sample rate
_KALDI_LOW_HZ = 20.0
_KALDI_MIN_SAMPLES = 240  # of the preset "seamless-m4t"


class MelBank(NamedTuple):
    """What an extractor made its mel bank from when it was made; in transformers, the matrix."""

    bands: int
    sampling_rate: int
    low_hz: float
    high_hz: float


def whisper_bank(bands: int, sampling_rate: int) -> MelBank:
    return MelBank(bands, sampling_rate, 0.0, _WHISPER_HIGH_HZ)


def kaldi_bank(bands: int, sampling_rate: int) -> MelBank:
    return MelBank(bands, sampling_rate, _KALDI_LOW_HZ, float(sampling_rate // 2))


def bank_of(call: str, given: Any, name: str = "mel_filters") -> MelBank:
    """Refuses what was put in the place of an extractor's own bank."""
    if not isinstance(given, MelBank):
        raise _served.unserved(call, name, given, "the bank of its other arguments")
    return given


def window_of(call: str, given: Any, own: str) -> str:
    """Refuses what was put in the place of an extractor's own window."""
    if not isinstance(given, str) or given != own:
        raise _served.unserved(call, "window", given, repr(own))
    return own


@functools.lru_cache(maxsize=64)
def whisper(bank: MelBank, n_fft: int, hop_length: int, framed: bool = False) -> ossicle.Frontend:
    """`framed`: of frames that were cut already and lie one after another."""
    call = "WhisperFeatureExtractor"
    _check_rate(call, bank.sampling_rate, even=True)
    if bank.sampling_rate < 2 * _WHISPER_HIGH_HZ:
        raise _served.unserved(call, "sampling_rate", bank.sampling_rate,
                               f"{2 * _WHISPER_HIGH_HZ:.0f} and more")
    _check_bands(call, "feature_size", bank)
    _check_frames(call, ("n_fft", n_fft), hop_length)
    framing = {"framing": "no-padding"} if framed else {}
    return _compiled("whisper-80", bank, min_samples=1, fft_size=n_fft, window_samples=n_fft,
                     hop_samples=n_fft if framed else hop_length, **framing)


@functools.lru_cache(maxsize=64)
def clap(preset: str, bank: MelBank, fft_window_size: int, hop_length: int) -> ossicle.Frontend:
    call = "ClapFeatureExtractor"
    _check_rate(call, bank.sampling_rate, even=True)
    _check_bands(call, "feature_size", bank)
    _check_frames(call, ("fft_window_size", fft_window_size), hop_length)
    return _compiled(preset, bank, fft_size=fft_window_size, window_samples=fft_window_size,
                     hop_samples=hop_length)


@functools.lru_cache(maxsize=64)
def kaldi(call: str, bank: MelBank, steps: tuple[ossicle.Step, ...] = (), window: str = "povey",
          scale: float = FULL_SCALE, framed: bool = False) -> ossicle.Frontend:
    """Frames first. `steps` after the logarithm; `framed` as above."""
    _check_rate(call, bank.sampling_rate)
    if bank.high_hz <= bank.low_hz:
        raise _served.unserved(call, "sampling_rate", bank.sampling_rate,
                               f"more than {2 * bank.low_hz:.0f}")
    _check_bands(call, "num_mel_bins", bank)
    return _compiled("seamless-m4t", bank, window=window, input_scale=scale, steps=steps,
                     hop_samples=FRAME_SAMPLES if framed else HOP_SAMPLES)


def refuse_short(call: str, clips: list[Any]) -> None:
    shortest = min(clip.size for clip in clips)
    if shortest < _KALDI_MIN_SAMPLES:
        raise ValueError(f"a clip has {shortest} samples, but {call} takes at least "
                         f"{_KALDI_MIN_SAMPLES}; append zeros")


def framed(samples: Any, frame_samples: int, hop_samples: int, dither: float) -> Any:
    """Frames of `samples` one after another, each with noise of its own, which comes from NumPy's
    global generator. What is shorter than a frame is left alone."""
    if len(samples) < frame_samples:
        return samples
    frames = np.lib.stride_tricks.sliding_window_view(samples, frame_samples)[::hop_samples]
    noise = np.random.randn(*frames.shape)
    return (frames + dither * noise).astype(np.float32).ravel()


def _compiled(preset: str, bank: MelBank, **changes: Any) -> ossicle.Frontend:
    return ossicle.Frontend(replace(
        ossicle.preset(preset), sample_rate_hz=bank.sampling_rate, mel_bands=bank.bands,
        low_hz=bank.low_hz, high_hz=bank.high_hz, **changes))


def _check_rate(call: str, sampling_rate: int, even: bool = False) -> None:
    _served.check_rate(call, "sampling_rate", sampling_rate)
    if even and sampling_rate % 2:  # transformers then rounds the last bin's frequency
        raise _served.unserved(call, "sampling_rate", sampling_rate, "even ones")


def _check_bands(call: str, name: str, bank: MelBank) -> None:
    _served.check_bands(call, (name, bank.bands), ("frequency_min", bank.low_hz),
                        ("frequency_max", bank.high_hz), bank.sampling_rate / 2)


def _check_frames(call: str, fft: tuple[str, int], hop_length: int) -> None:
    _served.check_frames(call, fft, ("hop_length", hop_length), fft)
    if fft[1] % 2:
        raise _served.unserved(call, *fft, "even ones")
