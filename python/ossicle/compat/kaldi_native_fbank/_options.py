"""The options: records that keep their values as the original's C++ does."""

from __future__ import annotations

import copy
import ctypes
import dataclasses
import operator
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

_Self = TypeVar("_Self", bound="Options")


def _float(value: Any) -> float:
    return ctypes.c_float(value).value


def _bool(value: Any) -> bool:
    if value is not None and not hasattr(value, "__bool__"):
        raise TypeError(f"must be a bool, not {type(value).__name__}")
    return bool(value)


def _str(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"must be a str, not {type(value).__name__}")
    return value


# By the type that a field is declared with: what may be assigned, and what may be in a dict.
_ASSIGNED: dict[str, Callable[[Any], Any]] = {
    "float": _float, "int": operator.index, "bool": _bool, "str": _str}
_LOADED: dict[str, Callable[[Any], Any]] = {"float": float, "int": int, "bool": bool, "str": str}


class Options:
    """What all options do. Floats are rounded to 32 bits; nested options are copied, not shared."""

    def __setattr__(self, name: str, value: Any) -> None:
        kind = self._kinds().get(name)
        if kind is None:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        try:
            super().__setattr__(name, _assigned(kind, value))
        except TypeError as error:
            raise TypeError(f"{type(self).__name__}.{name}: {error}") from None

    @classmethod
    def _kinds(cls) -> dict[str, str]:
        return cls.__annotations__

    def as_dict(self) -> dict[str, Any]:
        """The values, those of nested options as a dict in the dict."""
        values = {name: getattr(self, name) for name in self._kinds()}
        return {name: value.as_dict() if isinstance(value, Options) else value
                for name, value in values.items()}

    @classmethod
    def from_dict(cls: type[_Self], values: Mapping[str, Any], /) -> _Self:
        """Of what as_dict() gives. What is left out keeps its default; others change nothing."""
        options = cls()
        for name, kind in cls._kinds().items():
            if name in values:
                load = _LOADED[kind] if kind in _LOADED else _NESTED[kind].from_dict
                setattr(options, name, load(values[name]))
        return options

    def __getstate__(self) -> dict[str, Any]:
        return self.as_dict()

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__dict__.update(type(self).from_dict(state).__dict__)

    def _lines(self) -> str:
        return "".join(f"{name}: {_printed(getattr(self, name))}\n" for name in self._kinds())

    def _call(self) -> str:
        values = (f"{name}={_printed(getattr(self, name), str)}" for name in self._kinds())
        return f"{type(self).__name__}({', '.join(values)})"


def _assigned(kind: str, value: Any) -> Any:
    if kind in _ASSIGNED:
        return _ASSIGNED[kind](value)
    if not isinstance(value, _NESTED[kind]):
        raise TypeError(f"must be {kind}, not {type(value).__name__}")
    return copy.copy(value)


def _printed(value: Any, of_bool: Callable[[bool], Any] = int) -> str:
    if isinstance(value, bool):
        return str(of_bool(value))
    return f"{value:g}" if isinstance(value, float) else str(value)


@dataclasses.dataclass(eq=False, repr=False)
class FrameExtractionOptions(Options):
    """How a waveform becomes frames. `dither` is served by noise of the same deviation."""

    samp_freq: float = 16000.0
    frame_shift_ms: float = 10.0
    frame_length_ms: float = 25.0
    dither: float = 0.00003
    preemph_coeff: float = 0.97
    remove_dc_offset: bool = True
    window_type: str = "povey"
    round_to_power_of_two: bool = True
    blackman_coeff: float = 0.42
    snip_edges: bool = True

    def __str__(self) -> str:
        return self._lines()


@dataclasses.dataclass(eq=False, repr=False)
class MelBanksOptions(Options):
    """The triangles of the mel bank. `high_freq` <= 0 is counted from half the sample rate."""

    num_bins: int = 25
    low_freq: float = 20
    high_freq: float = 0
    vtln_low: float = 100
    vtln_high: float = -500
    debug_mel: bool = False
    htk_mode: bool = False
    is_librosa: bool = False
    norm: str = "slaney"
    use_slaney_mel_scale: bool = True
    floor_to_int_bin: bool = False

    def __str__(self) -> str:
        return self._lines()


def _mel_of_23_bins() -> MelBanksOptions:
    return MelBanksOptions(num_bins=23)


@dataclasses.dataclass(eq=False, repr=False)
class FbankOptions(Options):
    """Of OnlineFbank."""

    frame_opts: FrameExtractionOptions = dataclasses.field(default_factory=FrameExtractionOptions)
    mel_opts: MelBanksOptions = dataclasses.field(default_factory=_mel_of_23_bins)
    use_energy: bool = False
    energy_floor: float = 0
    raw_energy: bool = True
    htk_compat: bool = False
    use_log_fbank: bool = True
    use_log_floor: bool = True
    eps: float = 1.1920929e-07
    use_power: bool = True

    def __str__(self) -> str:
        own = "".join(f"{name}: {_printed(getattr(self, name))}\n"
                      for name in self._kinds() if not name.endswith("_opts"))
        return f"frame_opts: \n{self.frame_opts}\n\nmel_opts: \n{self.mel_opts}\n{own}"


@dataclasses.dataclass(eq=False, repr=False)
class MfccOptions(Options):
    """Of OnlineMfcc."""

    frame_opts: FrameExtractionOptions = dataclasses.field(default_factory=FrameExtractionOptions)
    mel_opts: MelBanksOptions = dataclasses.field(default_factory=_mel_of_23_bins)
    num_ceps: int = 13
    use_energy: bool = True
    energy_floor: float = 0
    raw_energy: bool = True
    cepstral_lifter: float = 22
    htk_compat: bool = False

    def __str__(self) -> str:
        return self._call()


@dataclasses.dataclass(eq=False, repr=False)
class WhisperFeatureOptions(Options):
    """Of OnlineWhisperFbank, which takes `dim` and nothing of `frame_opts`."""

    frame_opts: FrameExtractionOptions = dataclasses.field(default_factory=FrameExtractionOptions)
    dim: int = 80

    def __str__(self) -> str:
        return self._call()


_NESTED: dict[str, type[Any]] = {
    "FrameExtractionOptions": FrameExtractionOptions, "MelBanksOptions": MelBanksOptions}
