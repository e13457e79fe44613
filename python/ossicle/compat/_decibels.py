"""Decibels of spectrograms that are there already."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK = 32768  # values that stay in the cache from one operation to the next


def decibels(values: NDArray[Any], multiplier: float, floor: float, *,
             absolute: bool = False) -> NDArray[Any]:
    """multiplier * log10(max(values, floor)) in a new array, of |values| with `absolute`. NumPy's
    natural logarithm is several times as fast as its log10."""
    if values.flags.f_contiguous and not values.flags.c_contiguous:
        return decibels(values.T, multiplier, floor, absolute=absolute).T
    dtype = values.dtype if values.dtype.kind == "f" else np.dtype(np.float64)
    found: NDArray[Any] = np.empty(values.shape, dtype)
    source, target = values.reshape(-1), found.reshape(-1)
    for start in range(0, source.size, BLOCK):
        block, piece = target[start:start + BLOCK], source[start:start + BLOCK]
        if absolute:
            piece = np.abs(piece, out=block, casting="unsafe")
        np.maximum(piece, floor, out=block)
        np.log(block, out=block)
        block *= multiplier / math.log(10)
    return found


def floor_below_peak(found: NDArray[Any], top_db: float,
                     axes: tuple[int, ...] | None = None) -> None:
    """Raises to peak - top_db, in place, what lies further below the peak over `axes`; None: over
    all."""
    peak = np.asarray(found.max(axis=axes, keepdims=True))
    np.maximum(found, peak - np.asarray(top_db, peak.dtype), out=found)
