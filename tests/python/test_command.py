"""python -m ossicle: the command, to the byte and to the signal."""

import os
import signal
import subprocess
import sys

import command
import numpy as np
import pytest
from children import HANG_SECONDS
from demo import FRONTEND, WINDOWS

import ossicle

MORE_THAN_A_PIPE_HOLDS = bytes(1 << 20)
DEMO = ("--frontend", FRONTEND, "--windows", WINDOWS)
RAW = ("--raw", "s16le:16000:1", "-")


def called(*arguments, **options):
    return subprocess.run([sys.executable, "-m", "ossicle", *arguments], capture_output=True,
                          check=False, timeout=HANG_SECONDS, **options)


def same_as_native(*arguments, **options):
    found, wanted = called(*map(str, arguments), **options), command.called(*arguments)
    assert (found.returncode, found.stdout) == (wanted.returncode, wanted.stdout)
    assert found.stderr == wanted.stderr
    return found


def test_the_version_is_the_packages():
    result = called("--version")
    assert result.returncode == 0
    assert ossicle.__version__ in result.stdout.decode()


def test_features_are_the_native_commands_bytes(wav):
    result = same_as_native("extract", "--frontend", "whisper-80", "--quiet", wav, "-o", "-")
    assert result.returncode == 0
    assert result.stdout.startswith(b"\x93NUMPY")


def test_features_go_through_pipes(speech, fbank):
    result = called("extract", "--frontend", "kaldi-fbank-80", *RAW, "-o", "-",
                    input=(speech * 32768).astype("<i2").tobytes())
    assert result.returncode == 0
    assert np.array_equal(command.load(result.stdout), fbank(speech))


def test_embeddings_are_the_native_commands_bytes(wav, model):
    result = same_as_native("encode", "--model", model, *DEMO, "--quiet", wav, "-o", "-")
    assert result.returncode == 0


def test_the_installed_onnxruntime_serves_the_command(wav, model):
    pytest.importorskip("onnxruntime")
    result = called("encode", "--model", model, *DEMO, wav, "-o", "-",
                    env={**os.environ, "OSSICLE_ONNXRUNTIME": ""})
    assert result.returncode == 0, result.stderr.decode()
    assert command.load(result.stdout).shape[1] == 96


@pytest.mark.parametrize("arguments, code", [
    (["extract", "--frontend", "wav2lip", "nothing.wav", "-o", "-"], 3),
    (["extract", "--frontend", "nothing", "nothing.wav", "-o", "-"], 2),
    (["extract", "nothing.wav"], 2),
    (["nothing"], 2),
    (["encode", "--model", "nothing.onnx", *DEMO, "nothing.wav", "-o", "-"], 5),
    (["frontends", "whisper-80"], 0),
    (["frontends", "--json"], 0),
    (["--help"], 0),
], ids=lambda value: value if isinstance(value, int) else " ".join(value[:3]))
def test_exit_codes_and_messages_are_the_native_commands(arguments, code):
    assert same_as_native(*arguments).returncode == code


def test_no_arguments_are_the_native_commands():
    same_as_native()


def test_a_result_that_is_there_is_kept(wav, tmp_path):
    out = tmp_path / "out.npy"
    out.write_text("kept")
    assert called("extract", "--frontend", "wav2lip", wav, "-o", out).returncode == 4
    assert out.read_text() == "kept"


def test_names_of_files_need_not_be_unicode(wav, tmp_path):
    path = os.fsencode(tmp_path) + b"/\xff.wav"
    with open(path, "wb") as file:
        file.write(wav.read_bytes())
    result = called("extract", "--frontend", "wav2lip", path, "-o", "-")
    assert result.returncode == 0
    assert np.array_equal(command.load(result.stdout), command.extract("wav2lip", wav))


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_long_job_and_leaves_no_half_file(number, code, tmp_path):
    out = tmp_path / "out.npy"
    process = subprocess.Popen(
        [sys.executable, "-m", "ossicle", "extract", "--frontend", "wav2lip", *RAW, "-o", out],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
        # A shell that runs this in the background has SIGINT ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    pipe, process.stdin = process.stdin, None
    try:
        pipe.write(MORE_THAN_A_PIPE_HOLDS)  # returns when the command has begun to read
        process.send_signal(number)
        message = process.communicate(timeout=HANG_SECONDS)[1].decode()
    finally:
        process.kill()
        pipe.close()
    assert process.returncode == code
    assert list(tmp_path.iterdir()) == []
    assert "ossicle: interrupted" in message
    assert "Traceback" not in message
