"""The configurations, as lhotse has them."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Mapping
from typing import Any, TypeVar

_Self = TypeVar("_Self", bound="_Config")


class _Config:
    """What both configurations do."""

    num_filters: int
    num_mel_bins: int | None
    snip_edges: bool

    def __post_init__(self) -> None:
        if self.num_mel_bins is not None:
            self.num_filters, self.num_mel_bins = self.num_mel_bins, None
        if self.snip_edges:
            warnings.warn("with snip_edges=True, lhotse's number of frames for a duration differs "
                          "from that of the features", stacklevel=3)

    def to_dict(self) -> dict[str, Any]:
        """The values, without those that are None."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}  # type: ignore
        return {name: value for name, value in values.items() if value is not None}

    @classmethod
    def from_dict(cls: type[_Self], data: Mapping[str, Any]) -> _Self:
        """Of what to_dict() gives."""
        return cls(**data)


@dataclasses.dataclass
class FbankConfig(_Config):
    """Of Fbank. Lengths in seconds; `high_freq` <= 0 is counted from half the sample rate."""

    sampling_rate: int = 16000
    frame_length: float = 0.025
    frame_shift: float = 0.01
    round_to_power_of_two: bool = True
    remove_dc_offset: bool = True
    preemph_coeff: float = 0.97
    window_type: str = "povey"
    dither: float = 0.0
    snip_edges: bool = False
    energy_floor: float = 1e-10
    raw_energy: bool = True
    use_energy: bool = False
    use_fft_mag: bool = False
    low_freq: float = 20.0
    high_freq: float = -400.0
    num_filters: int = 80
    num_mel_bins: int | None = None
    norm_filters: bool = False
    torchaudio_compatible_mel_scale: bool = True
    device: str = "cpu"


@dataclasses.dataclass
class MfccConfig(_Config):
    """Of Mfcc. Lengths in seconds; `high_freq` <= 0 is counted from half the sample rate."""

    sampling_rate: int = 16000
    frame_length: float = 0.025
    frame_shift: float = 0.01
    round_to_power_of_two: bool = True
    remove_dc_offset: bool = True
    preemph_coeff: float = 0.97
    window_type: str = "povey"
    dither: float = 0.0
    snip_edges: bool = False
    energy_floor: float = 1e-10
    raw_energy: bool = True
    use_energy: bool = False
    use_fft_mag: bool = False
    low_freq: float = 20.0
    high_freq: float = -400.0
    num_filters: int = 23
    torchaudio_compatible_mel_scale: bool = True
    num_mel_bins: int | None = None
    norm_filters: bool = False
    num_ceps: int = 13
    cepstral_lifter: int = 22
    device: str = "cpu"
