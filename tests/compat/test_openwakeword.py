"""ossicle.compat.openwakeword beside what openWakeWord itself answered:
goldens/openwakeword.npz."""

import importlib.util
import pathlib
import shutil
import sys

import calls
import numpy as np
import openwakeword_calls
import ossicle
import pytest
from ossicle.compat.openwakeword import AudioFeatures

GOLDENS = np.load(pathlib.Path(__file__).parent / "goldens" / "openwakeword.npz")
CALLS = openwakeword_calls.calls()
# ONNX Runtime computes the original's spectrogram in float32, too: of decibels / 10, up to 11. Of
# the embeddings that follow, up to 70.
SPECTROGRAM, EMBEDDING = 2e-5, 1e-3
# ONNX Runtime has exceptions of its own.
REPLACED = {"raises Exception": "raises ValueError"}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_gives_what_openwakeword_gives(name):
    spectrogram = name.startswith("spectrogram") or name == "stream spectrogram"
    tolerance = SPECTROGRAM if spectrogram else EMBEDDING
    if name == "spectrogram transform":  # which gives 2 * decibels
        tolerance *= 20
    calls.assert_as_stored(GOLDENS, name, CALLS[name], AudioFeatures, replaced=REPLACED,
                           tolerance=tolerance)


def test_no_golden_is_left_over():
    assert {key.rpartition("/")[0] for key in GOLDENS.files} - {""} == set(CALLS)
    assert str(GOLDENS["version"]) == "0.6.0"


def test_the_spectrogram_is_that_of_the_preset():
    samples = openwakeword_calls.speech()
    found = openwakeword_calls.made(AudioFeatures)._get_melspectrogram(samples)
    np.testing.assert_array_equal(found, ossicle.Frontend("openwakeword")(samples) / 10 + 2)


def test_features_do_not_depend_on_how_chunks_are_cut():
    samples = openwakeword_calls.speech(1280 * 8)
    whole, cut = (openwakeword_calls.made(AudioFeatures) for _ in range(2))
    for piece in np.split(samples, 8):
        whole(piece)
    for start in range(0, len(samples), 640):
        cut(samples[start:start + 640])
    np.testing.assert_array_equal(cut.feature_buffer, whole.feature_buffer)
    np.testing.assert_array_equal(cut.melspectrogram_buffer, whole.melspectrogram_buffer)


@pytest.mark.parametrize("arguments, named", [
    ({"inference_framework": "tflite"}, "inference_framework='tflite'"),
    ({"melspec_model_path": openwakeword_calls.model("embedding_model.onnx")},
     "melspec_model_path="),
])
def test_arguments_that_are_not_served_are_named(arguments, named):
    with pytest.raises(NotImplementedError) as raised:
        openwakeword_calls.made(AudioFeatures, **arguments)
    assert named in str(raised.value)


@pytest.mark.parametrize("arguments, named", [
    ({"window_size": 75}, "window_size=75"), ({"step_size": 4}, "step_size=4")])
def test_windows_that_are_not_served_are_named(arguments, named):
    features = openwakeword_calls.made(AudioFeatures)
    with pytest.raises(NotImplementedError) as raised:
        features._get_embeddings(openwakeword_calls.speech(), **arguments)
    assert named in str(raised.value)


@pytest.mark.parametrize("name", ["melspec_model_path", "embedding_model_path"])
def test_a_model_that_is_not_there_is_an_error(name):
    with pytest.raises((FileNotFoundError, ossicle.ModelError)) as raised:
        openwakeword_calls.made(AudioFeatures, **{name: "/nowhere/model.onnx"})
    assert "/nowhere/model.onnx" in str(raised.value)


def test_models_are_those_of_the_installed_package(tmp_path, monkeypatch):
    assert importlib.util.find_spec("openwakeword") is None
    with pytest.raises(FileNotFoundError, match="embedding_model_path"):
        AudioFeatures()
    models = tmp_path / "openwakeword" / "resources" / "models"
    models.mkdir(parents=True)
    (tmp_path / "openwakeword" / "__init__.py").write_text("raise ImportError\n")
    shutil.copy(openwakeword_calls.model("embedding_model.onnx"), models)
    monkeypatch.syspath_prepend(tmp_path)
    assert AudioFeatures().feature_buffer.shape == (41, 96)
    assert "openwakeword" not in sys.modules
