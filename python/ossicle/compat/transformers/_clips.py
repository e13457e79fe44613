"""The clips of a call's raw_speech."""

from typing import Any

import numpy as np

from ossicle.compat._tensors import is_tensor


def clips_of(raw_speech: Any, *, max_dimensions: int = 2, tensors: bool = False) -> list[Any]:
    """Arrays of float32, one a clip.

    raw_speech      one clip: a list of numbers or an array (n,); or several: an array with more
                    dimensions, or a list of arrays or of lists of numbers. Integers count as they
                    are: 32767 is not 1.0.
    max_dimensions  that an array may have
    tensors         whether a list of PyTorch tensors is a list of clips
    """
    if isinstance(raw_speech, np.ndarray):
        if raw_speech.ndim > max_dimensions:
            raise ValueError(f"raw_speech has the shape {raw_speech.shape}, but it may have "
                             f"{max_dimensions} dimensions: mix the channels down to one")
        return [_floats(clip) for clip in (raw_speech if raw_speech.ndim > 1 else [raw_speech])]
    if not isinstance(raw_speech, (list, tuple)):
        return [_floats(raw_speech)]
    if len(raw_speech) == 0:
        raise IndexError("raw_speech is an empty list; give at least one clip")
    first = raw_speech[0]
    several = isinstance(first, (np.ndarray, tuple, list)) or (tensors and is_tensor(first))
    return [_floats(clip) for clip in (raw_speech if several else [raw_speech])]


def flat(clip: Any) -> Any:
    """A clip that has to have one dimension."""
    if clip.ndim != 1:
        raise ValueError(f"a clip has the shape {clip.shape}, but it must have one dimension: give "
                         "one channel")
    return clip


def _floats(clip: Any) -> Any:
    if np.iscomplexobj(clip):
        raise ValueError("a clip is complex, but samples are real numbers")
    return np.asarray(clip, dtype=np.float32)


def refuse_narrow_integers(raw_speech: Any) -> None:
    """For front ends that multiply by 32768, which 16 bits do not hold."""
    if isinstance(raw_speech, np.ndarray) and raw_speech.ndim == 1 and raw_speech.dtype in (
            np.int8, np.uint8, np.int16):
        raise OverflowError(f"raw_speech is an array of {raw_speech.dtype}; give float samples of "
                            "full scale 1.0: raw_speech / 32768 of 16-bit ones")
