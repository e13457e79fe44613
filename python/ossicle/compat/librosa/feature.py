"""librosa.feature 0.11.0: melspectrogram and mfcc."""

import dataclasses
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

import ossicle
from ossicle.compat import _mel, _served
from ossicle.compat._dct import dct
from ossicle.compat._decibels import floor_below_peak
from ossicle.compat.librosa._decibels import power_to_db
from ossicle.compat.librosa._errors import ParameterError
from ossicle.compat.librosa._spec import Bands, Frames

Array = NDArray[Any]
WindowSpec = str | tuple[Any, ...] | float | Callable[[int], Array] | Array | list[float]

TOP_DB, AMIN = 80.0, 1e-10  # power_to_db's


def melspectrogram(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,  # noqa: N803
    n_fft: int = 2048,
    hop_length: int | None = 512,
    win_length: int | None = None,
    window: WindowSpec = "hann",
    center: bool = True,
    pad_mode: str = "constant",
    power: float = 2.0,
    **kwargs: Any,
) -> Array:
    """Mel bands of samples, as librosa.feature.melspectrogram gives them.

    y: (..., samples), float32 or float64; sr: their rate in Hz, a whole number.
    S: (..., n_fft // 2 + 1, frames), a spectrum that is there already, instead of y; it is only
       multiplied with the mel bank, by NumPy.
    n_fft: a product of powers of 2, 3 and 5. window: Hann, Hamming or rectangular, by name, as a
       function or as values. pad_mode: "constant", "reflect" or "symmetric". power: 1 or 2.
    kwargs: n_mels, fmin, fmax (at most sr / 2), htk, norm, dtype (float32 or float64).

    Returns (..., n_mels, frames): float64 if y or dtype is float64, else float32.
    Raises ParameterError for what librosa refuses, NotImplementedError for what it serves and
    Ossicle does not.
    """
    bands = Bands(**kwargs)
    if S is not None:
        if n_fft is None or n_fft // 2 + 1 != S.shape[-2]:
            n_fft = 2 * (S.shape[-2] - 1)
        return _mel.project(bands.bank(sr, n_fft), S)
    frames = Frames(n_fft=n_fft, hop_length=hop_length, win_length=win_length, window=window,
                    center=center, pad_mode=pad_mode, power=power)
    return _run(y, sr, frames, bands, log="none")


def mfcc(
    *,
    y: Array | None = None,
    sr: float = 22050,
    S: Array | None = None,  # noqa: N803
    n_mfcc: int = 20,
    dct_type: int = 2,
    norm: str | None = "ortho",
    lifter: float = 0,
    mel_norm: Any = "slaney",
    **kwargs: Any,
) -> Array:
    """Cepstral coefficients of samples, as librosa.feature.mfcc gives them.

    y, sr, kwargs: as in melspectrogram. Of several channels the loudest decides where 80 dB below
       the peak is.
    S: (..., bands, frames) in dB, instead of y.
    n_mfcc: coefficients. dct_type: 1 to 4. norm: that of the transform. lifter: 0 for none.
    mel_norm: the `norm` of melspectrogram.

    Returns (..., n_mfcc, frames). Raises as melspectrogram does.
    """
    if lifter < 0:
        raise ParameterError(f"lifter={lifter}, but it must be a non-negative number")
    if S is None:
        settings = {field.name for field in dataclasses.fields(Frames)}
        frames = Frames(**{name: kwargs.pop(name) for name in settings & kwargs.keys()})
        S = _in_decibels(y, sr, frames, Bands(norm=mel_norm, **kwargs))  # noqa: N806
    found = dct(S, dct_type, norm, len(range(S.shape[-2])[:n_mfcc]))
    if lifter > 0:  # librosa counts from 1 where Kaldi counts from 0
        rows = np.arange(1, 1 + n_mfcc)[:, np.newaxis]
        found *= (1 + lifter / 2 * np.sin(np.pi * rows / lifter)).astype(found.dtype)
    return found


def _in_decibels(y: Array | None, sr: float, frames: Frames, bands: Bands) -> Array:
    if bands.normed_by_number:
        found: Array = power_to_db(_run(y, sr, frames, bands, log="none"))
    else:
        found = _run(y, sr, frames, bands, log="db-power", log_floor=AMIN)
        floor_below_peak(found, TOP_DB)
    return found


def _run(y: Array | None, sr: float, frames: Frames, bands: Bands, **log: Any) -> Array:
    samples = _checked(y, frames)
    fields = {**frames.fields(samples.shape[-1]), **bands.fields(sr, frames.n_fft), **log}
    if fields["edge"] == "reflect" and frames.mirrors_too_little(samples.shape[-1]):
        samples = _mirrored(samples, frames.n_fft // 2)
        fields |= {"framing": "no-padding", "edge": "zeros"}
    double = np.float64 in (samples.dtype, np.dtype(bands.dtype))
    frontend = _served.frontend_of("double" if double else "float", **fields)
    if samples.shape[-1] == 0:  # librosa pads it to one frame of zeros
        samples = np.zeros((*samples.shape[:-1], 1), np.float32)
    try:
        found: Array = frontend(samples, axis=-1)
    except ossicle.NotFiniteError as error:
        raise ParameterError("y is not finite everywhere") from error
    if bands.normed_by_number:
        found *= bands.norm_by_band(sr, frames.n_fft).astype(found.dtype)
    return found


def _mirrored(samples: Array, half: int) -> Array:
    """With `half` mirrored samples at both ends, those at the end from the last `half` alone."""
    before = np.pad(samples[..., :half + 1], _last_axis(samples, half, 0), "reflect")[..., :half]
    after = np.pad(samples[..., -half:], _last_axis(samples, 0, half), "reflect")[..., half:]
    return np.concatenate((before, samples, after), axis=-1)


def _last_axis(samples: Array, before: int, after: int) -> list[tuple[int, int]]:
    return [(0, 0)] * (samples.ndim - 1) + [(before, after)]


def _checked(y: Array | None, frames: Frames) -> Array:
    """The samples, in a type that Ossicle takes."""
    if frames.n_fft is None:
        raise ParameterError("n_fft=None, but y needs one")
    if y is None:
        raise ParameterError("there is neither y nor S; one must be given")
    if not isinstance(y, np.ndarray):
        raise ParameterError(f"y is a {type(y).__name__}, but it must be a numpy.ndarray")
    if y.dtype.kind != "f":
        raise ParameterError(f"y has dtype {y.dtype}, but it must be floating-point")
    if y.ndim == 0:
        raise ParameterError("y has no dimension, but it must have at least one")
    if frames.n_fft > y.shape[-1]:
        if not frames.center:
            raise ParameterError(f"n_fft={frames.n_fft} is too large for {y.shape[-1]} samples "
                                 "that are not centered")
        warnings.warn(f"n_fft={frames.n_fft} is too large for input signal of "
                      f"length={y.shape[-1]}", stacklevel=4)
    return y if y.dtype in (np.float32, np.float64) else y.astype(np.float32)
