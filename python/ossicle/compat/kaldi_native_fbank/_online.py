"""The extractors: samples in, frames out, while the signal goes on."""

from __future__ import annotations

import copy
import operator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ossicle import NotFiniteError, Stream
from ossicle.compat import _kaldi

from . import _specs
from ._options import FbankOptions, FrameExtractionOptions, MfccOptions, WhisperFeatureOptions

# Frames that were computed together lie in one array, which is freed with the last of them.
_BLOCK_SAMPLES = 1 << 14


class _Online:
    """What all extractors do. One thread at a time."""

    def __init__(self, options: FrameExtractionOptions, specs: list[_kaldi.Fields]) -> None:
        self._rate_hz = options.samp_freq
        self._shift_ms = options.frame_shift_ms
        front_ends = [_kaldi.front_end(spec) for spec in specs]
        self._streams = [Stream(front_end) for front_end in front_ends]
        self._dim: int = sum(front_end.bands for front_end in front_ends)
        self._frames: list[NDArray[np.float32]] = []
        self._popped = 0
        self._finished = False

    def _row(self, parts: list[NDArray[np.float32]]) -> NDArray[np.float32]:
        """(frames, dim) of what each stream gave."""
        return parts[0]

    @property
    def dim(self) -> int:
        """Values of a frame."""
        return self._dim

    @property
    def frame_shift_in_seconds(self) -> float:
        """Between one frame and the next."""
        return float(np.float32(self._shift_ms) / np.float32(1000))

    @property
    def num_frames_ready(self) -> int:
        """Frames that are known until now, those that were popped included."""
        return self._popped + len(self._frames)

    def is_last_frame(self, frame: int) -> bool:
        """Whether no frame comes after `frame`: True only after input_finished()."""
        return self._finished and operator.index(frame) == self.num_frames_ready - 1

    def get_frame(self, frame: int) -> NDArray[np.float32]:
        """(dim,) float32 of frame `frame`, counted from the start of the signal.

        Raises RuntimeError if it was popped, IndexError if it is not ready.
        """
        index = operator.index(frame) - self._popped
        if index < 0:
            raise RuntimeError(f"frame {frame} was popped; the first that is there is "
                               f"{self._popped}, of {self.num_frames_ready} ready")
        if index >= len(self._frames):
            raise IndexError(f"frame {frame} is not ready; {self.num_frames_ready} are")
        return self._frames[index]

    def accept_waveform(self, sampling_rate: float, waveform: ArrayLike) -> None:
        """Takes the next samples, numbers of any scale, and computes the frames that they complete.

        Raises ValueError for another rate than that of the options, RuntimeError after
        input_finished() and for a NaN or an infinity, TypeError for what is no row of numbers.
        """
        samples = _row_of_numbers(waveform)
        if len(samples) == 0:
            return
        if self._finished:
            raise RuntimeError("accept_waveform was called after input_finished")
        if sampling_rate != self._rate_hz and np.float32(sampling_rate) != self._rate_hz:
            raise ValueError(f"sampling_rate={sampling_rate:g} does not match the options, which "
                             f"say {self._rate_hz:g}")
        for start in range(0, len(samples), _BLOCK_SAMPLES):
            self._push(samples[start:start + _BLOCK_SAMPLES])

    def input_finished(self) -> None:
        """Says that the signal has ended, and computes the frames that are left."""
        if not self._finished:
            self._finished = True
            self._frames.extend(self._row([stream.finish() for stream in self._streams]))

    def pop(self, n: int) -> None:
        """Forgets the first `n` of the frames that are there."""
        count = min(max(operator.index(n), 0), len(self._frames))
        del self._frames[:count]
        self._popped += count

    def _push(self, samples: NDArray[np.float32]) -> None:
        try:
            self._frames.extend(self._row([stream.push(samples) for stream in self._streams]))
        except NotFiniteError as error:
            raise RuntimeError(str(error)) from error


def _row_of_numbers(waveform: ArrayLike) -> NDArray[np.float32]:
    if isinstance(waveform, (str, bytes)):
        raise TypeError("waveform is text; give numbers")
    samples = np.asarray(waveform, dtype=np.float32)
    if samples.ndim != 1:
        raise TypeError(f"waveform has the shape {samples.shape}; give one row of numbers")
    return samples


def _copy_of(options: Any, kind: type[Any]) -> Any:
    if not isinstance(options, kind):
        raise TypeError(f"opts must be {kind.__name__}, not {type(options).__name__}")
    return copy.copy(options)


class OnlineFbank(_Online):
    """Energies of mel bands, or their logarithms; with use_energy one value more."""

    def __init__(self, opts: FbankOptions) -> None:
        self._options: FbankOptions = _copy_of(opts, FbankOptions)
        super().__init__(self._options.frame_opts, _specs.fbank(self._options))

    def _row(self, parts: list[NDArray[np.float32]]) -> NDArray[np.float32]:
        if not self._options.use_energy:
            return parts[0]
        bands, energy = parts[0], _kaldi.at_least(parts[1], self._options.energy_floor)
        return np.hstack([bands, energy] if self._options.htk_compat else [energy, bands])


class OnlineMfcc(_Online):
    """Cepstra; with use_energy, the first is the energy; with htk_compat, the first comes last."""

    def __init__(self, opts: MfccOptions) -> None:
        self._options: MfccOptions = _copy_of(opts, MfccOptions)
        super().__init__(self._options.frame_opts, _specs.mfcc(self._options))

    def _row(self, parts: list[NDArray[np.float32]]) -> NDArray[np.float32]:
        cepstra = parts[0]
        if self._options.use_energy:
            cepstra[:, 0] = _kaldi.at_least(cepstra[:, 0], self._options.energy_floor)
        elif self._options.htk_compat:
            cepstra[:, 0] *= np.sqrt(2.0)
        return np.roll(cepstra, -1, axis=1) if self._options.htk_compat else cepstra


class OnlineWhisperFbank(_Online):
    """Whisper's mel energies at 16 kHz, whose logarithm the original leaves to its caller, too."""

    def __init__(self, opts: WhisperFeatureOptions) -> None:
        bands = _copy_of(opts, WhisperFeatureOptions).dim
        super().__init__(FrameExtractionOptions(), _specs.whisper(bands))
