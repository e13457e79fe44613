"""Names that no file can have are refused as those of files that are not there; what is no name at
all is a TypeError that says what to give."""

import os

import numpy as np
import pytest
from demo import BOTH

import ossicle

NAMES = {"a NUL": ("{}/a\0b", r"'.*a\\x00b' holds a NUL"),
         "half a surrogate pair": ("{}/\ud800", r"'.*\\ud800' is not Unicode")}
MATRIX = np.zeros((80, 100), np.float32)


def written(path):
    parquet = pytest.importorskip("ossicle.parquet")
    pytest.importorskip("pyarrow")
    parquet.write_features(path, [], "whisper-80")


def plotted(path):
    pytest.importorskip("matplotlib")
    ossicle.plot(MATRIX, "whisper-80", path=f"{path}.png")


CALLS = {
    "extract": (ossicle.AudioError, lambda path, model: ossicle.extract(path, "wav2lip")),
    "read_audio": (ossicle.AudioError, lambda path, model: ossicle.read_audio(path)),
    "inspect": (ossicle.ModelError, lambda path, model: ossicle.inspect(path)),
    "Encoder": (ossicle.ModelError, lambda path, model: ossicle.Encoder(path)),
    "Engine": (ossicle.ModelError, lambda path, model: ossicle.Engine(path, **BOTH)),
    "load_onnxruntime": (ossicle.ModelError, lambda path, model: ossicle.load_onnxruntime(path)),
    "cache_folder": (ossicle.SpecError,
                     lambda path, model: ossicle.Encoder(model, {"cache_folder": path})),
    "pack": (ossicle.ModelError, lambda path, model: ossicle.pack(path, "never", **BOTH)),
    "pack's output": (ossicle.OutputError, lambda path, model: ossicle.pack(model, path, **BOTH)),
}
WRITERS = {
    "write_features": (ossicle.OutputError, lambda path, model: written(path)),
    "plot": (ossicle.OutputError, lambda path, model: plotted(path)),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("call", [*CALLS, *WRITERS])
def test_a_name_that_no_file_can_have_is_an_error_of_ossicle(call, name, tmp_path, model):
    kind, run = {**CALLS, **WRITERS}[call]
    path, words = NAMES[name]
    if call == "plot":
        words = words.replace("' ", r"\.png' ")
    with pytest.raises(kind, match=f"the path {words}; give the name of a file") as caught:
        run(path.format(tmp_path), model)
    assert type(caught.value) is kind
    assert list(tmp_path.iterdir()) == []


def test_an_engine_takes_a_file_of_such_a_name_for_audio(engine):
    with pytest.raises(ossicle.AudioError, match="holds a NUL"):
        engine("talk.wav\0")


@pytest.mark.parametrize("wrong", [None, 5, 0.5, ["talk.wav"]], ids=str)
@pytest.mark.parametrize("call", CALLS)
def test_what_is_no_path_is_a_type_error_with_a_cure(call, wrong, model):
    if call == "load_onnxruntime" and wrong is None:
        pytest.skip("None is the default")
    with pytest.raises(TypeError) as caught:
        CALLS[call][1](wrong, model)
    text = f"the path {wrong!r} is a {type(wrong).__name__}; give a str, bytes or an os.PathLike"
    assert str(caught.value) == text


def test_paths_may_be_bytes(wav, model):
    name = os.fsencode(model)
    assert ossicle.Engine(name, **BOTH).path == os.fspath(model)
    encoder = ossicle.Encoder(name)
    assert encoder.path == os.fspath(model)
    assert repr(encoder) == f"Encoder({os.fspath(model)!r}, {{}})"
    assert np.array_equal(ossicle.extract(os.fsencode(wav), "wav2lip"),
                          ossicle.extract(wav, "wav2lip"))


def test_an_error_of_a_path_of_ones_own_is_passed_on():
    class Path:
        def __fspath__(self):
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        ossicle.extract(Path(), "wav2lip")
