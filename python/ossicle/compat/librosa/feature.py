"""librosa.feature 0.11.0: melspectrogram and mfcc."""

import dataclasses
import functools
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

import ossicle
from ossicle.compat import _mel, _served, _windows
from ossicle.compat._dct import dct, dct_rows
from ossicle.compat.librosa._decibels import power_to_db
from ossicle.compat.librosa._errors import ParameterError

Array = NDArray[Any]
WindowSpec = str | tuple[Any, ...] | float | Callable[[int], Array] | Array | list[float]

EDGES = {"constant": "zeros", "reflect": "reflect", "symmetric": "reflect-repeat"}
REFUSED_EDGES = ("wrap", "maximum", "mean", "median", "minimum")
WINDOWS = {name: window for window, names in {
    "hann": ("hann", "han"),
    "hamming": ("hamming", "hamm", "ham"),
    "rectangular": ("boxcar", "box", "ones", "rect", "rectangular"),
}.items() for name in names}
SPECTRA = {1: "magnitude", 2: "power"}
TOP_DB, AMIN = 80.0, 1e-10


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Frames:
    """How samples become spectra."""
    n_fft: int = 2048
    hop_length: int | None = 512
    win_length: int | None = None
    window: Any = "hann"
    center: bool = True
    pad_mode: Any = "constant"
    power: float = 2.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Bands:
    """How spectra become bands."""
    n_mels: int = 128
    fmin: float = 0.0
    fmax: float | None = None
    htk: bool = False
    norm: Any = "slaney"
    dtype: DTypeLike = np.float32


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
    bands = _Bands(**kwargs)
    if S is not None:
        if n_fft is None or n_fft // 2 + 1 != S.shape[-2]:
            n_fft = 2 * (S.shape[-2] - 1)
        return np.asarray(np.matmul(_bank(sr, n_fft, bands), S))
    frames = _Frames(n_fft=n_fft, hop_length=hop_length, win_length=win_length, window=window,
                     center=center, pad_mode=pad_mode, power=power)
    return _melspectrogram(y, sr, frames, bands)


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
    S: (..., bands, frames) in dB, instead of y; it is only transformed, by NumPy.
    n_mfcc: coefficients. dct_type: 1 to 4. norm: that of the transform. lifter: 0 for none.
    mel_norm: the `norm` of melspectrogram.

    Returns (..., n_mfcc, frames). Raises as melspectrogram does.
    """
    if lifter < 0:
        raise ParameterError(f"lifter={lifter}, but it must be a non-negative number")
    if S is None:
        settings = {field.name for field in dataclasses.fields(_Frames)}
        frames = _Frames(**{name: kwargs.pop(name) for name in settings & kwargs.keys()})
        bands = _Bands(norm=mel_norm, **kwargs)
        if _is_one_run(y, bands, dct_type, n_mfcc):
            return _mfcc_in_one_run(y, sr, frames, bands, n_mfcc, norm, lifter)
        S = power_to_db(_melspectrogram(y, sr, frames, bands))  # noqa: N806
    found = dct(S, dct_type, norm, len(range(S.shape[-2])[:n_mfcc]))
    if lifter > 0:
        found *= _lift(n_mfcc, lifter, found.dtype)
    return found


def _is_one_run(y: Array | None, bands: _Bands, dct_type: int, n_mfcc: int) -> bool:
    """Whether one front end says it all."""
    return (isinstance(y, np.ndarray) and y.ndim == 1 and dct_type == 2 and y.size > 0
            and (bands.norm is None or isinstance(bands.norm, str))
            and len(range(int(bands.n_mels))[:n_mfcc]) > 0)


def _mfcc_in_one_run(y: Array | None, sr: float, frames: _Frames, bands: _Bands, n_mfcc: int,
                     norm: str | None, lifter: float) -> Array:
    n_mels = int(bands.n_mels)
    coefficients = len(range(n_mels)[:n_mfcc])
    cepstrum = ossicle.Cepstrum(coefficients=coefficients, lifter=0.0, log_energy=False)
    found = _melspectrogram(y, sr, frames, bands, log="db-power", log_floor=AMIN,
                            steps=(ossicle.PeakFloor(range=TOP_DB), cepstrum))
    if norm != "ortho":
        first = [rows[:, :1] for rows in (dct_rows(2, norm or "backward", n_mels, coefficients),
                                          dct_rows(2, "ortho", n_mels, coefficients))]
        found *= (first[0] / first[1]).astype(found.dtype)
    if lifter > 0:
        found *= _lift(n_mfcc, lifter, found.dtype)
    return found


def _lift(n_mfcc: int, lifter: float, dtype: DTypeLike) -> Array:
    """(n_mfcc, 1): librosa counts from 1 where Kaldi, and so Ossicle, counts from 0."""
    rows = np.arange(1, 1 + n_mfcc)[:, np.newaxis]
    return np.asarray(1 + lifter / 2 * np.sin(np.pi * rows / lifter)).astype(dtype)


def _melspectrogram(y: Array | None, sr: float, frames: _Frames, bands: _Bands,
                    **after: Any) -> Array:
    samples = _valid_audio(y, frames)
    rate_hz = _served.check_rate("melspectrogram", "sr", sr)
    spec = ossicle.FrontendSpec(**_frame_fields(samples.shape[-1], frames),
                                **_band_fields(rate_hz, frames.n_fft, bands),
                                **{"log": "none", **after})
    double = np.float64 in (samples.dtype, np.dtype(bands.dtype))
    frontend = _served.frontend(spec, "double" if double else "float")
    if samples.shape[-1] == 0:  # librosa pads it to one frame of zeros
        samples = np.zeros((*samples.shape[:-1], 1), np.float32)
    try:
        found: Array = frontend(samples, axis=-1)
    except ossicle.NotFiniteError as error:
        raise ParameterError("y is not finite everywhere") from error
    if _is_number(bands.norm):
        found *= _norm_by_band(sr, frames.n_fft, bands).astype(found.dtype)
    return found


def _valid_audio(y: Array | None, frames: _Frames) -> Array:
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


def _frame_fields(samples: int, frames: _Frames) -> dict[str, Any]:
    call, n_fft = "melspectrogram", frames.n_fft
    win_length = n_fft if frames.win_length is None else frames.win_length
    hop_length = win_length // 4 if frames.hop_length is None else frames.hop_length
    if not isinstance(hop_length, (int, np.integer)) or hop_length <= 0:
        raise ParameterError(f"hop_length={hop_length}, but it must be a positive integer")
    if win_length > n_fft:
        raise ParameterError(f"win_length={win_length}, but it must be at most n_fft={n_fft}")
    _served.check_frames(call, ("n_fft", n_fft), ("hop_length", hop_length),
                         ("win_length", win_length))
    window, periodic = _window(frames.window, win_length)
    power = _served.check_choice(call, "power", frames.power, SPECTRA)
    edge = _edge(samples, hop_length, frames) if frames.center else "zeros"
    return {
        "framing": "center" if frames.center else "no-padding", "edge": edge, "spectrum": power,
        "window_samples": win_length, "hop_samples": int(hop_length), "fft_size": n_fft,
        "window": window, "window_periodic": periodic, "window_position": "center"}


def _edge(samples: int, hop_length: int, frames: _Frames) -> str:
    if isinstance(frames.pad_mode, str) and frames.pad_mode in REFUSED_EDGES:
        raise ParameterError(f"pad_mode={frames.pad_mode!r} is not supported by librosa.stft")
    edge = _served.check_choice("melspectrogram", "pad_mode", frames.pad_mode, EDGES)
    if edge != "zeros":
        if samples == 0:
            raise ValueError(f"pad_mode={frames.pad_mode!r} cannot mirror an empty signal")
        _check_mirror(samples, hop_length, frames)
    return edge


def _check_mirror(samples: int, hop_length: int, frames: _Frames) -> None:
    """librosa mirrors the end of the signal from its last piece, not from all of it; the two differ
    where the hop is so long that the piece is shorter than the mirror."""
    n_fft, half = frames.n_fft, frames.n_fft // 2
    first_tail = (samples + half - n_fft) // hop_length + 1
    if first_tail <= -(-half // hop_length):
        return
    piece = samples - first_tail * hop_length + half
    if piece <= half:
        raise _served.unserved("melspectrogram", "hop_length", hop_length,
                               f"with pad_mode={frames.pad_mode!r} at most n_fft // 2 = {half}")


def _window(window: Any, win_length: int) -> tuple[str, bool]:
    if isinstance(window, tuple) and len(window) == 1:
        window = window[0]
    if isinstance(window, str):
        return _served.check_choice("melspectrogram", "window", window, WINDOWS), True
    found = None
    if callable(window) or isinstance(window, (np.ndarray, list)):
        values = np.asarray(window(win_length) if callable(window) else window)
        if len(values) != win_length:
            raise ParameterError(f"window has {len(values)} values, but win_length={win_length}")
        found = _windows.recognise(values)
    if found is None:
        raise _served.unserved("melspectrogram", "window", window,
                               "hann, hamming and boxcar, by name, as a function or as values")
    return found


def _band_fields(sr: int, n_fft: int, bands: _Bands) -> dict[str, Any]:
    call, n_mels = "melspectrogram", int(bands.n_mels)
    if isinstance(bands.norm, str) and bands.norm != "slaney":
        raise ParameterError(f"norm={bands.norm!r}, but it must be None, 'slaney' or a number")
    high_hz = sr / 2 if bands.fmax is None else bands.fmax
    _served.check_bands(call, ("n_mels", n_mels), ("fmin", bands.fmin), ("fmax", high_hz), sr / 2)
    dtype = np.dtype(bands.dtype)
    if dtype not in (np.float32, np.float64):
        raise _served.unserved(call, "dtype", bands.dtype, "float32 and float64")
    _warn_of_empty(_empty_bands(sr, n_fft, n_mels, bands.fmin, high_hz, bands.htk))
    return {
        "sample_rate_hz": sr, "mel_bands": n_mels, "mel_scale": "htk" if bands.htk else "slaney",
        "mel_norm": "slaney" if isinstance(bands.norm, str) else "none",
        "mel_float32": dtype == np.float32, "low_hz": float(bands.fmin), "high_hz": float(high_hz),
        "layout": "bands-first"}


def _bank(sr: float, n_fft: int, bands: _Bands) -> Array:
    """(n_mels, n_fft // 2 + 1): librosa.filters.mel."""
    n_mels, high_hz = int(bands.n_mels), sr / 2 if bands.fmax is None else bands.fmax
    weights = _mel.bank(sr, n_fft, n_mels, bands.fmin, high_hz, bands.htk).astype(bands.dtype)
    if isinstance(bands.norm, str):
        if bands.norm != "slaney":
            raise ParameterError(f"norm={bands.norm!r}, but it must be None, 'slaney' or a number")
        corners = _mel.corners_hz(n_mels, bands.fmin, high_hz, bands.htk)
        weights *= _mel.slaney_norm(corners)[:, np.newaxis]
    elif bands.norm is not None:
        weights = weights * _norm_by_band(sr, n_fft, bands).astype(weights.dtype)
    _warn_of_empty(_empty_bands(sr, n_fft, n_mels, bands.fmin, high_hz, bands.htk))
    return weights


def _norm_by_band(sr: float, n_fft: int, bands: _Bands) -> Array:
    """(n_mels, 1): what makes each band's l_p norm 1."""
    norm, high_hz = bands.norm, sr / 2 if bands.fmax is None else bands.fmax
    weights = _mel.bank(sr, n_fft, int(bands.n_mels), bands.fmin, high_hz, bands.htk)
    if norm == np.inf:
        length = weights.max(axis=1, keepdims=True)
    elif norm == -np.inf:
        length = weights.min(axis=1, keepdims=True)
    elif norm == 0:
        length = (weights > 0).sum(axis=1, keepdims=True).astype(float)
    elif norm > 0:
        length = (weights**norm).sum(axis=1, keepdims=True) ** (1 / norm)
    else:
        raise ParameterError(f"norm={norm!r}, but a number must be 0, positive or infinite")
    return np.asarray(1 / np.where(length < np.finfo(np.float32).tiny, 1, length))


def _is_number(norm: Any) -> bool:
    return norm is not None and not isinstance(norm, str)


@functools.lru_cache(maxsize=64)
def _empty_bands(sr: float, n_fft: int, n_mels: int, low_hz: float, high_hz: float,
                 htk: bool) -> bool:
    """Whether a band lies between two bins."""
    starts_at_0 = _mel.corners_hz(n_mels, low_hz, high_hz, htk)[:-2] == 0
    weights = _mel.bank(sr, n_fft, n_mels, low_hz, high_hz, htk)
    return not np.all(starts_at_0 | (weights.max(axis=1) > 0))


def _warn_of_empty(empty: bool) -> None:
    if empty:
        warnings.warn("Empty filters detected in mel frequency basis. Some channels will produce "
                      "empty responses. Try a higher sr (and fmax) or fewer n_mels.", stacklevel=5)
