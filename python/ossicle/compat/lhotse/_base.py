"""lhotse's FeatureExtractor where lhotse is installed; else as much of it as computing needs."""

from __future__ import annotations

import contextlib
import dataclasses
from typing import TYPE_CHECKING, Any, TypeVar

_Type = TypeVar("_Type", bound="type[Any]")


class FeatureExtractor:
    """Holds a configuration, and converts it."""

    name: str
    config_type: type[Any]

    def __init__(self, config: Any | None = None) -> None:
        config = self.config_type() if config is None else config
        if not dataclasses.is_dataclass(config):
            raise AssertionError("The feature configuration object must be a dataclass.")
        self.config: Any = config

    def to_dict(self) -> dict[str, Any]:
        """The configuration, and the extractor's name as "feature_type"."""
        return {**self.config.to_dict(), "feature_type": self.name}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Any:
        """Of what to_dict() gives."""
        values = {key: value for key, value in data.items() if key != "feature_type"}
        return cls(cls.config_type.from_dict(values))


def register_extractor(extractor: _Type) -> _Type:
    """Without lhotse there is no register."""
    return extractor


if not TYPE_CHECKING:
    with contextlib.suppress(ImportError):
        from lhotse.features.base import FeatureExtractor, register_extractor
