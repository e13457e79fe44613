"""Objects that pass for those of a class of transformers."""

from __future__ import annotations

import sys
from typing import Any, ClassVar


class Lookalike:
    """Passes isinstance(x, C) for the class C of transformers that it stands in for.

    isinstance asks for x.__class__, too. So C need not be a base class, and transformers may be
    imported before, afterwards, or never.
    """

    _originals: ClassVar[tuple[tuple[str, str], ...]] = ()  # module, class; the nearest first

    @property
    def __class__(self) -> Any:
        for module, name in type(self)._originals:
            original = getattr(sys.modules.get(module), name, None)
            if original is not None:
                return original
        return type(self)

    @__class__.setter
    def __class__(self, value: Any) -> None:
        raise TypeError("the class of this object cannot be changed")

    def __reduce__(self) -> tuple[Any, ...]:
        return _blank, (type(self),), self.__dict__


def originals(model: str, extractor: str) -> tuple[tuple[str, str], ...]:
    """The classes that a feature extractor stands in for."""
    return ((f"transformers.models.{model}.feature_extraction_{model}", extractor),
            ("transformers.feature_extraction_sequence_utils", "SequenceFeatureExtractor"))


def _blank(kind: type) -> Any:
    return object.__new__(kind)
