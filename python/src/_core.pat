_core.__prefix__:
    from os import PathLike
    from typing import Any, overload

    from numpy.typing import NDArray

    from ._spec import FrontendSpec, SpecLike

_core.Frontend.__init__:
    def __init__(self, spec: SpecLike, *, precision: str = "float", workers: int = 1) -> None:
        \doc

_core.Frontend.__call__:
    @overload
    def __call__(
        self,
        samples: list[Any] | tuple[Any, ...],
        *,
        sample_rate_hz: int | None = None,
        axis: int | None = None,
    ) -> list[NDArray[Any]]:
        \doc
    @overload
    def __call__(
        self,
        samples: Any,
        *,
        sample_rate_hz: int | None = None,
        axis: int | None = None,
        out: NDArray[Any] | None = None,
    ) -> NDArray[Any]: ...

_core.(Frontend|Engine|ModelMetadata).spec:
    @property
    def spec(self) -> FrontendSpec:
        \doc

_core.Identification.best:
    @property
    def best(self) -> FrontendSpec:
        \doc

_core.Stream.__init__:
    def __init__(self, frontend: Frontend, sample_rate_hz: int | None, statistics: str | bytes | None) -> None: ...

_core.Stream.push:
    def push(self, samples: Any) -> NDArray[Any]: ...

_core.Stream.finish:
    def finish(self) -> NDArray[Any]: ...

_core.EmbeddingStream.__init__:
    def __init__(self, engine: Engine, sample_rate_hz: int | None, statistics: str | bytes | None) -> None: ...

_core.EmbeddingStream.push:
    def push(self, samples: Any) -> tuple[NDArray[Any], NDArray[Any]]: ...

_core.EmbeddingStream.finish:
    def finish(self) -> tuple[NDArray[Any], NDArray[Any]]: ...

_core.Encoder.__init__:
    def __init__(self, path: str | PathLike[str], options: dict[str, Any]) -> None: ...

_core.Encoder.encode:
    def encode(self, windows: Any, layout: str) -> NDArray[Any]: ...

_core.(Encoder|Engine|ModelFile|OnnxRuntimeInfo).path:
    @property
    def path(self) -> str: ...

_core.load_onnxruntime:
    def load_onnxruntime(path: str | PathLike[str]) -> OnnxRuntimeInfo: ...

_core.Frontend.__(get|set)state__:

_core.Engine.__init__:
    def __init__(
        self,
        path: str | PathLike[str],
        frontend: object | None,
        windows: str | None,
        tail: str | None,
        resampler: str | None,
        downmix: str | None,
        options: dict[str, Any],
    ) -> None: ...

_core.Engine.encode_file:
    def encode_file(
        self, path: str | PathLike[str], raw: str | None, channel: int | None
    ) -> tuple[NDArray[Any], NDArray[Any]]: ...

_core.Engine.encode_samples:
    def encode_samples(
        self, samples: Any, sample_rate_hz: int | None
    ) -> tuple[NDArray[Any], NDArray[Any]]: ...

_core.(extract|resample)$:
    def \1(*arguments: Any) -> NDArray[Any]: ...

_core.read_audio:
    def read_audio(
        path: str | PathLike[str], raw: str | None, channel: int | None, downmix: str
    ) -> tuple[NDArray[Any], int]: ...
