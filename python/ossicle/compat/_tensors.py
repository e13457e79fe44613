"""Tensors in, tensors out, without importing PyTorch."""

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ossicle.compat import _served

DTYPES = "float32 and float64"


def is_tensor(value: object) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def samples_of(call: str, waveform: Any) -> NDArray[Any]:
    """The samples of a tensor, which share its memory, or of an array. Raises NotImplementedError
    for a tensor elsewhere than on the CPU or one that needs a gradient, and for another type than
    float32 or float64."""
    if is_tensor(waveform):
        torch: Any = sys.modules["torch"]
        if waveform.device.type != "cpu":
            raise _served.unserved(call, "waveform.device", str(waveform.device), "'cpu'")
        if waveform.requires_grad and torch.is_grad_enabled():
            raise _served.unserved(call, "waveform.requires_grad", True,
                                   "no gradients: call it under torch.no_grad()")
        if waveform.dtype not in (torch.float32, torch.float64):
            raise _served.unserved(call, "waveform.dtype", waveform.dtype, DTYPES)
        waveform = waveform.detach().numpy()
    if not isinstance(waveform, np.ndarray):
        raise TypeError(f"{call}: waveform is a {type(waveform).__name__}, but it must be a tensor "
                        "or a NumPy array")
    if waveform.dtype not in (np.float32, np.float64):
        raise _served.unserved(call, "waveform.dtype", waveform.dtype.name, DTYPES)
    return waveform


def like(original: Any, features: NDArray[Any]) -> Any:
    """`features` as a tensor that shares their memory if `original` is one."""
    if is_tensor(original):
        return sys.modules["torch"].from_numpy(features)
    return features


def precision_of(samples: NDArray[Any]) -> str:
    return "double" if samples.dtype == np.float64 else "float"
