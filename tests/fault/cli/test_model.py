"""Models that cannot be used: exit code 5, told before any audio is read."""

import numpy as np
import pytest

from command import INPUT, MODEL, expect, refused, run

FITTING = ("--frontend", "openwakeword-embedding", "--windows", "76:8")


def encode(model, path, out, *more, **environment):
    result = run("encode", "--model", model, *(more or FITTING), path, "-o", out, **environment)
    assert not out.exists()
    return result


def test_model_that_is_not_onnx(out, tmp_path, speech):
    path = tmp_path / "model.onnx"
    path.write_text("not a model\n" * 100)
    refused(encode(path, speech, out), MODEL, path, "ONNX")


def test_empty_model(out, tmp_path, speech):
    path = tmp_path / "model.onnx"
    path.touch()
    refused(encode(path, speech, out), MODEL, path, "empty")


def test_missing_model(out, tmp_path, speech):
    path = tmp_path / "missing.onnx"
    refused(encode(path, speech, out), MODEL, path, "no such file")


def test_folder_as_model(out, tmp_path, speech):
    refused(encode(tmp_path, speech, out), MODEL, tmp_path, "folder")


@pytest.mark.parametrize("frontend, windows, bands", [
    ("whisper-80", "76:8", "76 frames x 80 bands"),
    ("openwakeword-embedding", "16:8", "16 frames x 32 bands"),
])
def test_other_shape_is_told_before_the_input_is_opened(out, tmp_path, model, frontend, windows,
                                                        bands):
    missing = tmp_path / "missing.wav"
    result = encode(model, missing, out, "--frontend", frontend, "--windows", windows)
    refused(result, MODEL, "[N, 76, 32, 1]", bands)
    assert "missing.wav" not in result.stderr


def test_missing_onnx_runtime_says_how_to_get_it(out, tmp_path, speech, model):
    path = tmp_path / "libonnxruntime.so.1"
    result = encode(model, speech, out, OSSICLE_ONNXRUNTIME=str(path))
    refused(result, MODEL, path, "pip install", "OSSICLE_ONNXRUNTIME")


def test_library_that_is_not_onnx_runtime(out, tmp_path, speech, model):
    path = tmp_path / "libonnxruntime.so.1"
    path.write_text("not a library")
    result = encode(model, speech, out, OSSICLE_ONNXRUNTIME=str(path))
    refused(result, MODEL, path, "pip install")


def test_features_need_no_onnx_runtime(out, tmp_path, speech):
    expect(run("extract", "--frontend", "wav2lip", speech, "-o", out,
               OSSICLE_ONNXRUNTIME=str(tmp_path / "none.so")))
    assert np.load(out).shape[0] == 80


def test_input_too_short_for_one_window(out, make_wav, model):
    path = make_wav("short.wav", np.zeros(4000))
    refused(encode(model, path, out), INPUT, path, "76", "frames", "shorter windows")


def test_short_input_among_others(tmp_path, make_wav, model, recordings):
    short = make_wav("short.wav", np.zeros(4000))
    folder = tmp_path / "embeddings"
    result = run("encode", "--model", model, *FITTING, short, *recordings, "-o", folder)
    expect(result, 1)
    assert str(short) in result.stderr
    assert {path.stem for path in folder.iterdir()} == {path.stem for path in recordings}
