"""Features and embeddings in `ray.data.Dataset.map_batches`: the extra `ossicle[ray]`.

    clips.map_batches(ossicle.ray.Features("whisper-80", rate_column="sample_rate_hz"))

Batches are dicts of arrays (batch_format="numpy", which is the default). This module imports no Ray:
both classes are callables that work on any such batch, and pickle as their arguments.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _core
from ._audio import extract
from ._engine import Engine, Path
from ._errors import ShapeError
from ._spec import SpecLike

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Embeddings", "Features"]


class Features:
    """Adds the features of each row's audio to a batch.

    frontend       a preset's name, a FrontendSpec, a mapping of its fields, or a Frontend
    audio_column   of samples, as Frontend() takes them, or of paths of audio files
    rate_column    of the samples' rates in Hz; left out: all have the front end's
    output_column  of the features, one array a row

    Raises what Frontend() and extract() raise, KeyError for a column that is not there.
    """

    def __init__(
        self,
        frontend: SpecLike | _core.Frontend,
        *,
        audio_column: str = "samples",
        rate_column: str | None = None,
        output_column: str = "features",
    ) -> None:
        if not isinstance(frontend, _core.Frontend):
            frontend = _core.Frontend(frontend)
        self._frontend = frontend
        self._audio_column = audio_column
        self._rate_column = rate_column
        self._output_column = output_column

    def __call__(self, batch: Mapping[str, Any]) -> dict[str, Any]:
        """The batch with a column more; the others are passed on as they are."""
        rows = _rows(batch, self._audio_column, self._rate_column)
        features = [self._features(audio, rate_hz) for audio, rate_hz in rows]
        return {**batch, self._output_column: _column(features)}

    def _features(self, audio: Any, rate_hz: int | None) -> NDArray[Any]:
        if isinstance(audio, str):
            return extract(_path(audio, rate_hz), self._frontend)
        features: NDArray[Any] = self._frontend(audio, sample_rate_hz=rate_hz)
        return features


class Embeddings:
    """Adds the embeddings of each row's audio to a batch, and when they were.

    model          an Engine, or the path of a packed model (ossicle.pack())
    audio_column   of samples of one signal, or of paths of audio files
    rate_column    of the samples' rates in Hz; left out: all have the front end's
    output_column  of the embeddings, (windows, dims) float32 a row
    times_column   of the windows' beginnings and ends in seconds, (windows, 2); None: no such column

    Raises what Engine() raises, KeyError for a column that is not there.
    """

    def __init__(
        self,
        model: Engine | Path,
        *,
        audio_column: str = "samples",
        rate_column: str | None = None,
        output_column: str = "embeddings",
        times_column: str | None = "times",
    ) -> None:
        self._engine = model if isinstance(model, Engine) else Engine(model)
        self._audio_column = audio_column
        self._rate_column = rate_column
        self._output_column = output_column
        self._times_column = times_column

    def __call__(self, batch: Mapping[str, Any]) -> dict[str, Any]:
        """The batch with the columns; the others are passed on as they are."""
        rows = _rows(batch, self._audio_column, self._rate_column)
        found = [
            self._engine(_path(audio, rate_hz))
            if isinstance(audio, str)
            else self._engine(audio, sample_rate_hz=rate_hz)
            for audio, rate_hz in rows
        ]
        columns = {self._output_column: _column([each.values for each in found])}
        if self._times_column is not None:
            columns[self._times_column] = _column([each.times for each in found])
        return {**batch, **columns}


def _path(audio: str, rate_hz: int | None) -> str:
    if rate_hz is not None:
        raise TypeError("rate_column goes with samples; a file says its own rate")
    return audio


def _rows(
    batch: Mapping[str, Any], audio_column: str, rate_column: str | None
) -> list[tuple[Any, int | None]]:
    """The audio of each row and its rate."""
    audio = _column_of(batch, audio_column)
    if rate_column is None:
        return [(each, None) for each in audio]
    rates = _column_of(batch, rate_column)
    if len(rates) != len(audio):
        raise ShapeError(
            f'"{audio_column}" has {len(audio)} rows, but "{rate_column}" {len(rates)}'
        )
    return [(each, int(rate_hz)) for each, rate_hz in zip(audio, rates, strict=True)]


def _column_of(batch: Mapping[str, Any], name: str) -> Any:
    if not isinstance(batch, Mapping):
        raise TypeError(
            f"the batch is a {type(batch).__name__}; give a dict of arrays: "
            'map_batches(..., batch_format="numpy")'
        )
    if name not in batch:
        raise KeyError(f"the batch has no column {name!r}; it has {', '.join(map(repr, batch))}")
    return batch[name]


def _column(arrays: list[NDArray[Any]]) -> NDArray[Any]:
    """One array a row, whatever their shapes."""
    column = np.empty(len(arrays), object)
    for row, array in enumerate(arrays):
        column[row] = array
    return column
