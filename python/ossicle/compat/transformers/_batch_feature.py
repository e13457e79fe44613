"""What the feature extractors give."""

from __future__ import annotations

import importlib
from collections import UserDict
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ossicle.compat import _served

from ._lookalike import Lookalike

_NOT_SERVED = ("tf", "jax", "mlx")


class BatchFeature(Lookalike, UserDict[str, Any]):
    """A dictionary whose values are attributes, too: batch.input_features.

    data         values by name
    tensor_type  None: the values stay as they are; "np": NumPy arrays; "pt": PyTorch tensors
    """

    _originals = (("transformers.feature_extraction_utils", "BatchFeature"),)

    def __init__(self, data: Mapping[str, Any] | None = None,
                 tensor_type: str | None = None) -> None:
        super().__init__(data)
        self.convert_to_tensors(tensor_type)

    def __getitem__(self, item: str) -> Any:
        if not isinstance(item, str):
            raise KeyError(f"{item!r}, but the keys are names: {', '.join(self.data)}")
        return self.data[item]

    def __getattr__(self, item: str) -> Any:
        try:
            return self.__dict__["data"][item]
        except KeyError:
            raise AttributeError(item) from None

    def convert_to_tensors(self, tensor_type: str | None = None) -> BatchFeature:
        """Converts the values in place. Raises ValueError where rows of different lengths make no
        tensor, NotImplementedError for "tf", "jax" and "mlx"."""
        if tensor_type is None:
            return self
        convert = _converter(tensor_type)
        for name, value in self.data.items():
            try:
                self.data[name] = convert(value)
            except (ValueError, TypeError, IndexError, RuntimeError) as error:
                raise ValueError(
                    f"{name} makes no tensor: {error}. If the clips have different lengths, give "
                    "padding=True") from error
        return self

    def to(self, *args: Any, **kwargs: Any) -> BatchFeature:
        """Moves the PyTorch tensors to a device, and casts those of floating point: the arguments
        are those of torch.Tensor.to."""
        torch: Any = importlib.import_module("torch")
        device = kwargs.get("device")
        if device is None and args and not isinstance(args[0], torch.dtype):
            device = args[0]
            if not isinstance(device, (str, int, torch.device)):
                raise ValueError(f"to({device!r}), but it takes a torch.device or a torch.dtype")

        def moved(value: Any) -> Any:
            if not isinstance(value, torch.Tensor):
                return value
            if torch.is_floating_point(value):
                return value.to(*args, **kwargs)
            if device is None:
                return value
            return value.to(device=device, non_blocking=kwargs.get("non_blocking", False))

        self.data = {name: moved(value) for name, value in self.data.items()}
        return self


def _converter(tensor_type: str) -> Callable[[Any], Any]:
    name = getattr(tensor_type, "value", tensor_type)  # transformers.TensorType
    if name in _NOT_SERVED:
        raise _served.unserved("BatchFeature", "return_tensors", name, "None, 'np' and 'pt'")
    if name == "np":
        return _to_numpy
    if name == "pt":
        return _to_torch
    raise ValueError(f"return_tensors={name!r} is no type of tensors; give None, \"np\" or \"pt\"")


def _to_numpy(value: Any) -> Any:
    rows = isinstance(value, (list, tuple)) and isinstance(value[0], (list, tuple, np.ndarray))
    if not rows or len({len(row) for row in value}) == 1:
        return np.asarray(value)
    result = np.empty(len(value), dtype=object)  # an array of arrays
    for i, row in enumerate(value):
        result[i] = np.asarray(row)
    return result


def _to_torch(value: Any) -> Any:
    try:
        torch: Any = importlib.import_module("torch")
    except ImportError as error:
        raise ImportError("return_tensors=\"pt\" needs PyTorch; install torch, or give "
                          "return_tensors=\"np\"") from error
    if torch.is_tensor(value):
        return value
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], np.ndarray):
        value = np.array(value)
    if isinstance(value, np.ndarray):
        return torch.from_numpy(value)
    return torch.tensor(value)
