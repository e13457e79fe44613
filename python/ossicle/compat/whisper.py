"""The audio functions of openai-whisper 20250625.

    from ossicle.compat import whisper
    mel = whisper.log_mel_spectrogram(whisper.pad_or_trim(whisper.load_audio("talk.flac")))

needs NumPy only. A program that has imported torch gets a torch.Tensor from log_mel_spectrogram, as
there; another one gets a NumPy array, which is the only difference in the result's kind.

What differs:
- load_audio reads WAV, FLAC, Ogg, Opus and MP3 itself, resampled as ffmpeg 5.1 does, and needs no
  ffmpeg; other files raise RuntimeError.
- A NaN or an infinity raises ossicle.NotFiniteError; there it becomes part of the features.
- A tensor that requires a gradient raises NotImplementedError.
- float64 and int16 samples (full scale 32768) are taken, too; there they are an error.
"""

from __future__ import annotations

import dataclasses
import functools
import os
import sys
from typing import Any

import numpy as np

import ossicle
from ossicle.compat import _served
from ossicle.compat._tensors import is_tensor

SAMPLE_RATE = 16000
N_FFT = 400
HOP_LENGTH = 160
CHUNK_LENGTH = 30
N_SAMPLES = CHUNK_LENGTH * SAMPLE_RATE
N_FRAMES = N_SAMPLES // HOP_LENGTH
N_SAMPLES_PER_TOKEN = HOP_LENGTH * 2
FRAMES_PER_SECOND = SAMPLE_RATE // HOP_LENGTH
TOKENS_PER_SECOND = SAMPLE_RATE // N_SAMPLES_PER_TOKEN

_MEL_BANDS = (80, 128)


def load_audio(file: str | os.PathLike[str], sr: int = SAMPLE_RATE) -> Any:
    """An audio file's samples, (n,) float32 at full scale 1.0, at `sr` Hz, its channels mixed down.
    Raises RuntimeError for a file that cannot be read."""
    spec = ossicle.FrontendSpec(
        name="waveform", sample_rate_hz=sr, resampler="swr-s16", downmix="ffmpeg",
        framing="no-padding", window="rectangular", window_samples=1, hop_samples=1,
        window_position="left", spectrum="waveform", mel_bands=1, high_hz=sr / 2, log="none")
    try:
        return ossicle.extract(file, spec)[:, 0]
    except ossicle.AudioError as error:
        raise RuntimeError(f"Failed to load audio: {error}") from error


def pad_or_trim(array: Any, length: int = N_SAMPLES, *, axis: int = -1) -> Any:
    """A copy of `array`, NumPy's or a tensor, with `length` places along `axis`: cut, or followed
    by zeros; `array` itself where it has that many."""
    missing = length - array.shape[axis]
    if missing == 0:
        return array
    places = [slice(None)] * array.ndim
    if missing < 0:
        places[axis] = slice(0, length)
        kept = array[tuple(places)]
        return kept.clone() if is_tensor(array) else kept.copy()
    shape = list(array.shape)
    shape[axis] = length
    result = (array.new_zeros(shape) if is_tensor(array) else np.zeros(shape, array.dtype))
    places[axis] = slice(0, array.shape[axis])
    result[tuple(places)] = array
    return result


def log_mel_spectrogram(audio: Any, n_mels: int = 80, padding: int = 0, device: Any = None) -> Any:
    """(n_mels, frames) float32 of one signal, (signals, n_mels, frames) of several.

    audio    a path; (n,) or (signals, n) samples at 16 kHz, full scale 1.0, NumPy's or a tensor.
             The loudest of all signals sets the floor, 8 below it, of each.
    n_mels   80 or 128
    padding  zeros put after the samples; with them there have to be 201 samples or more
    device   of the tensor that comes out; by default that of `audio`
    Raises AssertionError for another n_mels, RuntimeError for fewer samples.
    """
    if n_mels not in _MEL_BANDS:
        raise AssertionError(f"Unsupported n_mels: {n_mels}; give 80 or 128")
    if isinstance(audio, str):
        audio = load_audio(audio)
    samples = _samples_of(audio)
    if padding > 0:
        samples = pad_or_trim(samples, samples.shape[-1] + padding)
    if samples.shape[-1] <= N_FFT // 2:
        raise RuntimeError(f"{samples.shape[-1]} samples with the padding, but they must be "
                           f"{N_FFT // 2 + 1} or more; make padding={padding} larger")
    features = _log_mel(samples, n_mels)
    torch = sys.modules.get("torch")
    if torch is None:
        return features
    tensor = torch.from_numpy(features)
    if device is None and is_tensor(audio):
        device = audio.device
    return tensor if device is None else tensor.to(device)


def _log_mel(samples: Any, bands: int) -> Any:
    if samples.ndim == 1:
        return _frontend(bands, True)(samples)
    logs = _frontend(bands, False)(samples, axis=-1)
    np.maximum(logs, logs.max() - np.float32(8.0), out=logs)
    logs += np.float32(4.0)
    logs /= np.float32(4.0)
    return logs


def _samples_of(audio: Any) -> Any:
    if is_tensor(audio):
        if audio.requires_grad:
            raise _served.unserved("log_mel_spectrogram", "audio.requires_grad", True,
                                   "no gradients: give audio.detach()")
        audio = audio.cpu().numpy()
    samples = np.asarray(audio)
    if samples.ndim not in (1, 2):
        raise ValueError(f"audio has the shape {samples.shape}; give (n,) or (signals, n)")
    return samples


@functools.cache
def _frontend(bands: int, one_signal: bool) -> ossicle.Frontend:
    """The steps after the logarithm look at one signal, so that they serve only one."""
    spec = ossicle.preset(f"whisper-{bands}")
    return ossicle.Frontend(spec if one_signal else dataclasses.replace(spec, steps=()))
