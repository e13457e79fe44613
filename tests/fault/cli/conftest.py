import os
import pathlib
import wave

import numpy as np
import pytest
import soundfile

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
