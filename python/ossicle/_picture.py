"""Where the frames and bands of a picture lie, and which values its colours span."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from ._spec import FrontendSpec
from ._steps import Cepstrum

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SLANEY_LOG_HZ = 1000.0  # where the scale turns from linear to logarithmic
_SLANEY_LOG_MEL = 15.0
_SLANEY_LOG_STEP = math.log(6.4) / 27.0
_MEL_FACTOR = {"htk": 2595.0 / math.log(10.0), "kaldi": 1127.0}


def hz_to_mel(scale: str, hz: Any) -> NDArray[Any]:
    """On the mel scale that FrontendSpec.mel_scale names; hz >= 0."""
    f = np.asarray(hz, np.float64)
    if scale != "slaney":
        return np.log1p(np.maximum(f, 0.0) / 700.0) * _MEL_FACTOR[scale]
    above = np.log(np.maximum(f, _SLANEY_LOG_HZ) / _SLANEY_LOG_HZ) / _SLANEY_LOG_STEP
    return np.minimum(f, _SLANEY_LOG_HZ) * 3.0 / 200.0 + above


def mel_to_hz(scale: str, mel: Any) -> NDArray[Any]:
    """The other way round."""
    m = np.asarray(mel, np.float64)
    if scale != "slaney":
        return np.expm1(np.maximum(m, 0.0) / _MEL_FACTOR[scale]) * 700.0
    factor = np.exp(np.maximum(m - _SLANEY_LOG_MEL, 0.0) * _SLANEY_LOG_STEP)
    hz: NDArray[Any] = np.minimum(m, _SLANEY_LOG_MEL) * 200.0 / 3.0 * factor
    return hz


def is_cepstrum(spec: FrontendSpec) -> bool:
    """Whether its values are numbered coefficients, not bands of frequency."""
    return any(isinstance(step, Cepstrum) for step in spec.steps)


def time_edges_s(spec: FrontendSpec, frames: int, columns: int) -> NDArray[Any]:
    """The columns' sides. A frame is one hop wide, around the middle of its samples."""
    frame_samples = spec.window_samples if spec.window_position == "left" else spec.fft_size
    pad_left = {
        "no-padding": 0,
        "center": spec.fft_size // 2,
        "kaldi-no-snip": spec.window_samples // 2
        - spec.hop_samples // 2
        + (frame_samples - spec.window_samples) // 2,
        "explicit": spec.pad_left_samples,
    }[spec.framing]
    hops = np.linspace(-0.5, frames - 0.5, columns + 1)
    samples = 0.5 * frame_samples - pad_left + hops * spec.hop_samples
    return samples / spec.sample_rate_hz


def band_edges(spec: FrontendSpec) -> NDArray[Any]:
    """The bands' sides in Hz, or those of a cepstrum's coefficients. A band reaches from the middle
    to the one below to the middle to the one above, and the outer ones to the ends of the scale."""
    if is_cepstrum(spec):
        return np.arange(spec.bands + 1) - 0.5
    low, high = hz_to_mel(spec.mel_scale, [spec.low_hz, spec.high_hz])
    position = (np.arange(spec.bands + 1) + 0.5) / (spec.bands + 1)
    position[[0, -1]] = 0.0, 1.0
    edges = mel_to_hz(spec.mel_scale, low + position * (high - low))
    edges[[0, -1]] = spec.low_hz, spec.high_hz
    return edges


def frequency_ticks(spec: FrontendSpec, gap: float) -> list[float]:
    """Round frequencies, at least `gap` (0..1) of the mel axis apart: octaves of 1000 Hz, coarse
    before fine, each step up to eight times itself, where its multiples would only fill gaps."""
    low, high = hz_to_mel(spec.mel_scale, [spec.low_hz, spec.high_hz])
    taken: dict[float, float] = {}
    step = 256000.0
    while step >= 250.0:
        last = min(spec.high_hz, 8.0 * step)
        for multiple in range(math.ceil(spec.low_hz / step), math.floor(last / step) + 1):
            hz = multiple * step
            position = float((hz_to_mel(spec.mel_scale, hz) - low) / (high - low))
            if all(abs(position - other) >= gap for other in taken.values()):
                taken[hz] = position
        step /= 2.0
    return sorted(taken)


def reduced(frames: NDArray[Any], columns: int, *, diverging: bool) -> NDArray[Any]:
    """At most so many columns, of frames (frames, bands): each shows the largest of its frames, or
    the one farthest from 0, so that nothing short is lost."""
    if len(frames) <= columns:
        return frames
    starts = np.arange(columns) * len(frames) // columns
    largest = np.fmax.reduceat(frames, starts, axis=0)
    if not diverging:
        return largest
    smallest = np.fmin.reduceat(frames, starts, axis=0)
    return np.where(largest >= -smallest, largest, smallest)


def color_range(values: NDArray[Any]) -> tuple[float, float]:
    """What the ends of the colours stand for: the smallest and the largest finite value.

    An end gives way to the 0.1 or 99.9 percentile where it lies further from it than a quarter of the
    span between the two: a click or digital silence would wash out the rest.
    """
    finite = values[np.isfinite(values)].astype(np.float64)
    if not len(finite):
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    if low == high:
        return low, high + max(1.0, abs(low))
    # The smallest value is often a floor that a whole silence shares; alone it says nothing.
    inner_low, inner_high = np.quantile(finite[finite != low], [0.001, 0.999])
    if inner_low == inner_high:
        return low, high
    slack = 0.25 * (inner_high - inner_low)
    if inner_low - low > slack:
        low = float(inner_low)
    if high - inner_high > slack:
        high = float(inner_high)
    return low, high
