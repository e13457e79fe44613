"""ONNX models: windows to embeddings, and sound to embeddings."""

from __future__ import annotations

import glob
import importlib.util
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypedDict, Union

from . import _core
from ._spec import FrontendSpec, SpecLike

if TYPE_CHECKING:
    from numpy.typing import NDArray

Path = Union[str, "os.PathLike[str]"]


class Embeddings(NamedTuple):
    """Embeddings and when they were: unpack it, or take its parts by name."""

    values: NDArray[Any]
    times: NDArray[Any]


Embeddings.values.__doc__ = "(windows, dims) float32."
Embeddings.times.__doc__ = "(windows, 2) float64: when each window begins and ends, in seconds."


class EncoderOptions(TypedDict, total=False):
    """How a model is run; what is left out keeps its default."""

    workers: int
    """Runs at the same time, one thread each, 1..256; 0 (the default): one on each core."""
    max_batch: int
    """Windows of one run, 1..1024; 16."""
    batch_invariant: bool
    """Every run has max_batch windows: for models whose values depend on their number."""
    sessions: int
    """Copies of the model, 1..16; 1."""
    providers: Sequence[str]
    """In order of preference: ["cpu"], or others that the ONNX Runtime offers."""
    graph_optimization: Literal["none", "basic", "extended", "all"]
    cache_folder: str
    """Where the optimised model is kept; "" (the default): nowhere."""


def load_onnxruntime(path: Path | None = None) -> _core.OnnxRuntimeInfo:
    """Finds and opens ONNX Runtime 1.20 or newer, once in a process: the first that was opened stays.

    path  of libonnxruntime.so; left out: $OSSICLE_ONNXRUNTIME, or the installed `onnxruntime`
          package, which is not imported, or the loader's own path
    Raises ModelError, which lists what was tried and how to install it.
    """
    if path is None and not os.environ.get("OSSICLE_ONNXRUNTIME"):
        path = installed_onnxruntime()
    return _core.load_onnxruntime("" if path is None else path)


def installed_onnxruntime() -> str | None:
    """The library of the `onnxruntime` package of this Python, also of its variants."""
    spec = importlib.util.find_spec("onnxruntime")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for pattern in ("libonnxruntime.so*", "libonnxruntime*.dylib"):
            found = sorted(glob.glob(os.path.join(glob.escape(folder), "capi", pattern)))
            if found:
                return found[-1]
    return None


class Encoder:
    """An ONNX model that takes windows of features and gives one embedding for each. Share it between
    threads; it pickles as its path and options, and opens the model anew after a fork.

    Raises ModelError: no ONNX Runtime, no such file, not ONNX, several inputs; SpecError for options
    out of range.
    """

    def __init__(self, path: Path, options: EncoderOptions | None = None) -> None:
        load_onnxruntime()
        self._encoder = _core.Encoder(path, dict(options or {}))
        self._arguments = (self.path, dict(options or {}))

    def __call__(
        self,
        windows: Any,
        *,
        layout: Literal["frames-first", "bands-first"] = "frames-first",
    ) -> NDArray[Any]:
        """Embeddings (n, dims) float32 of windows (n, frames, bands), or (n, bands, frames) with
        layout="bands-first". float32 in C order is not copied.

        Raises TypeError for what is no array of numbers, ShapeError for another number of dimensions,
        ModelError if the model takes no such windows.
        """
        return self._encoder.encode(windows, layout)

    @property
    def path(self) -> str:
        """Of the model."""
        return self._encoder.path

    @property
    def input_shape(self) -> list[int]:
        """As the model declares it; -1 where a dimension is free."""
        return self._encoder.input_shape

    @property
    def embedding_size(self) -> int:
        """Values in an embedding; 0 until the first call if the model leaves it open."""
        return self._encoder.embedding_size

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), self._arguments)

    def __repr__(self) -> str:
        return f"Encoder({self._arguments[0]!r}, {self._arguments[1]!r})"


class Engine:
    """A model and all that turns sound into its embeddings. Share it between threads; it pickles as its
    arguments, and opens the model anew after a fork.

    path       an ONNX file; one that was packed (pack()) needs nothing else
    frontend   in place of the model's own: a preset's name, a FrontendSpec, a mapping of its fields
    windows    "LENGTH:STEP" or "LENGTH:STEP:FIRST" in frames; STEP may be a fraction, "16:80/25"
    tail       "drop", "align" or "pad": what happens where the frames end before the last window
    resampler  in place of the front end's
    downmix    "mean" or "ffmpeg", in place of the front end's
    options    how the model is run, see EncoderOptions

    Raises ModelError if the model cannot be used or does not fit, SpecError for a rule out of range or
    if neither the model nor the caller says front end and windows.
    """

    def __init__(
        self,
        path: Path,
        *,
        frontend: SpecLike | None = None,
        windows: str | None = None,
        tail: Literal["drop", "align", "pad"] | None = None,
        resampler: str | None = None,
        downmix: Literal["mean", "ffmpeg"] | None = None,
        options: EncoderOptions | None = None,
    ) -> None:
        load_onnxruntime()
        self._arguments = {
            "frontend": frontend,
            "windows": windows,
            "tail": tail,
            "resampler": resampler,
            "downmix": downmix,
            "options": dict(options or {}),
        }
        self._engine = _core.Engine(
            path, frontend, windows, tail, resampler, downmix, dict(options or {})
        )

    def __call__(
        self,
        audio: Any,
        *,
        sample_rate_hz: int | None = None,
        raw: str | None = None,
        channel: int | None = None,
    ) -> Embeddings:
        """Embeddings of a file (a str or a path) or of samples (as Frontend() takes them, one signal).

        sample_rate_hz  of samples; left out: the front end's. A file knows its own.
        raw             the file is raw PCM of this format: "s16le:16000:1"
        channel         of a file, from 0; left out: all, mixed down
        Raises AudioError, with the file's name, for one that cannot be read, NotFiniteError, and
        ShapeError where there are too few frames for one window.
        """
        if isinstance(audio, (str, os.PathLike)):
            if sample_rate_hz is not None:
                raise TypeError("sample_rate_hz goes with samples; a file says its own rate")
            return Embeddings(*self._engine.encode_file(audio, raw, channel))
        if raw is not None or channel is not None:
            raise TypeError("raw and channel go with a file; mix samples down yourself")
        return Embeddings(*self._engine.encode_samples(audio, sample_rate_hz))

    @property
    def path(self) -> str:
        """Of the model."""
        return self._engine.path

    @property
    def spec(self) -> FrontendSpec:
        """Of the front end."""
        spec: FrontendSpec = self._engine.spec
        return spec

    @property
    def windows(self) -> str:
        """"LENGTH:STEP" or "LENGTH:STEP:FIRST"."""
        return self._engine.windows

    @property
    def tail(self) -> str:
        """"drop", "align" or "pad"."""
        return self._engine.tail

    @property
    def is_packed(self) -> bool:
        """Whether what was not chosen came from the model's own metadata."""
        return self._engine.is_packed

    @property
    def embedding_size(self) -> int:
        """Values in an embedding; 0 until the first call if the model leaves it open."""
        return self._engine.embedding_size

    def __reduce__(self) -> tuple[Any, ...]:
        return (_remake_engine, (self.path, self._arguments))

    def __repr__(self) -> str:
        chosen = "".join(f", {k}={v!r}" for k, v in self._arguments.items() if v)
        return f"Engine({self.path!r}{chosen})"


def _remake_engine(path: str, arguments: dict[str, Any]) -> Engine:
    return Engine(path, **arguments)


def pack(
    path: Path,
    output: Path,
    *,
    frontend: SpecLike,
    windows: str,
    tail: Literal["drop", "align", "pad"] = "drop",
    overwrite: bool = False,
) -> _core.ModelMetadata:
    """Copies the model at `path` to `output` with its front end and windows in its metadata: an
    ordinary ONNX file, which Engine() opens without further arguments. Whole or not at all.

    Raises ModelError if the model takes no such windows, SpecError, and OutputError where `output`
    exists (unless `overwrite`) or cannot be written.
    """
    return _core.pack(path, frontend, windows, output, tail, overwrite)


def inspect(path: Path) -> _core.ModelFile:
    """What an ONNX file says of itself; no runtime is needed. Raises ModelError."""
    return _core.inspect(path)
