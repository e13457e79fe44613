import os
import pathlib
import wave

import numpy as np
import onnx
import pytest
import soundfile
from onnx import TensorProto, helper

SPEECH = pathlib.Path("/usr/share/pocketsphinx/test/data/librivox")
RATE_HZ = 16000


@pytest.fixture(scope="session")
def recordings():
    """Paths of real speech, 16 kHz mono."""
    paths = sorted(SPEECH.glob("*.wav"))
    assert paths, f"no speech in {SPEECH}: install pocketsphinx-testdata (make deps)"
    return paths


@pytest.fixture(scope="session")
def speech(recordings):
    return recordings[0]


@pytest.fixture(scope="session")
def model():
    path = pathlib.Path(os.environ["OSSICLE_MODELS"]) / "embedding_model.onnx"
    assert path.exists(), f"no {path}: fetch it with scripts/fetch.py"
    return path


@pytest.fixture
def out(tmp_path):
    """A name for an output, in a folder where nothing but it may appear."""
    folder = tmp_path / "out"
    folder.mkdir()
    yield folder / "talk.npy"
    left = [path.name for path in folder.rglob(".*")]
    assert left == [], "temporaries were left behind"


@pytest.fixture
def raw_speech(speech):
    """Its samples as s16le bytes."""
    with wave.open(str(speech)) as file:
        return file.readframes(file.getnframes())


@pytest.fixture
def make_wav(tmp_path):
    """make_wav(name, samples, subtype): a WAV (or by its name a FLAC) file."""

    def make(name, samples, subtype="PCM_16", rate_hz=RATE_HZ):
        path = tmp_path / name
        soundfile.write(path, np.asarray(samples), rate_hz, subtype=subtype)
        return path

    return make


def save_model(path, *nodes):
    """A model of windows of 10 x 80, each node of which takes what the last one gave."""
    names = ["x", *(f"after_{i}" for i in range(len(nodes) - 1)), "y"]
    made = [helper.make_node(kind, [*names[i:i + 1], *more], [names[i + 1]], **attributes)
            for i, (kind, more, attributes) in enumerate(nodes)]
    ports = [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 10, 80]),
             helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", 1])]
    shape = helper.make_tensor("shape", TensorProto.INT64, [2], [-1, 1])
    graph = helper.make_graph(made, path.stem, ports[:1], ports[1:], [shape])
    onnx.save(helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)]),
              path)
    return path


MEAN = ("ReduceMean", [], {"axes": [1, 2], "keepdims": 0})
COLUMN = ("Reshape", ["shape"], {})


@pytest.fixture
def mean_model(tmp_path):
    """Gives the mean of each window of 10 x 80."""
    return save_model(tmp_path / "mean.onnx", MEAN, COLUMN)


@pytest.fixture
def log_model(tmp_path):
    """Gives the logarithm of the mean: NaN where that is negative."""
    return save_model(tmp_path / "logarithm.onnx", MEAN, ("Log", [], {}), COLUMN)
