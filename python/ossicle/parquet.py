"""Features of many clips in a Parquet file, with pyarrow: the extra `ossicle[parquet]`.

A row is a clip: `key` (string), `frames` (int64), `values` (list of float32, or of float64 with
precision="double"), which are those of the array in C order, (bands, frames) or (frames, bands) as the
spec's layout says. The schema's metadata has the spec as JSON under `ossicle.spec`.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _core
from ._engine import Path
from ._errors import Error, ShapeError
from ._extras import load
from ._files import WholeFile, writing
from ._spec import FrontendSpec, SpecLike, spec_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["FeatureReader", "FeatureWriter", "read_features", "write_features"]

_SPEC_KEY = b"ossicle.spec"
_VERSION_KEY = b"ossicle.version"
_MOST_VALUES = 2**31 - 1  # of a row group: Arrow's lists count in int32


class FeatureWriter:
    """Writes clips to a Parquet file, which appears under its name when the `with` block ends, and not
    at all if it raises. Of all the clips, at most a row group is in memory.

    path             of the file
    frontend         what makes the features: a preset's name, a FrontendSpec, a mapping of its fields,
                     or a Frontend, whose precision decides between float32 and float64
    overwrite        replaces a file that is there
    row_group_bytes  of the values of a row group, at most; a clip that is larger is one of its own

    Raises OutputError for a file that is there or cannot be written, ImportError without pyarrow.
    """

    def __init__(
        self,
        path: Path,
        frontend: SpecLike | _core.Frontend,
        *,
        overwrite: bool = False,
        row_group_bytes: int = 16 << 20,
    ) -> None:
        self._arrow = load("pyarrow", "parquet")
        parquet = load("pyarrow.parquet", "parquet")
        double = isinstance(frontend, _core.Frontend) and frontend.precision == "double"
        self._dtype = np.dtype(np.float64 if double else np.float32)
        self._spec = spec_of(frontend)
        self._path = path
        self._buffer = np.empty(
            min(row_group_bytes // self._dtype.itemsize, _MOST_VALUES), self._dtype
        )
        self._clear()
        self._schema = self._make_schema()
        self._file = WholeFile(path, overwrite)
        try:
            with writing(path):
                self._writer = parquet.ParquetWriter(
                    self._file.temporary, self._schema, compression="zstd", use_dictionary=False
                )
        except BaseException:
            self._file.discard()
            raise

    def write(self, key: str, features: Any) -> None:
        """Adds a clip: an array as the front end gives it, of which nothing is kept.

        Raises ShapeError for one that the spec does not make, TypeError for another type, OutputError.
        """
        array = self._checked(key, features)
        first, end = self._ends[-1], self._ends[-1] + array.size
        if end > self._buffer.size:
            self._flush(self._buffer)
            first, end = 0, array.size
        self._keys.append(key)
        self._frames.append(array.shape[1 if self._spec.layout == "bands-first" else 0])
        self._ends.append(end)
        if end > self._buffer.size:
            self._flush(array.reshape(-1))
        else:
            self._buffer[first:end] = array.reshape(-1)

    def close(self) -> None:
        """Ends the file, which then has its name; the end of a `with` block does it. Raises
        OutputError."""
        if self._writer is None:
            return
        try:
            self._flush(self._buffer)
            with writing(self._path):
                self._writer.close()
            self._file.commit()
        finally:
            self.discard()

    def discard(self) -> None:
        """Leaves no file."""
        writer, self._writer = self._writer, None
        self._clear()
        self._file.discard()
        if writer is not None:
            with contextlib.suppress(OSError):
                writer.close()

    def __enter__(self) -> FeatureWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()

    def _clear(self) -> None:
        self._keys: list[str] = []
        self._frames: list[int] = []
        self._ends: list[int] = [0]

    def _make_schema(self) -> Any:
        arrow = self._arrow
        fields = [
            arrow.field("key", arrow.string(), nullable=False),
            arrow.field("frames", arrow.int64(), nullable=False),
            arrow.field("values", arrow.list_(arrow.from_numpy_dtype(self._dtype)), nullable=False),
        ]
        metadata = {_SPEC_KEY: self._spec.to_json(), _VERSION_KEY: _core.version()}
        return arrow.schema(fields, metadata)

    def _checked(self, key: str, features: Any) -> NDArray[Any]:
        if self._writer is None:
            raise ShapeError(f'"{os.fsdecode(self._path)}" is closed; open another FeatureWriter')
        if not isinstance(key, str):
            raise TypeError(f"the key is a {type(key).__name__}; give a str")
        array = np.asarray(features)
        if array.dtype != self._dtype:
            raise TypeError(
                f'the features of "{key}" are {array.dtype}, but the file has {self._dtype}; '
                "give the Frontend that makes them, whose precision decides"
            )
        bands_first = self._spec.layout == "bands-first"
        bands = self._spec.bands
        if array.ndim != 2 or array.shape[0 if bands_first else 1] != bands:
            order = f"({bands}, frames)" if bands_first else f"(frames, {bands})"
            raise ShapeError(
                f'the features of "{key}" have the shape {array.shape}, but the front end '
                f'"{self._spec.name}" gives {order}'
            )
        if array.size > _MOST_VALUES:
            raise ShapeError(
                f'the features of "{key}" are {array.size} values; a row has at most '
                f"{_MOST_VALUES}: cut the clip"
            )
        return array

    def _flush(self, values: NDArray[Any]) -> None:
        """Writes a row group of what was added, whose values these begin with."""
        if not self._keys:
            return
        arrow = self._arrow
        lists = arrow.ListArray.from_arrays(
            arrow.array(self._ends, arrow.int32()), arrow.array(values[: self._ends[-1]])
        )
        columns = [arrow.array(self._keys), arrow.array(self._frames), lists]
        table = arrow.Table.from_arrays(columns, schema=self._schema)
        with writing(self._path):
            self._writer.write_table(table, row_group_size=len(self._keys))
        self._clear()


class FeatureReader:
    """Clips of a file of FeatureWriter: iterate over it, as often as you like, for (key, features), of
    which a row group is in memory at a time. The arrays are views of it, read-only.
    """

    def __init__(self, path: Path) -> None:
        self._parquet = load("pyarrow.parquet", "parquet")
        self._path = os.fsdecode(path)
        with self._parquet.ParquetFile(self._path) as file:
            metadata = file.schema_arrow.metadata or {}
            self._clips = file.metadata.num_rows
        if _SPEC_KEY not in metadata:
            raise Error(
                f'"{self._path}" has no "{_SPEC_KEY.decode()}" in its metadata: it holds no features '
                "of ossicle.parquet.write_features()"
            )
        self._spec = FrontendSpec.from_json(metadata[_SPEC_KEY].decode())

    @property
    def spec(self) -> FrontendSpec:
        """What made the features."""
        return self._spec

    def __len__(self) -> int:
        """Clips."""
        return int(self._clips)

    def __iter__(self) -> Iterator[tuple[str, NDArray[Any]]]:
        with self._parquet.ParquetFile(self._path) as file:
            for group in range(file.num_row_groups):
                for batch in file.read_row_group(group).to_batches():
                    yield from self._rows(batch)

    def _rows(self, batch: Any) -> Iterator[tuple[str, NDArray[Any]]]:
        lists = batch.column("values")
        values = lists.values.to_numpy(zero_copy_only=True)
        offsets = lists.offsets.to_numpy(zero_copy_only=True)
        frames = batch.column("frames").to_pylist()
        for row, key in enumerate(batch.column("key").to_pylist()):
            flat = values[offsets[row] : offsets[row + 1]]
            if len(flat) != frames[row] * self._spec.bands:
                raise Error(
                    f'"{self._path}" is damaged: "{key}" has {len(flat)} values, but '
                    f"{frames[row]} frames of {self._spec.bands}"
                )
            shape = (frames[row], self._spec.bands)
            yield key, flat.reshape(shape[::-1] if self._spec.layout == "bands-first" else shape)


def write_features(
    path: Path,
    rows: Iterable[tuple[str, Any]],
    frontend: SpecLike | _core.Frontend,
    *,
    overwrite: bool = False,
) -> int:
    """Writes (key, features) of each clip, as they come; gives how many. Arguments and errors are those
    of FeatureWriter; an error of `rows` itself leaves no file."""
    clips = 0
    with FeatureWriter(path, frontend, overwrite=overwrite) as writer:
        for key, features in rows:
            writer.write(key, features)
            clips += 1
    return clips


def read_features(path: Path) -> FeatureReader:
    """Opens a file of write_features(), see FeatureReader. Raises FileNotFoundError, Error for a file
    without a spec, pyarrow's errors for what is no Parquet, ImportError without pyarrow."""
    return FeatureReader(path)
