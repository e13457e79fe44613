"""Sequences of unequal lengths into one batch."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ossicle.compat._tensors import is_tensor

LONGEST, MAX_LENGTH, DO_NOT_PAD = "longest", "max_length", "do_not_pad"


def strategy_of(padding: Any, max_length: int | None, padding_value: float | None) -> str:
    """LONGEST, MAX_LENGTH or DO_NOT_PAD."""
    found = {True: LONGEST, False: DO_NOT_PAD}[padding] if isinstance(padding, bool) else padding
    name = str(getattr(found, "value", found))  # transformers.utils.PaddingStrategy
    if name not in (LONGEST, MAX_LENGTH, DO_NOT_PAD):
        raise ValueError(f"padding={padding!r}; give True, False, \"{LONGEST}\", \"{MAX_LENGTH}\" "
                         f"or \"{DO_NOT_PAD}\"")
    if name == MAX_LENGTH and max_length is None:
        raise ValueError(f"padding=\"{MAX_LENGTH}\" needs max_length; give it, or padding=True")
    if name != DO_NOT_PAD and padding_value is None:
        raise ValueError("padding_value=None, but to pad needs one: set padding_value = 0.0")
    return name


def rounded_up(length: int, multiple: int | None) -> int:
    return length if multiple is None else -(-length // multiple) * multiple


def truncated_length(max_length: int | None, multiple: int | None, truncation: bool) -> int | None:
    """What sequences are cut to; None: they are not."""
    if not truncation:
        return None
    if max_length is None:
        raise ValueError("truncation=True needs max_length; give it")
    return rounded_up(max_length, multiple)


def columns_of(features: Any, name: str) -> Mapping[str, Any]:
    """A batch as a mapping of columns, from that or from a list of examples."""
    if isinstance(features, (list, tuple)) and isinstance(features[0], Mapping):
        features = {key: [example[key] for example in features] for key in features[0]}
    if name not in features:
        raise ValueError(f"there is no {name} among {', '.join(features)}; give what a feature "
                         "extractor gave")
    return features  # type: ignore[no-any-return]


def tensor_type_of(sequences: Sequence[Any]) -> str:
    """"pt" for PyTorch tensors, otherwise "np"."""
    first = sequences[0]
    if isinstance(first, (list, tuple)):
        first = next((each[0] for each in sequences if len(each) > 0), 0.0)
    if is_tensor(first):
        return "pt"
    if isinstance(first, (int, float, list, tuple, np.ndarray)):
        return "np"
    raise ValueError(f"a sequence holds a {type(first).__name__}; give numbers, NumPy arrays or "
                     "PyTorch tensors")


def padded(sequence: Any, length: int, value: float, side: str) -> Any:
    """`sequence` with rows of `value` up to `length`; itself where it has that many."""
    missing = length - len(sequence)
    if missing <= 0:
        return sequence
    if side not in ("right", "left"):
        raise ValueError(f"padding_side={side!r}; give \"right\" or \"left\"")
    result = np.full((length, *sequence.shape[1:]), value, sequence.dtype)
    result[slice(None, -missing) if side == "right" else slice(missing, None)] = sequence
    return result
