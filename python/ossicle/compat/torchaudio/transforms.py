"""torchaudio.transforms 2.11.0: MelSpectrogram, MFCC and AmplitudeToDB.

Where PyTorch has been imported when a transform is made, it is a torch.nn.Module, so that it goes
into nn.Sequential and into other modules. It has no buffers: load the weights of a model whose
torchaudio transforms had some with strict=False.

Not served: tensors that need a gradient (AmplitudeToDB takes them), other devices than the CPU,
windows other than Hann, Hamming, Povey and rectangular, powers other than 1 and 2, pad_mode other
than "reflect" and "constant", f_max above half of the sample rate, an odd n_fft, one with other
prime factors than 2, 3 and 5. A NaN or an infinity among the samples is an ossicle.NotFiniteError.
"""

import functools
import math
import sys
import types
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ossicle.compat import _mel, _served, _tensors, _windows
from ossicle.compat._dct import dct
from ossicle.compat._decibels import decibels, floor_below_peak
from ossicle.compat.torchaudio._module import Transform

EDGES = {"reflect": "reflect", "constant": "zeros"}
SPECTRA = {1: "magnitude", 2: "power"}
NORMS = {False: None, True: "window", "window": "window", "frame_length": "frame_length"}
AMIN, LOG_OFFSET = 1e-10, 1e-6


class AmplitudeToDB(Transform):
    """Decibels of a spectrogram (..., bands, frames): a tensor or an array."""

    def __init__(self, stype: str = "power", top_db: float | None = None) -> None:
        super().__init__()
        if top_db is not None and top_db < 0:
            raise ValueError(f"top_db={top_db}, but it must be positive")
        self.stype, self.top_db = stype, top_db
        self.multiplier = 10.0 if stype == "power" else 20.0
        self.amin, self.ref_value = AMIN, 1.0
        self.db_multiplier = math.log10(max(self.amin, self.ref_value))

    def forward(self, x: Any) -> Any:
        """With top_db, what is further below the peak is raised to that. Each item of a batch
        (..., channels, bands, frames) has its own peak, over all of its channels."""
        if _tensors.is_tensor(x):
            return self._of_tensor(x)
        found = decibels(np.asarray(x), self.multiplier, self.amin)
        if self.db_multiplier:
            found -= self.multiplier * self.db_multiplier
        if self.top_db is not None:
            floor_below_peak(found, self.top_db, _item_axes(found.ndim))
        return found

    def _of_tensor(self, x: Any) -> Any:
        """By PyTorch, which has a faster logarithm, and gradients, other devices and types."""
        torch: Any = sys.modules["torch"]
        found = torch.clamp(x, min=self.amin)
        found = torch.log10(found) if found.requires_grad else found.log10_()
        found *= self.multiplier
        if self.db_multiplier:
            found -= self.multiplier * self.db_multiplier
        if self.top_db is None:
            return found
        floor = found.amax(dim=_item_axes(found.dim()), keepdim=True) - self.top_db
        return torch.maximum(found, floor, out=None if found.requires_grad else found)


class MelSpectrogram(Transform):
    """Mel bands of a waveform (..., samples), a tensor or an array: (..., n_mels, frames).

    The arguments are torchaudio's; window_fn None is torch.hann_window. What of them Ossicle does
    not serve is a NotImplementedError when the transform is made.
    """

    def __init__(
        self,
        sample_rate: int = 16000,
        n_fft: int = 400,
        win_length: int | None = None,
        hop_length: int | None = None,
        f_min: float = 0.0,
        f_max: float | None = None,
        pad: int = 0,
        n_mels: int = 128,
        window_fn: Callable[..., Any] | None = None,
        power: float = 2.0,
        normalized: bool | str = False,
        wkwargs: dict[str, Any] | None = None,
        center: bool = True,
        pad_mode: str = "reflect",
        onesided: bool | None = None,
        norm: str | None = None,
        mel_scale: str = "htk",
    ) -> None:
        super().__init__()
        if onesided is not None:
            warnings.warn("'onesided' is deprecated and changes nothing", stacklevel=2)
        self.sample_rate, self.n_fft, self.pad, self.n_mels = sample_rate, n_fft, pad, n_mels
        self.win_length = n_fft if win_length is None else win_length
        self.hop_length = self.win_length // 2 if hop_length is None else hop_length
        self.f_min, self.f_max = f_min, f_max
        self.power, self.normalized = power, normalized
        self.spectrogram = types.SimpleNamespace(
            n_fft=n_fft, win_length=self.win_length, hop_length=self.hop_length, pad=pad,
            power=power, normalized=normalized, center=center, pad_mode=pad_mode, onesided=True)
        self.mel_scale = types.SimpleNamespace(
            n_mels=n_mels, sample_rate=sample_rate, f_min=f_min,
            f_max=float(sample_rate // 2) if f_max is None else f_max, n_stft=n_fft // 2 + 1,
            norm=norm, mel_scale=mel_scale)
        self._fields = {**_frame_fields(self.spectrogram),
                        **_window_fields(self.spectrogram, window_fn, wkwargs or {}),
                        **_band_fields(self.mel_scale, n_fft)}

    def forward(self, waveform: Any) -> Any:
        return _tensors.like(waveform, self._run(self._samples(waveform)))

    def _samples(self, waveform: Any) -> NDArray[Any]:
        """With the zeros of `pad` around them."""
        samples = _tensors.samples_of("MelSpectrogram", waveform)
        if self.pad > 0:
            samples = np.pad(samples, [(0, 0)] * (samples.ndim - 1) + [(self.pad, self.pad)])
        if not self.spectrogram.center:
            needed = self.n_fft
        else:
            needed = self.n_fft // 2 + 1 if self.spectrogram.pad_mode == "reflect" else 1
        if samples.shape[-1] < needed:
            raise RuntimeError(f"waveform has {samples.shape[-1]} samples, but n_fft={self.n_fft} "
                               f"needs {needed}")
        return samples

    def _run(self, samples: NDArray[Any], **after: Any) -> NDArray[Any]:
        fields = {**self._fields, **after}
        frontend = _served.frontend_of(_tensors.precision_of(samples), **fields)
        found: NDArray[Any] = frontend(samples, axis=-1)
        return found


class MFCC(Transform):
    """Cepstral coefficients of a waveform (..., samples), a tensor or an array: (..., n_mfcc,
    frames). The arguments are torchaudio's, melkwargs those of MelSpectrogram."""

    def __init__(
        self,
        sample_rate: int = 16000,
        n_mfcc: int = 40,
        dct_type: int = 2,
        norm: str | None = "ortho",
        log_mels: bool = False,
        melkwargs: dict[str, Any] | None = None,
    ) -> None:
        super().__init__()
        if dct_type != 2:
            raise ValueError(f"dct_type={dct_type}, but it must be 2")
        if norm not in (None, "ortho"):
            raise ValueError(f"norm={norm!r}, but it must be 'ortho' or None")
        self.sample_rate, self.n_mfcc, self.dct_type, self.norm = (sample_rate, n_mfcc, dct_type,
                                                                   norm)
        self.top_db, self.log_mels = 80.0, log_mels
        self.amplitude_to_DB = AmplitudeToDB("power", self.top_db)
        self.MelSpectrogram = MelSpectrogram(sample_rate=sample_rate, **(melkwargs or {}))
        if n_mfcc > self.MelSpectrogram.n_mels:
            raise ValueError(f"n_mfcc={n_mfcc}, but at most n_mels={self.MelSpectrogram.n_mels}")

    def forward(self, waveform: Any) -> Any:
        """The decibels of several channels have one peak."""
        samples = self.MelSpectrogram._samples(waveform)
        if self.log_mels:
            bands = self.MelSpectrogram._run(samples, log="ln", log_floor_rule="add",
                                             log_floor=LOG_OFFSET)
        else:
            bands = self.MelSpectrogram._run(samples, log="db-power", log_floor=AMIN)
            floor_below_peak(bands, self.top_db, _item_axes(bands.ndim))
        return _tensors.like(waveform, dct(bands, 2, self.norm, self.n_mfcc))


def _item_axes(dimensions: int) -> tuple[int, ...]:
    """Those over which a peak is taken."""
    if dimensions < 2:
        raise IndexError(f"{dimensions} dimensions, but top_db needs (..., bands, frames)")
    return (-2, -1) if dimensions == 2 else (-3, -2, -1)


def _frame_fields(of: types.SimpleNamespace) -> dict[str, Any]:
    call = "MelSpectrogram"
    _served.check_frames(call, ("n_fft", of.n_fft), ("hop_length", of.hop_length),
                         ("win_length", of.win_length))
    if of.n_fft % 2:
        raise _served.unserved(call, "n_fft", of.n_fft, "even numbers")
    edge = "zeros"
    if of.center:
        edge = _served.check_choice(call, "pad_mode", of.pad_mode, EDGES)
    return {
        "framing": "center" if of.center else "no-padding", "edge": edge,
        "spectrum": _served.check_choice(call, "power", of.power, SPECTRA),
        "window_samples": of.win_length, "hop_samples": of.hop_length, "fft_size": of.n_fft,
        "window_position": "center", "layout": "bands-first", "log": "none"}


def _window_fields(of: types.SimpleNamespace, window_fn: Callable[..., Any] | None,
                   wkwargs: dict[str, Any]) -> dict[str, Any]:
    """The window, and in input_scale what `normalized` divides by."""
    if window_fn is None:
        values = np.sin(np.pi * np.arange(of.win_length) / of.win_length) ** 2
        window: tuple[str, bool] | None = ("hann", True)
    else:
        values = np.asarray(window_fn(of.win_length, **wkwargs))
        window = _windows.recognise(values)
    if window is None:
        raise _served.unserved("MelSpectrogram", "window_fn", window_fn,
                               "what gives a Hann, Hamming, Povey or rectangular window")
    if of.normalized not in NORMS:
        raise ValueError(f"normalized={of.normalized!r}, but it must be False, True, 'window' or "
                         "'frame_length'")
    norm, scale = NORMS[of.normalized], 1.0
    if norm is not None:
        energy = np.sum(values.astype(np.float64) ** 2) if norm == "window" else of.n_fft
        scale = 1 / math.sqrt(energy)
    return {"window": window[0], "window_periodic": window[1], "input_scale": scale}


def _band_fields(of: types.SimpleNamespace, n_fft: int) -> dict[str, Any]:
    if of.norm not in (None, "slaney"):
        raise ValueError(f"norm={of.norm!r}, but it must be None or 'slaney'")
    if of.mel_scale not in ("htk", "slaney"):
        raise ValueError(f"mel_scale={of.mel_scale!r}, but it must be 'htk' or 'slaney'")
    if of.f_min > of.f_max:
        raise ValueError(f"f_min={of.f_min}, but it must be at most f_max={of.f_max}")
    # torchaudio's last bin lies at sample_rate // 2, also where the rate is odd.
    nyquist_hz = _served.check_rate("MelSpectrogram", "sample_rate", of.sample_rate) // 2
    _served.check_bands("MelSpectrogram", ("n_mels", of.n_mels), ("f_min", of.f_min),
                        ("f_max", of.f_max), nyquist_hz)
    if _has_empty_band(2 * nyquist_hz, n_fft, of.n_mels, of.f_min, of.f_max,
                       of.mel_scale == "htk"):
        warnings.warn("At least one mel filterbank has all zero values. The value for `n_mels` "
                      f"({of.n_mels}) may be set too high. Or, the value for `n_freqs` "
                      f"({of.n_stft}) may be set too low.", stacklevel=4)
    return {
        "sample_rate_hz": 2 * nyquist_hz, "mel_bands": of.n_mels, "mel_scale": of.mel_scale,
        "mel_norm": of.norm or "none", "low_hz": float(of.f_min), "high_hz": float(of.f_max)}


@functools.lru_cache(maxsize=64)
def _has_empty_band(*bank: Any) -> bool:
    return bool((_mel.bank(*bank).max(axis=1) == 0).any())
