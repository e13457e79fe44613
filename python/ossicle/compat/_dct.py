"""Discrete cosine transforms over the bands of features that are there already."""

import functools
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

NORMS = ("backward", "ortho", "forward")


def dct(features: NDArray[Any], kind: int, norm: str | None, coefficients: int) -> NDArray[Any]:
    """The first `coefficients` of scipy.fft.dct(features, kind, norm=norm) over the last axis but
    one."""
    kept = features.dtype if features.dtype == np.float64 else np.dtype(np.float32)
    if features.dtype.kind in "iub":
        kept = np.dtype(np.float64)
    rows = dct_rows(kind, norm or "backward", features.shape[-2], coefficients, kept)
    return np.asarray(np.matmul(rows, features.astype(kept, copy=False)))


@functools.lru_cache(maxsize=16)
def dct_rows(kind: int, norm: str, bands: int, coefficients: int,
             dtype: DTypeLike = np.float64) -> NDArray[Any]:
    """(coefficients, bands): the rows of a transform, read-only. Raises ValueError for a kind or a
    norm that there is not."""
    if norm not in NORMS:
        raise ValueError(f"norm={norm!r}, but it must be None, " + ", ".join(map(repr, NORMS)))
    if kind not in (1, 2, 3, 4):
        raise ValueError(f"dct_type={kind!r}, but it must be 1, 2, 3 or 4")
    if kind == 1 and bands < 2:
        raise ValueError("dct_type=1 needs at least 2 bands")
    row, band = np.arange(coefficients)[:, np.newaxis], np.arange(bands)
    turns = {1: row * band / (bands - 1 or 1), 2: row * (2 * band + 1) / (2 * bands),
             3: (2 * row + 1) * band / (2 * bands),
             4: (2 * row + 1) * (2 * band + 1) / (4 * bands)}[kind]
    rows = 2 * np.cos(np.pi * turns) * _norm(kind, norm, row, band, bands)
    rows = np.asarray(rows, dtype)
    rows.flags.writeable = False
    return rows


def _norm(kind: int, norm: str, row: NDArray[Any], band: NDArray[Any], bands: int) -> NDArray[Any]:
    """What twice the cosine of each row and band is multiplied by."""
    length = 2 * (bands - 1) if kind == 1 else 2 * bands
    edge_rows, edge_bands = row < 0, band < 0  # those that count less: none
    if kind == 1:
        edge_rows, edge_bands = row % (bands - 1) == 0, band % (bands - 1) == 0
    elif kind == 2:
        edge_rows = row == 0
    elif kind == 3:
        edge_bands = band == 0
    if norm == "ortho":
        weight = np.sqrt(0.5)
        less = np.where(edge_rows, weight, 1) * np.where(edge_bands, weight, 1)
        return np.asarray(less / np.sqrt(length))
    counted_once = edge_bands if kind in (1, 3) else band < 0
    return np.asarray(np.where(counted_once, 0.5, 1.0) / (length if norm == "forward" else 1))
