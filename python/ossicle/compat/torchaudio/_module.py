"""What the transforms have in common."""

import functools
import sys
from typing import Any, TypeVar

Made = TypeVar("Made", bound="Transform")


class Transform:
    """A call with settings. Where PyTorch has been imported when one is made, it is a
    torch.nn.Module, too."""

    def __new__(cls: type[Made], *args: Any, **kwargs: Any) -> Made:
        torch: Any = sys.modules.get("torch")
        kind: Any = cls
        if torch is not None and not issubclass(kind, torch.nn.Module):
            kind = _as_module(kind, torch.nn.Module)
        made: Made = object.__new__(kind)
        return made

    def __init__(self) -> None:
        super().__init__()  # nn.Module's, if it is one

    def __reduce__(self) -> tuple[Any, ...]:
        kind = next(each for each in type(self).__mro__ if "_is_made" not in each.__dict__)
        return _blank, (kind,), self.__dict__

    def forward(self, waveform: Any) -> Any:
        raise NotImplementedError

    def __call__(self, waveform: Any) -> Any:
        return self.forward(waveform)


def _blank(kind: type[Transform]) -> Transform:
    made = kind.__new__(kind)
    Transform.__init__(made)
    return made


@functools.cache
def _as_module(kind: type, module: Any) -> type:
    return type(kind.__name__, (kind, module), {
        "_is_made": True, "__call__": module.__call__, "__module__": kind.__module__})
