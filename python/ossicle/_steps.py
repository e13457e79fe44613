"""The steps after the logarithm, applied in the order of FrontendSpec.steps."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Union


@dataclasses.dataclass(frozen=True, kw_only=True)
class PeakFloor:
    """x = max(x, peak - range); peak is the largest value of the whole signal at this step."""

    range: float = 80.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Affine:
    """x = scale * x + offset."""

    scale: float = 1.0
    offset: float = 0.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Clip:
    """x = min(max(x, low), high)."""

    low: float = 0.0
    high: float = 1.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class SubtractMean:
    """Per band: x -= mean over all frames."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Standardize:
    """Per band: x = (x - mean) / (std + epsilon), or / sqrt(std^2 + epsilon).

    The deviation is over all frames, with the divisor frames - ddof. A band whose divisor is 0, or
    that never changes, becomes 0.
    """

    ddof: int = 1
    epsilon: float = 1e-5
    epsilon_in_variance: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cepstrum:
    """Orthonormal DCT-II over the bands; coefficient i times 1 + lifter / 2 * sin(pi i / lifter).

    With `log_energy`, coefficient 0 is the logarithm of the frame's energy instead.
    """

    coefficients: int = 13
    lifter: float = 22.0
    log_energy: bool = False


Step = Union[PeakFloor, Affine, Clip, SubtractMean, Standardize, Cepstrum]

# The names that JSON has for them.
_CLASSES: dict[str, type[Step]] = {
    "peak_floor": PeakFloor,
    "affine": Affine,
    "clip": Clip,
    "subtract_mean": SubtractMean,
    "standardize": Standardize,
    "cepstrum": Cepstrum,
}
_NAMES = {kind: name for name, kind in _CLASSES.items()}


def step_to_dict(step: Step | Mapping[str, Any]) -> dict[str, Any]:
    """A step as JSON has it: {"step": "clip", "low": 0.0, ...}."""
    if isinstance(step, Mapping):
        return dict(step)
    if type(step) not in _NAMES:
        raise TypeError(f"a step is {step!r}; give one of {', '.join(k.__name__ for k in _NAMES)}")
    return {"step": _NAMES[type(step)], **dataclasses.asdict(step)}


def step_from_dict(fields: Mapping[str, Any]) -> Step:
    """The other way round, of what the engine has checked."""
    values = dict(fields)
    return _CLASSES[values.pop("step")](**values)
