"""What the package's extras need, imported where it is used."""

import importlib
from typing import Any


def load(module: str, extra: str) -> Any:
    """The module; raises ImportError, with the cure, where it is not installed."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(
            f"{module} cannot be imported: {error}; pip install 'ossicle[{extra}]'"
        ) from error
