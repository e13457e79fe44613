import os
import pathlib
import shutil
import subprocess
import sys

import pytest
import soundfile
from pages import ROOT
from workplace import Workplace

SPEECH_FOLDER = pathlib.Path("/usr/share/pocketsphinx/test/data/librivox")


def pytest_sessionstart():
    for name in ("OSSICLE", "OSSICLE_BUILD", "OSSICLE_PREFIX", "OSSICLE_ONNXRUNTIME", "OSSICLE_MODELS"):
        if not os.environ.get(name) or not pathlib.Path(os.environ[name]).exists():
            pytest.exit(f"{name}={os.environ.get(name, '')} must be the path of something that is there", 2)


@pytest.fixture(scope="session")
def materials(tmp_path_factory):
    """The files that the pages' examples name, made from real speech."""
    folder = tmp_path_factory.mktemp("materials")
    names = sorted(SPEECH_FOLDER.glob("*.wav"))
    assert len(names) == 5, f"{SPEECH_FOLDER}: apt-get install pocketsphinx-testdata"
    shutil.copy(next(name for name in names if "0880" in name.name), folder / "talk.wav")
    samples, rate_hz = soundfile.read(folder / "talk.wav", dtype="int16")
    (folder / "talk.s16").write_bytes(samples.astype("<i2").tobytes())
    for source, name in zip(names, ("a.flac", "b.mp3")):
        soundfile.write(folder / name, soundfile.read(source)[0], rate_hz)
    shutil.copy(pathlib.Path(os.environ["OSSICLE_MODELS"]) / "embedding_model.onnx", folder)
    subprocess.run([sys.executable, ROOT / "tests/models/make_wav2lip_encoder.py",
                    folder / "lipsync.onnx"], check=True)
    return folder


@pytest.fixture
def workplace(materials, tmp_path):
    """A folder with the materials, and the command on PATH."""
    workplace = Workplace(materials, tmp_path)
    yield workplace
    workplace.close()
