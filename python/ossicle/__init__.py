"""Sound to the features that an audio model was trained with, and to its embeddings.

    mel = ossicle.Frontend("whisper-128")(samples)
    embeddings, times = ossicle.Engine("packed.onnx")("talk.flac")
"""

from typing import TYPE_CHECKING
from typing import Any as _Any

from ._audio import compare, deviations, extract, read_audio, resample
from ._core import (
    Deviation,
    ErrorBound,
    Frontend,
    Identification,
    ModelFile,
    ModelMetadata,
    ModelPort,
    OnnxRuntimeInfo,
    PresetInfo,
    PresetMatch,
    ResamplerInfo,
    ResamplerMatch,
    instruction_set,
    instruction_sets,
    presets,
    resamplers,
)
from ._core import version as _version
from ._engine import Embeddings, Encoder, EncoderOptions, Engine, inspect, load_onnxruntime, pack
from ._errors import (
    AudioError,
    BusyError,
    CancelledError,
    DeadlineError,
    Error,
    ModelError,
    NotFiniteError,
    OutputError,
    ShapeError,
    SpecError,
)
from ._spec import FrontendSpec, SpecLike, preset
from ._steps import Affine, Cepstrum, Clip, PeakFloor, Standardize, Step, SubtractMean
from ._stream import EmbeddingStream, Statistics, StepStatistics, Stream

if TYPE_CHECKING:
    from .plotting import plot, plot_difference

__version__ = _version()

__all__ = [
    "Affine",
    "AudioError",
    "BusyError",
    "CancelledError",
    "Cepstrum",
    "Clip",
    "DeadlineError",
    "Deviation",
    "EmbeddingStream",
    "Embeddings",
    "Encoder",
    "EncoderOptions",
    "Engine",
    "Error",
    "ErrorBound",
    "Frontend",
    "FrontendSpec",
    "Identification",
    "ModelError",
    "ModelFile",
    "ModelMetadata",
    "ModelPort",
    "NotFiniteError",
    "OnnxRuntimeInfo",
    "OutputError",
    "PeakFloor",
    "PresetInfo",
    "PresetMatch",
    "ResamplerInfo",
    "ResamplerMatch",
    "ShapeError",
    "SpecError",
    "SpecLike",
    "Standardize",
    "Statistics",
    "Step",
    "StepStatistics",
    "Stream",
    "SubtractMean",
    "compare",
    "deviations",
    "extract",
    "inspect",
    "instruction_set",
    "instruction_sets",
    "load_onnxruntime",
    "pack",
    "plot",
    "plot_difference",
    "preset",
    "presets",
    "read_audio",
    "resample",
    "resamplers",
]


def __getattr__(name: str) -> _Any:
    """What needs more than the engine is imported on its first use."""
    if name in ("plot", "plot_difference"):
        from . import plotting

        return getattr(plotting, name)
    raise AttributeError(f"module 'ossicle' has no attribute {name!r}")
