"""Live audio: frames and embeddings while the samples come."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Union

from . import _core
from ._engine import Embeddings, Engine
from ._spec import SpecLike

if TYPE_CHECKING:
    from numpy.typing import NDArray


_Self = TypeVar("_Self", bound="_Live")
_Result = TypeVar("_Result")


class StepStatistics(TypedDict, total=False):
    """The numbers of a step that looks at the whole signal, as `Stream.statistics` gives them."""

    peak: float
    mean: list[float]
    deviation: list[float]


Statistics = Union[str, Sequence[StepStatistics], None]
"""What a stream does where a step looks at the whole signal: "exact" holds all frames back until
finish(), "running" uses the frames until now, "segment:SECONDS" each segment, and a list of
StepStatistics is frozen."""


def _encoded(statistics: Statistics) -> str | bytes | None:
    if statistics is None or isinstance(statistics, str):
        return statistics
    if not isinstance(statistics, (list, tuple)):
        raise TypeError(
            f"statistics is {statistics!r}; give a mode, or a list with a dict for each step"
        )
    return json.dumps(statistics, default=_plain).encode()


def _plain(value: Any) -> object:
    """NumPy's numbers and arrays, which JSON does not know."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{value!r} of type {type(value).__name__} cannot be part of statistics")


class _Live:
    """What both kinds of stream have."""

    _stream: _core.Stream | _core.EmbeddingStream
    _chunks: Iterable[Any] | None

    def reset(self) -> None:
        """Forgets the signal; the next one begins."""
        self._stream.reset()

    def close(self) -> None:
        """Ends the stream: what is called after it raises ShapeError."""
        self._stream.close()

    @property
    def statistics(self) -> list[StepStatistics]:
        """What the steps that look at the whole signal have seen until now ("running", "exact"
        after finish()), or were given; may be frozen into another stream."""
        found: list[StepStatistics] = json.loads(self._stream.statistics_json())
        return found

    @property
    def lookahead_samples(self) -> int:
        """Samples of the input, from a frame's own time on, with which it comes out."""
        return self._stream.lookahead_samples

    def _results(
        self, push: Callable[[Any], _Result], finish: Callable[[], _Result]
    ) -> Iterator[_Result]:
        """What each of the chunks gives, and the end."""
        if self._chunks is None:
            raise TypeError("this stream has no chunks to iterate over; push() samples into it")
        self._chunks = iter(self._chunks)  # a second loop goes on where the first was left
        for chunk in self._chunks:
            yield push(chunk)
        yield finish()

    def __enter__(self: _Self) -> _Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Stream(_Live):
    """One live signal through a front end. Takes samples in pieces of any size and gives each frame
    as soon as it is known: the bits of Frontend() on the whole signal, for every cut into pieces.

    frontend        a preset's name, a FrontendSpec, a mapping of its fields, or a Frontend
    chunks          arrays of samples, as Frontend() takes them; iterating gives the frames of each,
                    and at last those that finish() gives
    sample_rate_hz  of the samples, 1..768000; left out: the front end's. Others are resampled.
    statistics      needed where a step looks at the whole signal, see Statistics
    precision       "float" or "double"; of a Frontend, its own

    Frames are (n, bands), whatever spec.layout is. One thread at a time: a second one gets
    BusyError. Raises SpecError for a rate or a mode out of range.
    """

    _stream: _core.Stream

    def __init__(
        self,
        frontend: SpecLike | _core.Frontend,
        chunks: Iterable[Any] | None = None,
        *,
        sample_rate_hz: int | None = None,
        statistics: Statistics = None,
        precision: str = "float",
    ) -> None:
        if not isinstance(frontend, _core.Frontend):
            frontend = _core.Frontend(frontend, precision=precision)
        self._frontend = frontend
        self._stream = _core.Stream(frontend, sample_rate_hz, _encoded(statistics))
        self._chunks = chunks

    @property
    def frontend(self) -> _core.Frontend:
        """The front end."""
        return self._frontend

    def push(self, samples: Any) -> NDArray[Any]:
        """Takes the next samples and gives the frames that they complete: (n, bands), n from 0.

        Raises NotFiniteError before anything is taken, ShapeError after finish() or close().
        """
        return self._stream.push(samples)

    def finish(self) -> NDArray[Any]:
        """The signal has ended: gives the frames that are left.

        Raises ShapeError if it had fewer samples than spec.min_samples.
        """
        return self._stream.finish()

    @property
    def samples(self) -> int:
        """Samples pushed until now."""
        return self._stream.samples

    @property
    def frames(self) -> int:
        """Frames given until now."""
        return self._stream.frames

    def __iter__(self) -> Iterator[NDArray[Any]]:
        return (frames for frames in self._results(self.push, self.finish) if len(frames))


class EmbeddingStream(_Live):
    """Live sound to embeddings: each is out as soon as its last frame is known, with the bits of
    Engine() on the whole signal. One thread at a time: a second one gets BusyError.

    engine          whose model runs; share it between streams
    chunks          as Stream's: iterating gives the Embeddings that each completes
    sample_rate_hz  of the samples; left out: the front end's
    statistics      as Stream's
    """

    _stream: _core.EmbeddingStream

    def __init__(
        self,
        engine: Engine,
        chunks: Iterable[Any] | None = None,
        *,
        sample_rate_hz: int | None = None,
        statistics: Statistics = None,
    ) -> None:
        if not isinstance(engine, Engine):
            raise TypeError(
                f"engine is {engine!r} ({type(engine).__name__}); give an ossicle.Engine, such as "
                'ossicle.Engine("packed.onnx")'
            )
        self._engine = engine
        self._stream = _core.EmbeddingStream(engine._engine, sample_rate_hz, _encoded(statistics))
        self._chunks = chunks

    @property
    def engine(self) -> Engine:
        """Whose model runs."""
        return self._engine

    def push(self, samples: Any) -> Embeddings:
        """Takes the next samples and gives the embeddings that they complete, with their times.

        Raises NotFiniteError before anything is taken, ShapeError after finish() or close().
        """
        return Embeddings(*self._stream.push(samples))

    def finish(self) -> Embeddings:
        """The signal has ended: what is left, by the model's tail rule. Raises ShapeError if there
        were too few frames for one window."""
        return Embeddings(*self._stream.finish())

    def __iter__(self) -> Iterator[Embeddings]:
        return (found for found in self._results(self.push, self.finish) if len(found.values))
