"""Decibels of spectrograms that are there already."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def decibels(values: NDArray[Any], multiplier: float, floor: float) -> NDArray[Any]:
    """multiplier * log10(max(values, floor)), in one new array. NumPy's natural logarithm is
    several times as fast as its log10."""
    found: NDArray[Any] = np.asarray(np.maximum(values, floor))
    if found.dtype.kind != "f":
        found = found.astype(np.float64)
    np.log(found, out=found)
    found *= multiplier / np.log(10)
    return found
