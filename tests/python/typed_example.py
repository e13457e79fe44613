"""What a user writes, for the type checker: test_package.py has mypy read it, strictly."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

import ossicle


def features(samples: NDArray[np.float32]) -> NDArray[Any]:
    frontend = ossicle.Frontend("whisper-128", precision="double", workers=2)
    out = np.empty((frontend.bands, frontend.frames(len(samples))))
    return frontend(samples, sample_rate_hz=16000, out=out)


def features_of_clips(clips: list[NDArray[np.float32]]) -> list[int]:
    frontend = ossicle.Frontend({"mel_bands": 40, "steps": [{"step": "clip"}]})
    return [each.shape[0] for each in frontend(clips)]


def wider(spec: ossicle.FrontendSpec) -> ossicle.FrontendSpec:
    steps: tuple[ossicle.Step, ...] = (*spec.steps, ossicle.Clip(low=-1.0))
    assert spec.layout == "bands-first" or spec.layout == "frames-first"
    return ossicle.FrontendSpec(mel_bands=spec.mel_bands * 2, window="hann", steps=steps)


def embeddings(model: pathlib.Path, talk: pathlib.Path) -> tuple[NDArray[Any], float]:
    options: ossicle.EncoderOptions = {"workers": 2, "providers": ["cpu"]}
    engine = ossicle.Engine(model, frontend="wav2lip", windows="16:80/25", tail="align",
                            options=options)
    values, times = engine(talk, channel=0)
    return values, float(times[-1, 1])


def live(chunks: Iterator[NDArray[np.int16]]) -> Iterator[NDArray[Any]]:
    with ossicle.Stream("whisper-80", chunks, statistics="running") as stream:
        yield from stream
        peaks: list[float] = [step["peak"] for step in stream.statistics]
        print(peaks, stream.lookahead_samples)


def live_embeddings(engine: ossicle.Engine) -> Iterator[ossicle.Embeddings]:
    stream = ossicle.EmbeddingStream(engine, statistics=[{"peak": 1.0}])
    yield stream.push(np.zeros(160, np.float32))
    yield stream.finish()


def found(features: NDArray[Any], talk: pathlib.Path) -> str:
    samples, rate_hz = ossicle.read_audio(talk, downmix="mean")
    result = ossicle.compare(features, audio=samples, sample_rate_hz=rate_hz)
    lines = [f"{each.field}: {each.found} for {each.wanted}" for each in result.deviations]
    return "\n".join([result.nearest_preset, result.certainty, repr(result.best), *lines])


def packed(model: pathlib.Path) -> str:
    try:
        ossicle.pack(model, "packed.onnx", frontend=ossicle.preset("wav2lip"), windows="16:80/25")
    except (ossicle.ModelError, ossicle.OutputError) as error:
        return str(error)
    metadata = ossicle.inspect("packed.onnx").metadata
    return metadata.windows if metadata else ossicle.load_onnxruntime().version


def mistakes(samples: NDArray[np.float32]) -> None:
    """Each is seen: strictly, a comment that ignores nothing is an error."""
    ossicle.FrontendSpec(layout="sideways")  # type: ignore[arg-type]
    ossicle.FrontendSpec(mel_bands="80")  # type: ignore[arg-type]
    ossicle.FrontendSpec(steps=(5,))  # type: ignore[arg-type]
    ossicle.Frontend(5)  # type: ignore[arg-type]
    ossicle.Frontend("wav2lip")(samples, rate=5)  # type: ignore[call-overload]
    ossicle.Engine("packed.onnx", tail="cut")  # type: ignore[arg-type]
    ossicle.Encoder("packed.onnx", {"worker": 2})  # type: ignore[arg-type]
    ossicle.Stream("wav2lip").finish(samples)  # type: ignore[call-arg]
    ossicle.preset("wav2lip").mel_bands = 5  # type: ignore[misc]
