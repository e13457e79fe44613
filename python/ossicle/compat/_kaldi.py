"""What Kaldi's features, and those written after them, have in common. Specs are dicts of their
fields until they are whole: a FrontendSpec checks them together."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ossicle import Cepstrum, Frontend, SpecError

from . import _served

Fields = dict[str, Any]

FLOAT_EPSILON = float(np.finfo(np.float32).eps)
# Kaldi's name: Ossicle's, and whether the window is periodic.
WINDOWS = {
    "povey": ("povey", False),
    "hamming": ("hamming", False),
    "hanning": ("hann", False),
    "rectangular": ("rectangular", False),
}


def fft_size(window_samples: int, round_to_power_of_two: bool) -> int:
    """Samples that a window is filled up to before its FFT."""
    if not round_to_power_of_two:
        return window_samples
    return 1 << (window_samples - 1).bit_length()


def frames(
    *,
    sample_rate_hz: int,
    window_samples: int,
    hop_samples: int,
    fft_size: int,
    window: tuple[str, bool],
    snip_edges: bool,
    dither: float,
    preemphasis: float,
    remove_dc: bool,
) -> Fields:
    """Up to the FFT, of samples as they come: no scale is put on them."""
    return {
        "sample_rate_hz": sample_rate_hz,
        "dither": abs(dither),
        "preemphasis": "frame" if preemphasis != 0 else "none",
        "preemphasis_coefficient": preemphasis,
        "remove_dc": remove_dc,
        "framing": "no-padding" if snip_edges else "kaldi-no-snip",
        "edge": "reflect-repeat",
        "window_samples": window_samples,
        "hop_samples": hop_samples,
        "window": window[0],
        "window_periodic": window[1],
        "window_position": "left",
        "fft_size": fft_size,
    }


def log_mel(bands: int, low_hz: float, high_hz: float) -> Fields:
    """Kaldi's bands and their logarithm."""
    return {
        "mel_bands": bands,
        "mel_scale": "kaldi",
        "mel_interpolation": "mel",
        "mel_norm": "none",
        "mel_nyquist": False,
        "mel_float32": False,
        "low_hz": low_hz,
        "high_hz": high_hz,
        "log": "ln",
        "log_floor": FLOAT_EPSILON,
    }


def cepstra(count: int, lifter: float, log_energy: bool) -> Fields:
    """Of what the other fields give; with log_energy the first is ln of the frame's energy."""
    return {"steps": (Cepstrum(coefficients=count, lifter=lifter, log_energy=log_energy),)}


def log_energy(fields: Fields) -> Fields:
    """In place of the bands, one value per frame: ln of its energy before pre-emphasis and window,
    at least ln FLOAT_EPSILON."""
    one_band = log_mel(1, fields["low_hz"], fields["high_hz"])
    return {**fields, **one_band, "log_floor_rule": "clamp", **cepstra(1, 0.0, True)}


def front_end(fields: Fields) -> Frontend:
    """The front end of a spec. A value that no spec can hold is NotImplementedError."""
    try:
        return _served.frontend_of("float", **fields)
    except SpecError as error:
        raise NotImplementedError(f"Ossicle does not serve this: {error}") from error


def at_least(energies: NDArray[np.float32], floor: float) -> NDArray[np.float32]:
    """Logarithms of energies with Kaldi's energy_floor, which 0 turns off."""
    if floor <= 0:
        return energies
    return np.asarray(np.maximum(energies, np.log(np.float32(floor))))
