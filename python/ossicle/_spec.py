"""FrontendSpec: a value for every choice of a front end."""

from __future__ import annotations

import dataclasses
import json
import math
import numbers
from collections.abc import Mapping
from typing import Any, Literal, Union

from . import _core
from ._errors import SpecError
from ._steps import Step, step_from_dict, step_to_dict


@dataclasses.dataclass(frozen=True, kw_only=True, repr=False)
class FrontendSpec:
    """Everything that decides a feature. A plain value: compare it, hash it, print it, and change it
    with dataclasses.replace(). The stages run in the order of the fields.

    The repr evaluates to the spec; it leaves out what has its default. Equality ignores the name.
    A field out of range raises SpecError, which names the field, its value and its range.
    The contract (docs/contract.md) says what each field means.
    """

    name: str = dataclasses.field(default="custom", compare=False)
    sample_rate_hz: int = 16000
    resampler: str = "soxr-hq"
    downmix: Literal["mean", "ffmpeg"] = "mean"
    min_samples: int = 1
    input_scale: float = 1.0
    input_rounding: Literal["none", "int16"] = "none"
    dither: float = 0.0
    dither_seed: int = 0
    preemphasis: Literal["none", "signal", "frame"] = "none"
    preemphasis_coefficient: float = 0.97
    remove_dc: bool = False
    framing: Literal["no-padding", "center", "kaldi-no-snip", "explicit"] = "center"
    edge: Literal["zeros", "reflect", "reflect-repeat"] = "zeros"
    pad_left_samples: int = 0
    pad_right_samples: int = 0
    append_zeros_samples: int = 0
    drop_last_frame: bool = False
    window_samples: int = 400
    hop_samples: int = 160
    window: Literal["rectangular", "hann", "hamming", "povey"] = "hann"
    window_periodic: bool = True
    window_kept_samples: int = 0
    window_position: Literal["left", "center"] = "center"
    fft_size: int = 400
    spectrum: Literal["magnitude", "power", "waveform"] = "power"
    spectrum_epsilon: float = 0.0
    mel_bands: int = 80
    mel_scale: Literal["slaney", "htk", "kaldi"] = "slaney"
    mel_interpolation: Literal["hz", "mel"] = "hz"
    mel_norm: Literal["none", "slaney"] = "slaney"
    mel_dc: bool = True
    mel_nyquist: bool = True
    mel_float32: bool = True
    low_hz: float = 0.0
    high_hz: float = 8000.0
    log: Literal["none", "ln", "log10", "db-power", "db-magnitude"] = "ln"
    log_floor_rule: Literal["clamp", "add"] = "clamp"
    log_floor: float = 1e-10
    layout: Literal["frames-first", "bands-first"] = "frames-first"
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", _steps(self.steps))
        fields = json.loads(self.to_json())  # plain numbers, also of NumPy's
        fields["steps"] = tuple(step_from_dict(step) for step in fields["steps"])
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    @property
    def bands(self) -> int:
        """Values per frame: mel_bands, or the coefficients of a Cepstrum."""
        return _core.spec_bands(self.to_json())

    @property
    def unit(self) -> str:
        """The unit of the finished values: "dB", "ln power", "normalised", ..."""
        return _core.feature_unit(self.to_json())

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON has them, for from_dict() and for `ossicle --frontend FILE.json`."""
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {**fields, "steps": [step_to_dict(step) for step in self.steps]}

    def to_json(self) -> str:
        """The whole spec as JSON, one field a line."""
        return _core.canonical_json(json_of(self))

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> FrontendSpec:
        """A spec of fields as JSON has them; what is left out keeps its default.

        Raises SpecError for a field that is not there, of another type or out of range.
        """
        return cls.from_json(json_of(fields))

    @classmethod
    def from_json(cls, text: str) -> FrontendSpec:
        """The spec that to_json(), or `ossicle frontends NAME`, printed. Raises as from_dict()."""
        return cls(**json.loads(_core.canonical_json(text)))

    def __repr__(self) -> str:
        shown = (
            f"{field.name}={getattr(self, field.name)!r}"
            for field in dataclasses.fields(self)
            if getattr(self, field.name) != field.default
        )
        return f"FrontendSpec({', '.join(shown)})"


SpecLike = Union[str, FrontendSpec, Mapping[str, Any]]
"""What names a spec: a preset's name, a FrontendSpec, or a mapping of its fields."""


def json_of(spec: object) -> str:
    """The JSON of a FrontendSpec or of a mapping of its fields, not yet checked."""
    if isinstance(spec, FrontendSpec):
        fields = spec.to_dict()
    elif isinstance(spec, Mapping):
        fields = dict(spec)
        fields["steps"] = [step_to_dict(step) for step in _steps(fields.get("steps", ()))]
    else:
        raise TypeError(
            f"the front end is a {type(spec).__name__}; give a preset's name, "
            "an ossicle.FrontendSpec or a mapping of its fields"
        )
    _check_finite(fields)
    return json.dumps(fields, default=_plain)


def preset(name: str) -> FrontendSpec:
    """The spec of a preset, by name or alias. Raises SpecError, which offers a name that is near."""
    return FrontendSpec.from_json(_core.preset_json(name))


def spec_of(spec: SpecLike | _core.Frontend) -> FrontendSpec:
    """The FrontendSpec that is meant. Raises SpecError, TypeError."""
    if isinstance(spec, FrontendSpec):
        return spec
    if isinstance(spec, str):
        return preset(spec)
    if isinstance(spec, _core.Frontend):
        return spec.spec
    return FrontendSpec.from_json(json_of(spec))


def _steps(steps: object) -> tuple[Any, ...]:
    if isinstance(steps, (list, tuple)):
        return tuple(steps)
    raise TypeError(f"steps is {steps!r}; give a tuple of steps")


def _check_finite(fields: Mapping[str, Any]) -> None:
    """JSON has no NaN and no infinity."""
    for name, value in fields.items():
        if isinstance(value, numbers.Real) and not math.isfinite(value):
            raise SpecError(f"{name}={value}, but it must be a finite number")
    for step in fields.get("steps", ()):
        _check_finite(step)


def _plain(value: Any) -> object:
    """NumPy's numbers, which JSON does not know."""
    if getattr(value, "ndim", None) == 0:
        return value.item()
    raise TypeError(f"{value!r} of type {type(value).__name__} cannot be part of a spec")
