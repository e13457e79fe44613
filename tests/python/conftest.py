import os
import pathlib
import sys

import numpy as np
import pytest

sys.path.append(str(pathlib.Path(__file__).parents[1] / "parity"))  # its command and its signals

import signals
from demo import BOTH

import ossicle


def pytest_sessionstart():
    for name in ("OSSICLE", "OSSICLE_ONNXRUNTIME", "OSSICLE_MODELS"):
        if not os.environ.get(name) or not pathlib.Path(os.environ[name]).exists():
            value = os.environ.get(name, "")
            pytest.exit(f"{name}={value} must be the path of something that is there", 2)


@pytest.fixture(scope="session")
def speech():
    """Two seconds, mono float32 at 16 kHz, on the grid of 16 bits."""
    samples = signals.short_speech(16000)["speech"].copy()
    samples.flags.writeable = False
    return samples


@pytest.fixture(scope="session")
def minutes(speech):
    """Samples that take a while."""
    return np.tile(speech, 200)


@pytest.fixture(scope="session")
def wav(speech, tmp_path_factory):
    """A file of `speech`."""
    path = tmp_path_factory.mktemp("audio") / "speech.wav"
    signals.written(path, speech)
    return path


@pytest.fixture(scope="session")
def model():
    """The demo model: windows of 76 frames x 32 bands to 96 values."""
    return pathlib.Path(os.environ["OSSICLE_MODELS"]) / "embedding_model.onnx"


@pytest.fixture(scope="session")
def engine(model):
    return ossicle.Engine(model, **BOTH)


@pytest.fixture(scope="session")
def fbank():
    return ossicle.Frontend("kaldi-fbank-80")
