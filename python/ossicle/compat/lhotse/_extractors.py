"""The extractors."""

from __future__ import annotations

import dataclasses
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ossicle import Frontend
from ossicle.compat import _kaldi
from ossicle.compat._tensors import is_tensor

from . import _specs
from ._base import FeatureExtractor, register_extractor
from ._config import FbankConfig, MfccConfig

_ENERGY_FLOOR = 1e-10


class _Extractor(FeatureExtractor):
    """What both do."""

    config: Any

    def __init__(self, config: Any | None = None) -> None:
        super().__init__(config=config)
        unknown = {each.name for each in dataclasses.fields(self.config)} - {
            each.name for each in dataclasses.fields(self.config_type)}
        if unknown:
            raise TypeError(f"{type(self).__name__} takes no {sorted(unknown)[0]}")
        self._framing = _specs.Framing(self.config)
        self._front_end = _kaldi.front_end(self._fields())

    def _fields(self) -> _kaldi.Fields:
        raise NotImplementedError

    @property
    def device(self) -> Any:
        """Where tensors are given back; features are computed on the CPU."""
        return self.config.device

    @property
    def frame_shift(self) -> float:
        """Between one frame and the next, in seconds."""
        return float(self.config.frame_shift)

    def extract(self, samples: Any, sampling_rate: int) -> Any:
        """(frames, values) float32 of (n,) or of the first row of (channels, n): an array of an
        array, a tensor of a tensor.

        Raises AssertionError for another rate than the configuration's or more dimensions,
        RuntimeError for fewer samples than a frame needs and for integers, NotFiniteError for a NaN
        or an infinity.
        """
        if sampling_rate != self.config.sampling_rate:
            raise AssertionError(f"sampling_rate={sampling_rate}, but the configuration says "
                                 f"{self.config.sampling_rate}; resample first")
        array = _array(samples)
        if array.ndim not in (1, 2):
            raise AssertionError(f"samples of the shape {array.shape}; give (n,) or (channels, n)")
        return self._as_given(self._features(array if array.ndim == 1 else array[0]),
                              torch=is_tensor(samples))

    def extract_batch(self, samples: Any, sampling_rate: int, lengths: Any | None = None) -> Any:
        """Features of several clips, one after the other.

        samples  a list of clips, an array or a tensor of (clips, n), or one clip of (n,)
        lengths  the valid samples of each row of a tensor; the features are arrays then
        Gives (clips, frames, values) where all have as many frames, else a list; of one clip that
        came without a list, (frames, values). As in lhotse, a clip ends as if zeros followed, up to
        the longest of the batch. Raises what extract() raises, but takes any rate.
        """
        if lengths is not None:
            if not is_tensor(samples):
                raise AssertionError("with `lengths`, samples must be a padded torch.Tensor")
            clips, counts = list(samples), [int(length) for length in lengths]
        else:
            clips = _clips(samples)
            counts = [clip.shape[0] for clip in clips]
        rows = [_array(clip) for clip in clips]
        longest = max(len(row) for row in rows)
        frames = [self._frames_of(count, sampling_rate) for count in counts]
        result = [self._features(self._padded(row, count, longest))[:count]
                  for row, count in zip(rows, frames)]
        torch = lengths is None and any(map(is_tensor, clips))
        return self._collated(result, isinstance(samples, list), torch)

    def _frames_of(self, samples: int, sampling_rate: int) -> int:
        """As lhotse counts them for a duration."""
        hop: int = round(self.config.frame_shift * sampling_rate)
        return (samples + hop // 2) // hop

    def _padded(self, row: NDArray[Any], frames: int, longest: int) -> NDArray[Any]:
        """As much of the row, and of the zeros after it, as its first frames see."""
        seen = min(longest, frames * self._framing.hop + self._framing.window)
        if len(row) >= seen:
            return row[:seen]
        padded = np.zeros(seen, row.dtype)
        padded[:len(row)] = row
        return padded

    def _features(self, samples: NDArray[Any]) -> NDArray[np.float32]:
        self._framing.check(len(samples))
        features: NDArray[np.float32] = self._front_end(samples)
        return features

    def _as_given(self, features: NDArray[Any], torch: bool) -> Any:
        return sys.modules["torch"].from_numpy(features).to(self.device) if torch else features

    def _collated(self, result: list[NDArray[Any]], was_list: bool, torch: bool) -> Any:
        if len(result) == 1:
            single = self._as_given(result[0], torch)
            return [single] if was_list else single
        if all(features.shape == result[0].shape for features in result):
            return self._as_given(np.stack(result), torch)
        return [self._as_given(features, torch) for features in result]


def _array(samples: Any) -> NDArray[Any]:
    """The samples, on the CPU, without a copy where they are float32 there."""
    if is_tensor(samples):
        samples = samples.detach().cpu().numpy()
    if not isinstance(samples, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type(samples).__name__})")
    if not np.issubdtype(samples.dtype, np.floating):
        raise RuntimeError(f"samples are {samples.dtype}; give float32 of full scale 1.0")
    return samples


def _clips(samples: Any) -> list[Any]:
    if isinstance(samples, list):
        if not samples:
            raise RuntimeError("received an empty list of sequences")
    elif samples.ndim > 1:
        samples = list(samples)
    else:
        samples = [samples]
    return [clip.squeeze() if clip.ndim > 1 else clip for clip in samples]


@register_extractor
class Fbank(_Extractor):
    """Logarithms of mel energies; with use_energy, the energy's before them."""

    name = "kaldi-fbank"
    config_type = FbankConfig

    def __init__(self, config: Any | None = None) -> None:
        super().__init__(config)
        self._energy: Frontend | None = None
        if self.config.use_energy:
            self._energy = _kaldi.front_end(_specs.energy(self.config, self._framing))

    def _fields(self) -> _kaldi.Fields:
        return _specs.fbank(self.config, self._framing)

    def _features(self, samples: NDArray[Any]) -> NDArray[np.float32]:
        bands = super()._features(samples)
        if self._energy is None:
            return bands
        energy = _specs.finished_energy(self._energy(samples), self.config.energy_floor)
        return np.hstack([energy, bands])

    def to(self, device: str) -> None:
        """Where tensors are given back from now on."""
        self.config.device = device

    def feature_dim(self, sampling_rate: int) -> int:
        """The bands."""
        return int(self.config.num_filters)

    @staticmethod
    def mix(features_a: NDArray[Any], features_b: NDArray[Any],
            energy_scaling_factor_b: float) -> NDArray[Any]:
        """The features of both signals together, the second one's energies scaled."""
        energies = np.exp(features_a) + energy_scaling_factor_b * np.exp(features_b)
        return np.asarray(np.log(np.maximum(_ENERGY_FLOOR, energies)))

    @staticmethod
    def compute_energy(features: NDArray[Any]) -> float:
        """Of all bands and frames."""
        return float(np.exp(features).sum())

    @staticmethod
    def scale(features: NDArray[Any], energy_scaling_factor: float) -> NDArray[Any]:
        """The features of the signal with its energy scaled."""
        return np.asarray(features + np.log(energy_scaling_factor))


@register_extractor
class Mfcc(_Extractor):
    """Cepstra."""

    name = "kaldi-mfcc"
    config_type = MfccConfig

    def _fields(self) -> _kaldi.Fields:
        return _specs.mfcc(self.config, self._framing)

    def feature_dim(self, sampling_rate: int) -> int:
        """The cepstra."""
        return int(self.config.num_ceps)
