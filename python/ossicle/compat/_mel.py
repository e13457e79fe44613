"""Mel banks as arrays: for spectrograms that are there already, for norms of single bands, and to
know which bands are empty. Front ends have banks of their own."""

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

BANDS_AT_ONCE = 16
LOG_HZ, LOG_MEL, LOG_STEP = 1000.0, 15.0, np.log(6.4) / 27  # where Slaney's scale turns


def hz_to_mel(hz: float, htk: bool) -> float:
    if htk:
        return float(2595 * np.log10(1 + hz / 700))
    return float(LOG_MEL + np.log(hz / LOG_HZ) / LOG_STEP) if hz >= LOG_HZ else 3 * hz / 200


def mel_to_hz(mel: NDArray[np.float64], htk: bool) -> NDArray[np.float64]:
    if htk:
        return np.asarray(700 * (10 ** (mel / 2595) - 1))
    curved = LOG_HZ * np.exp(LOG_STEP * (np.maximum(mel, LOG_MEL) - LOG_MEL))
    return np.where(mel >= LOG_MEL, curved, 200 * mel / 3)


def corners_hz(bands: int, low_hz: float, high_hz: float, htk: bool) -> NDArray[np.float64]:
    """The bands + 2 corners of the triangles."""
    mel = np.linspace(hz_to_mel(low_hz, htk), hz_to_mel(high_hz, htk), bands + 2, dtype=np.float64)
    return mel_to_hz(mel, htk)


def triangles(bins_hz: NDArray[np.float64], corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """(bands, bins): triangles of height 1 over the bins."""
    slopes = np.subtract.outer(corners, bins_hz)
    widths = np.diff(corners)[:, np.newaxis]
    rising, falling = -slopes[:-2] / widths[:-1], slopes[2:] / widths[1:]
    return np.asarray(np.maximum(0, np.minimum(rising, falling)))


@functools.lru_cache(maxsize=16)
def bank(sample_rate_hz: float, fft_size: int, bands: int, low_hz: float, high_hz: float,
         htk: bool) -> NDArray[np.float64]:
    """(bands, fft_size // 2 + 1): triangles of height 1, read-only."""
    bins_hz = np.asarray(np.fft.rfftfreq(fft_size, 1 / sample_rate_hz), np.float64)
    weights = triangles(bins_hz, corners_hz(bands, low_hz, high_hz, htk))
    weights.flags.writeable = False
    return weights


def slaney_norm(corners: NDArray[np.float64]) -> NDArray[Any]:
    """What each band's triangle is multiplied by for an area of 1."""
    return np.asarray(2 / (corners[2:] - corners[:-2]))


def project(weights: NDArray[Any], spectrum: NDArray[Any]) -> NDArray[Any]:
    """(..., bands, frames) of a bank and a spectrum (..., bins, frames). Some bands at a time, over
    the bins where they are not 0: most of a bank is."""
    dtype = np.result_type(weights, spectrum)
    found: NDArray[Any] = np.zeros(
        (*spectrum.shape[:-2], len(weights), spectrum.shape[-1]), dtype)
    for first in range(0, len(weights), BANDS_AT_ONCE):
        rows = weights[first:first + BANDS_AT_ONCE]
        bins = np.flatnonzero(rows.any(axis=0))
        if bins.size:
            low, high = bins[0], bins[-1] + 1
            found[..., first:first + BANDS_AT_ONCE, :] = np.matmul(
                rows[:, low:high], spectrum[..., low:high, :], dtype=dtype)
    return found
