"""What a configuration computes, and lhotse's errors for what it refuses."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ossicle.compat import _kaldi
from ossicle.compat._kaldi import Fields
from ossicle.compat._served import check_bands, check_frames, check_rate, unserved

_CALL = "lhotse"
# Energies are measured of louder samples, so that their floor lies far below lhotse's own, which
# adds this to each.
_ENERGY_SCALE, _ENERGY_GUARD = float(1 << 20), 1e-15


class Framing:
    """Where the frames lie, in samples."""

    def __init__(self, config: Any) -> None:
        self.window: int = math.floor(config.frame_length * config.sampling_rate)
        self.hop: int = math.floor(config.frame_shift * config.sampling_rate)
        self.snip_edges: bool = config.snip_edges
        if not config.snip_edges and self.hop > self.window:
            raise unserved(_CALL, "frame_shift", config.frame_shift, "up to frame_length, but with "
                           "snip_edges=True")
        self.left: int = (self.window - self.hop) // 2

    @property
    def right(self) -> int:
        """What the mirrored signal adds at the end so that there are (samples + hop // 2) // hop
        frames."""
        total = self.window - self.hop + self.hop // 2
        return total - self.left

    def check(self, samples: int) -> None:
        """lhotse mirrors a signal once, and gives no empty features."""
        count = (samples + self.hop // 2) // self.hop
        mirrored = max(self.left, (count - 1) * self.hop + self.window - samples - self.left)
        short = samples < self.window if self.snip_edges else count < 1 or mirrored > samples
        if short:
            raise RuntimeError(f"{samples} samples are too few for a frame of {self.window}")


def _window(name: str) -> tuple[str, bool]:
    if name == "blackman":
        raise unserved(_CALL, "window_type", name, ", ".join(_kaldi.WINDOWS))
    if name not in _kaldi.WINDOWS:
        raise ValueError(f"Invalid window type: {name}")
    return _kaldi.WINDOWS[name]


def _frames(config: Any, framing: Framing) -> Fields:
    size = _kaldi.fft_size(framing.window, config.round_to_power_of_two)
    _require(size % 2 == 0, f"a frame of {size} samples: their number must be even")
    check_frames(_CALL, ("frame_length, in samples", size),
                 ("frame_shift, in samples", framing.hop),
                 ("frame_length, in samples", framing.window))
    if not 0 <= config.preemph_coeff <= 1:
        raise unserved(_CALL, "preemph_coeff", config.preemph_coeff, "0 to 1")
    fields = _kaldi.frames(
        sample_rate_hz=check_rate(_CALL, "sampling_rate", config.sampling_rate),
        window_samples=framing.window,
        hop_samples=framing.hop,
        fft_size=size,
        window=_window(config.window_type),
        snip_edges=config.snip_edges,
        dither=config.dither,
        preemphasis=config.preemph_coeff,
        remove_dc=config.remove_dc_offset,
    )
    if not config.snip_edges:
        fields.update(framing="explicit", pad_left_samples=framing.left,
                      pad_right_samples=framing.right)
    return fields


def _mel(config: Any) -> Fields:
    if not config.torchaudio_compatible_mel_scale:
        raise unserved(_CALL, "torchaudio_compatible_mel_scale", False, "True")
    bands, low_hz, high_hz = config.num_filters, config.low_freq, config.high_freq
    nyquist_hz = config.sampling_rate / 2
    if high_hz <= 0:
        high_hz += nyquist_hz
    _require(bands > 3, "Must have at least 3 mel bins")
    _require(0 <= low_hz < nyquist_hz and 0 < high_hz <= nyquist_hz and low_hz < high_hz,
             f"Bad values in options: low-freq {low_hz} and high-freq {high_hz} vs. nyquist "
             f"{nyquist_hz}")
    check_bands(_CALL, ("num_filters", bands), ("low_freq", low_hz), ("high_freq", high_hz),
                nyquist_hz)
    return {**_kaldi.log_mel(bands, low_hz, high_hz),
            "spectrum": "magnitude" if config.use_fft_mag else "power"}


def _require(held: bool, message: str) -> None:
    if not held:
        raise AssertionError(message)


def fbank(config: Any, framing: Framing) -> Fields:
    """Of the bands."""
    return {**_frames(config, framing), **_mel(config)}


def mfcc(config: Any, framing: Framing) -> Fields:
    """Of the cepstra."""
    if config.use_energy:
        raise unserved(_CALL, "use_energy", True, "False; lhotse's Mfcc fails with it")
    fields = fbank(config, framing)
    if config.num_ceps > config.num_filters:
        raise unserved(_CALL, "num_ceps", config.num_ceps, "up to num_filters")
    lifter = max(float(config.cepstral_lifter), 0.0)  # lhotse lifts by none below 0
    return {**fields, **_kaldi.cepstra(config.num_ceps, lifter, log_energy=False)}


def energy(config: Any, framing: Framing) -> Fields:
    """Of the frames' energies."""
    if not config.raw_energy:
        raise unserved(_CALL, "raw_energy", False, "True, where use_energy is")
    fields = _kaldi.log_energy(fbank(config, framing))
    return {**fields, "input_scale": _ENERGY_SCALE, "dither": config.dither * _ENERGY_SCALE}


def finished_energy(found: NDArray[np.float32], floor: float) -> NDArray[np.float32]:
    """lhotse's logarithms of what `energy` gives."""
    logs = np.logaddexp(found.astype(np.float64) - 2 * math.log(_ENERGY_SCALE),
                        math.log(_ENERGY_GUARD))
    return _kaldi.at_least(logs.astype(np.float32), floor)
