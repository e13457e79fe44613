"""The arguments of melspectrogram as the fields of a spec."""

import dataclasses
import functools
import warnings
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from ossicle.compat import _mel, _served, _windows
from ossicle.compat.librosa._errors import ParameterError

Array = NDArray[Any]

CALL = "melspectrogram"
EDGES = {"constant": "zeros", "reflect": "reflect", "symmetric": "reflect-repeat"}
REFUSED_EDGES = ("wrap", "maximum", "mean", "median", "minimum")
WINDOWS = {name: window for window, names in {
    "hann": ("hann", "han"),
    "hamming": ("hamming", "hamm", "ham"),
    "rectangular": ("boxcar", "box", "ones", "rect", "rectangular"),
}.items() for name in names}
SPECTRA = {1: "magnitude", 2: "power"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Frames:
    """How samples become spectra."""
    n_fft: int = 2048
    hop_length: int | None = 512
    win_length: int | None = None
    window: Any = "hann"
    center: bool = True
    pad_mode: Any = "constant"
    power: float = 2.0

    @property
    def window_samples(self) -> int:
        return self.n_fft if self.win_length is None else self.win_length

    @property
    def hop_samples(self) -> int:
        hop_length = self.window_samples // 4 if self.hop_length is None else self.hop_length
        if not isinstance(hop_length, (int, np.integer)) or hop_length <= 0:
            raise ParameterError(f"hop_length={hop_length}, but it must be a positive integer")
        return hop_length

    def fields(self, samples: int) -> dict[str, Any]:
        """Of a spec, for that many samples. Raises ParameterError, NotImplementedError."""
        win_length, hop_length = self.window_samples, self.hop_samples
        if win_length > self.n_fft:
            raise ParameterError(f"win_length={win_length}, but it must be at most "
                                 f"n_fft={self.n_fft}")
        _served.check_frames(CALL, ("n_fft", self.n_fft), ("hop_length", hop_length),
                             ("win_length", win_length))
        window, periodic = _window(self.window, win_length)
        return {
            "framing": "center" if self.center else "no-padding",
            "edge": self._edge(samples) if self.center else "zeros",
            "spectrum": _served.check_choice(CALL, "power", self.power, SPECTRA),
            "window_samples": win_length, "hop_samples": hop_length, "fft_size": self.n_fft,
            "window": window, "window_periodic": periodic, "window_position": "center"}

    def _edge(self, samples: int) -> str:
        if isinstance(self.pad_mode, str) and self.pad_mode in REFUSED_EDGES:
            raise ParameterError(f"pad_mode={self.pad_mode!r} is not supported by librosa.stft")
        edge = _served.check_choice(CALL, "pad_mode", self.pad_mode, EDGES)
        if edge != "zeros" and samples == 0:
            raise ValueError(f"pad_mode={self.pad_mode!r} cannot mirror an empty signal")
        return edge

    def mirrors_too_little(self, samples: int) -> bool:
        """Whether the middle of a frame lies at the very end of the signal and no frame before it
        reaches beyond. librosa then mirrors n_fft // 2 samples of the last n_fft // 2, which is one
        too few: the last one of the frame is another than in the mirror of the whole signal."""
        half = self.n_fft // 2
        first_tail = (samples + half - self.n_fft) // self.hop_samples + 1
        as_a_whole = first_tail <= -(-half // self.hop_samples)
        return not as_a_whole and self.n_fft % 2 == 0 and samples == first_tail * self.hop_samples


@dataclasses.dataclass(frozen=True, kw_only=True)
class Bands:
    """How spectra become bands."""
    n_mels: int = 128
    fmin: float = 0.0
    fmax: float | None = None
    htk: bool = False
    norm: Any = "slaney"
    dtype: DTypeLike = np.float32

    @property
    def normed_by_number(self) -> bool:
        """Whether `norm` is one that no spec has."""
        return self.norm is not None and not isinstance(self.norm, str)

    def fields(self, sr: float, n_fft: int) -> dict[str, Any]:
        """Of a spec. Raises ParameterError, NotImplementedError; warns of empty bands."""
        rate_hz = _served.check_rate(CALL, "sr", sr)
        n_mels, high_hz = int(self.n_mels), self._high_hz(sr)
        self._check_norm()
        _served.check_bands(CALL, ("n_mels", n_mels), ("fmin", self.fmin), ("fmax", high_hz),
                            sr / 2)
        if np.dtype(self.dtype) not in (np.float32, np.float64):
            raise _served.unserved(CALL, "dtype", self.dtype, "float32 and float64")
        self._warn_of_empty(sr, n_fft)
        return {
            "sample_rate_hz": rate_hz, "mel_bands": n_mels,
            "mel_scale": "htk" if self.htk else "slaney",
            "mel_norm": "slaney" if isinstance(self.norm, str) else "none",
            "mel_float32": np.dtype(self.dtype) == np.float32,
            "low_hz": float(self.fmin), "high_hz": float(high_hz), "layout": "bands-first"}

    def bank(self, sr: float, n_fft: int) -> Array:
        """(n_mels, n_fft // 2 + 1): librosa.filters.mel."""
        self._check_norm()
        weights = self._triangles(sr, n_fft).astype(self.dtype)
        if self.normed_by_number:
            weights = weights * self.norm_by_band(sr, n_fft).astype(weights.dtype)
        elif self.norm is not None:
            corners = _mel.corners_hz(int(self.n_mels), self.fmin, self._high_hz(sr), self.htk)
            weights *= _mel.slaney_norm(corners)[:, np.newaxis]
        self._warn_of_empty(sr, n_fft)
        return weights

    def norm_by_band(self, sr: float, n_fft: int) -> Array:
        """(n_mels, 1): what makes the l_p norm of each band 1, `norm` being p."""
        weights, norm = self._triangles(sr, n_fft), self.norm
        if norm == np.inf:
            length = weights.max(axis=1, keepdims=True)
        elif norm == -np.inf:
            length = weights.min(axis=1, keepdims=True)
        elif norm == 0:
            length = (weights > 0).sum(axis=1, keepdims=True).astype(float)
        else:
            length = (weights**norm).sum(axis=1, keepdims=True) ** (1 / norm)
        return np.asarray(1 / np.where(length < np.finfo(np.float32).tiny, 1, length))

    def _high_hz(self, sr: float) -> float:
        return sr / 2 if self.fmax is None else self.fmax

    def _triangles(self, sr: float, n_fft: int) -> Array:
        return _mel.bank(sr, n_fft, int(self.n_mels), self.fmin, self._high_hz(sr), self.htk)

    def _check_norm(self) -> None:
        number = isinstance(self.norm, (int, float, np.number))
        if not (self.norm in (None, "slaney") or number and (self.norm >= 0 or
                                                             self.norm == -np.inf)):
            raise ParameterError(f"norm={self.norm!r}, but it must be None, 'slaney', 0, positive "
                                 "or infinite")

    def _warn_of_empty(self, sr: float, n_fft: int) -> None:
        if _has_empty_band(sr, n_fft, int(self.n_mels), self.fmin, self._high_hz(sr), self.htk):
            warnings.warn("Empty filters detected in mel frequency basis. Some channels will "
                          "produce empty responses. Try a higher sr (and fmax) or fewer n_mels.",
                          stacklevel=5)


def _window(window: Any, win_length: int) -> tuple[str, bool]:
    """Its name in a spec, and whether it is periodic."""
    if isinstance(window, tuple) and len(window) == 1:
        window = window[0]
    if isinstance(window, str):
        return _served.check_choice(CALL, "window", window, WINDOWS), True
    found = None
    if callable(window) or isinstance(window, (np.ndarray, list)):
        values = np.asarray(window(win_length) if callable(window) else window)
        if len(values) != win_length:
            raise ParameterError(f"window has {len(values)} values, but win_length={win_length}")
        found = _windows.recognise(values)
    if found is None:
        raise _served.unserved(CALL, "window", window,
                               "hann, hamming and boxcar, by name, as a function or as values")
    return found


@functools.lru_cache(maxsize=64)
def _has_empty_band(sr: float, n_fft: int, n_mels: int, low_hz: float, high_hz: float,
                    htk: bool) -> bool:
    """Whether a band lies between two bins."""
    starts_at_0 = _mel.corners_hz(n_mels, low_hz, high_hz, htk)[:-2] == 0
    weights = _mel.bank(sr, n_fft, n_mels, low_hz, high_hz, htk)
    return not np.all(starts_at_0 | (weights.max(axis=1) > 0))
