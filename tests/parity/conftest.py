import os
import pathlib
import subprocess
import sys

os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import pytest
import signals

MODEL_MAKER = pathlib.Path(__file__).parents[1] / "models" / "make_wav2lip_encoder.py"
NEEDED = {
    "OSSICLE": "the built command",
    "OSSICLE_ONNXRUNTIME": "ONNX Runtime's shared library",
    "OSSICLE_MODELS": "the folder with embedding_model.onnx and melspectrogram.onnx",
}


def pytest_configure(config):
    # The libraries say so of signals that are meant to be short or silent.
    for warning in ("n_fft=\\d+ is too large for input signal", "Empty filters detected",
                    "At least one mel filter has all zero values", "invalid value encountered",
                    "divide by zero", "Mean of empty slice", "Degrees of freedom"):
        config.addinivalue_line("filterwarnings", f"ignore:{warning}")


def pytest_sessionstart():
    for name, meaning in NEEDED.items():
        value = os.environ.get(name, "")
        if not value or not pathlib.Path(value).exists():
            pytest.exit(f"{name}={value} must be the path of {meaning}", 2)


@pytest.fixture(scope="session")
def speech():
    return signals.recordings()


@pytest.fixture(scope="session", params=["free-batch", "batch-1"])
def wav2lip_encoder(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "wav2lip_encoder.onnx"
    fixed = ["--batch", "1"] if request.param == "batch-1" else []
    subprocess.run([sys.executable, MODEL_MAKER, *fixed, path], check=True)
    return path
