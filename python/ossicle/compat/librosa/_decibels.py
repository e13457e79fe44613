"""Decibels of a spectrogram that is there already."""

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ossicle.compat._decibels import decibels, floor_below_peak
from ossicle.compat.librosa._errors import ParameterError


def power_to_db(S: ArrayLike, *, ref: Any = 1.0, amin: float = 1e-10,  # noqa: N803
                top_db: float | None = 80.0) -> Any:
    """10 log10(S / ref) of powers, as librosa.power_to_db gives it.

    S: array of any shape, or a number; magnitudes of a complex one, with a warning.
    ref: a number, or a function that takes S and gives one.
    amin: smallest S and ref, > 0.
    top_db: values further below the largest are raised to that; None: none are.

    Returns a new array of S's shape: float32 for float32, else float64.
    Raises ParameterError for amin <= 0 or top_db < 0.
    """
    power = np.asarray(S)
    if amin <= 0:
        raise ParameterError(f"amin={amin}, but it must be strictly positive")
    if power.dtype.kind == "c":
        _warn_of_phase("power_to_db", "np.abs(D)**2")
        power = np.abs(power)
    reference = ref(power) if callable(ref) else np.abs(ref)
    return _relative(decibels(power, 10.0, amin), decibels(np.asarray(reference), 10.0, amin),
                     top_db)


def amplitude_to_db(S: ArrayLike, *, ref: Any = 1.0, amin: float = 1e-5,  # noqa: N803
                    top_db: float | None = 80.0) -> Any:
    """20 log10(|S| / ref) of amplitudes, as librosa.amplitude_to_db gives it.

    The arguments are those of power_to_db.
    """
    magnitude = np.asarray(S)
    if amin == 0:
        raise ParameterError(f"amin={amin}, but it must be strictly positive")
    if magnitude.dtype.kind == "c":
        _warn_of_phase("amplitude_to_db", "np.abs(S)")
        magnitude = np.abs(magnitude)
    reference = ref(np.abs(magnitude)) if callable(ref) else ref
    return _relative(decibels(magnitude, 20.0, abs(amin), absolute=True),
                     decibels(np.asarray(reference), 20.0, abs(amin), absolute=True), top_db)


def _relative(found: NDArray[Any], reference: NDArray[Any], top_db: float | None) -> Any:
    """In place where the reference is one number, as it should be."""
    if top_db is not None and top_db < 0:
        raise ParameterError(f"top_db={top_db}, but it must be non-negative")
    if found.ndim == 0:
        found = found.astype(np.float64)  # as librosa's numbers are
    if np.any(reference):
        found = np.subtract(found, reference, out=found if reference.ndim == 0 else None,
                            casting="same_kind")
    if top_db is not None:
        floor_below_peak(found, top_db)
    return found[()]


def _warn_of_phase(call: str, instead: str) -> None:
    warnings.warn(f"{call} was called on complex input, whose phase is lost; {call}({instead}) "
                  "says so", stacklevel=3)
