"""Audio files, rates, and the front end of unknown features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from . import _core
from ._engine import Path
from ._spec import SpecLike

if TYPE_CHECKING:
    from numpy.typing import NDArray


def extract(
    path: Path,
    frontend: SpecLike | _core.Frontend,
    *,
    raw: str | None = None,
    channel: int | None = None,
    precision: Literal["float", "double"] = "float",
    workers: int = 1,
) -> NDArray[Any]:
    """The features of an audio file, decoded and resampled block by block.

    frontend  a preset's name, a FrontendSpec, a mapping of its fields, or a Frontend, which then has
              its own precision and workers
    raw       the file is raw PCM of this format: "s16le:16000:1"
    channel   from 0; left out: all, mixed down as the spec says
    Gives (bands, frames) or (frames, bands), as the spec's layout says. Raises AudioError, with the
    file's name, for one that cannot be read, is damaged or is cut off.
    """
    if not isinstance(frontend, _core.Frontend):
        frontend = _core.Frontend(frontend, precision=precision, workers=workers)
    return _core.extract(path, frontend, raw, channel)


def read_audio(
    path: Path,
    *,
    raw: str | None = None,
    channel: int | None = None,
    downmix: Literal["mean", "ffmpeg"] = "mean",
) -> tuple[NDArray[Any], int]:
    """An audio file's samples, mono float32 at full scale 1.0, and their rate in Hz. Raises as
    extract()."""
    return _core.read_audio(path, raw, channel, downmix)


def resample(
    samples: Any, from_hz: int, to_hz: int, *, resampler: str = "soxr-hq"
) -> NDArray[Any]:
    """One signal at another rate, float32, by one of resamplers(), with the same bits everywhere.

    Rates are 1..768000 Hz. Raises SpecError for an unknown resampler and for a rate or a ratio out of
    range, NotFiniteError.
    """
    return _core.resample(samples, from_hz, to_hz, resampler)


def compare(
    features: Any,
    *,
    audio: Any,
    sample_rate_hz: int = 16000,
    presets: str | Sequence[str] = (),
    most_evaluations: int = 2600,
) -> _core.Identification:
    """Finds the front end that made `features` of `audio`: the preset, and each choice that differs.

    features  (frames, bands) or (bands, frames), at least 8 frames
    audio     one signal, as Frontend() takes it: whole, from the first sample on
    presets   to start from, a name or several; none: all
    most_evaluations  when the search ends, 100..1000000
    Gives an Identification: `best` is the spec, `certainty` says how sure; of another audio's
    features it is "none". Raises ShapeError for features that are no matrix, for fewer than 8 frames
    or more than 1024 bands, and for so few frames that they lie half a second apart or more;
    NotFiniteError; SpecError for an unknown preset or a number out of range.
    """
    names = [presets] if isinstance(presets, str) else presets
    return _core.compare(features, audio, sample_rate_hz, names, most_evaluations)


def deviations(found: SpecLike, wanted: SpecLike) -> list[_core.Deviation]:
    """How `found` differs from `wanted`, in the order of the fields; names do not count."""
    return _core.deviations(found, wanted)
