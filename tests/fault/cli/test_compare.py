"""`ossicle compare` with wrong arguments (2), wrong input (3), outputs that cannot be written (4)."""

import json
import re
import signal
import subprocess
import time

import numpy as np
import pytest

from command import (COMMAND, INPUT, OUTPUT, SOME_FAILED, USAGE, Result, expect, finish, refused,
                     run, start)

OLD = b"what was there before"


@pytest.fixture(scope="session")
def arrays(tmp_path_factory, speech):
    """Whisper's features of the speech: `mine.npy`; every second frame of them: `half.npy`."""
    folder = tmp_path_factory.mktemp("arrays")
    expect(run("extract", "--frontend", "whisper-80", speech, "-o", folder / "mine.npy"))
    np.save(folder / "half.npy", np.load(folder / "mine.npy")[:, ::2])
    return folder


@pytest.fixture
def save(tmp_path):
    def saved(array, name="array.npy"):
        np.save(tmp_path / name, array)
        return tmp_path / name

    return saved


def frames(count=20, bands=80):
    return np.random.default_rng(1).normal(size=(count, bands)).astype(np.float32)


def compare(*arguments, **options):
    return run("compare", *arguments, **options)


@pytest.mark.parametrize("arguments, words", [
    ([], ["nothing to compare", "--audio", "--spec"]),
    (["--spec", "whisper-80"], ["--with"]),
    (["--with", "whisper-80"], ["--spec"]),
    (["ARRAY"], ["--audio is missing", "ARRAY"]),
    (["ARRAY", "--spec", "whisper-80", "--audio", "SPEECH"], ["--spec", "--with whisper-80"]),
    (["ARRAY", "ARRAY", "--with", "whisper-80", "--audio", "SPEECH"], ["two arrays and --with"]),
    (["ARRAY", "ARRAY", "ARRAY", "--audio", "SPEECH"], ["3 arrays", "one or two"]),
    (["-", "-", "--audio", "SPEECH"], ["standard input", "twice"]),
    (["-", "--raw", "s16le:16000:1", "--audio", "-"], ["standard input", "twice"]),
    (["ARRAY", "--audio", "-"], ["--raw"]),
    (["ARRAY", "--audio", "SPEECH", "--raw", "s16:16000:1"], ["s16"]),
    (["--spec", "whisper80", "--with", "wav2lip"], ['"whisper80"', '"whisper-80"']),
    (["--spec", "wav2lip", "--with", "whisper80"], ['"whisper80"', '"whisper-80"']),
    (["ARRAY", "--audio", "SPEECH", "--with", "whisper80"], ['"whisper80"', '"whisper-80"']),
    (["--spec", "wav2lip", "--with", "whisper-80", "-o", "spec.json"], ["-o", "frontends"]),
    (["--spec", "wav2lip", "--with", "whisper-80", "--plot", "a.jpg"], ["a.jpg", ".png", ".svg"]),
    (["--spec", "wav2lip", "--with", "wav2vec2", "--plot", "/dev/null"], ["format"]),
])
def test_wrong_arguments(arrays, speech, arguments, words):
    named = {"ARRAY": str(arrays / "mine.npy"), "SPEECH": str(speech)}
    result = compare(*[named.get(argument, argument) for argument in arguments])
    refused(result, USAGE, *[named.get(word, word) for word in words])


def test_spec_that_is_wrong(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text('{"hop_samples": 0}')
    refused(compare("--spec", path, "--with", "whisper-80"), USAGE, path, "hop_samples=0", "1..")
    refused(compare("--spec", tmp_path / "none.json", "--with", "whisper-80"), USAGE,
            "none.json", "no such file")


def test_plot_of_a_waveform(tmp_path):
    path = tmp_path / "a.png"
    result = compare("--spec", "wav2vec2", "--with", "whisper-80", "--plot", path)
    refused(result, USAGE, "wav2vec2", "waveform")
    assert not path.exists()


@pytest.mark.parametrize("content, words", [
    (None, ["no such file", "check the path"]),
    (b"", ["is empty"]),
    (b"RIFF and so on", ["not a .npy file", "numpy.save"]),
    (b"\x93NUMPY\x01\x00", ["cut off"]),
    (b"\x93NUMPY\x04\x00\x00\x00", ["format 4.0", "1.0, 2.0 and 3.0"]),
])
def test_file_that_is_no_array(tmp_path, speech, content, words):
    path = tmp_path / "array.npy"
    if content is not None:
        path.write_bytes(content)
    refused(compare(path, "--audio", speech), INPUT, path, *words)


def test_folder_as_array(tmp_path, speech):
    refused(compare(tmp_path, "--audio", speech), INPUT, "is a directory, not a .npy file")


def test_array_that_is_cut_off(arrays, tmp_path, speech):
    path = tmp_path / "cut.npy"
    path.write_bytes((arrays / "mine.npy").read_bytes()[:-100])
    refused(compare(path, "--audio", speech), INPUT, path, "cut off", "get the whole file")


@pytest.mark.parametrize("array, words", [
    (np.zeros(80, np.float32), ["(80,)", "frames x bands"]),
    (np.zeros((2, 30, 80), np.float32), ["(2, 30, 80)", "frames x bands"]),
    (np.zeros((0, 80), np.float32), ["(0, 80)", "no value"]),
    (np.zeros((30, 80), np.complex64), ["<c8", "astype('float32')"]),
    (np.array([["a", "b"]]), ["astype('float32')"]),
    (np.array([[None, {}]], object), ["Python objects", "astype('float32')"]),
    (np.where(np.arange(800).reshape(10, 80) == 405, np.nan, 1), ["a NaN", "row 5, column 5"]),
    (np.where(np.arange(800).reshape(10, 80) == 405, np.inf, 1), ["an infinity", "finite"]),
])
def test_array_that_is_no_matrix_of_finite_numbers(save, speech, array, words):
    path = save(array)
    refused(compare(path, "--audio", speech), INPUT, path, *words)


def test_array_with_too_few_frames(save, speech):
    path = save(frames(3, bands=4))
    refused(compare(path, "--audio", speech), INPUT, path, "3 x 4", "8")


@pytest.mark.parametrize("audio, words", [
    ("missing.wav", ["no such file"]), ("array.npy", ["not an audio file"])])
def test_audio_that_is_none(save, tmp_path, audio, words):
    path = save(frames())
    refused(compare(path, "--audio", tmp_path / audio), INPUT, tmp_path / audio, *words)


def test_audio_that_is_far_too_short(arrays, make_wav):
    path = make_wav("short.wav", np.zeros(400))
    report = expect(compare(arrays / "mine.npy", "--audio", path), SOME_FAILED).stdout.decode()
    assert "nothing fits" in report
    assert re.search(r"it makes \d+ frames of this audio, but the array has \d+", report)


def test_array_that_no_front_end_makes(save, speech):
    path = save(np.ones((2000, 1500), np.float32))
    refused(compare(path, "--audio", speech), INPUT, path, "2000 x 1500", "1..1024 bands")


def test_audio_with_a_nan(arrays, make_wav):
    samples = np.zeros(16000)
    samples[8000] = np.nan
    path = make_wav("nan.wav", samples, subtype="FLOAT")
    refused(compare(arrays / "mine.npy", "--audio", path), INPUT, path, "NaN")


def test_channel_that_is_not_there(arrays, speech):
    refused(compare(arrays / "mine.npy", "--audio", speech, "--channel", "1"), INPUT, speech, "channel")


@pytest.mark.parametrize("option, name", [("-o", "best.json"), ("--plot", "a.png")])
def test_existing_output_is_kept(arrays, tmp_path, speech, option, name):
    path = tmp_path / name
    path.write_bytes(OLD)
    arguments = [arrays / "mine.npy", "--audio", speech, option, path]
    refused(compare(*arguments), OUTPUT, path, "it exists", "--overwrite")
    assert path.read_bytes() == OLD
    expect(compare(*arguments, "--overwrite"))
    assert path.read_bytes() != OLD


@pytest.mark.parametrize("option, name", [("-o", "best.json"), ("--plot", "a.png")])
def test_missing_folder_is_told_before_the_input_is_read(tmp_path, option, name):
    path = tmp_path / "missing" / name
    result = compare(tmp_path / "none.npy", "--audio", tmp_path / "none.wav", option, path)
    refused(result, OUTPUT, path, "mkdir -p")


def test_spec_on_standard_output_leaves_the_words_on_standard_error(arrays, speech):
    result = expect(compare(arrays / "mine.npy", "--audio", speech, "-o", "-"))
    assert json.loads(result.stdout)["hop_samples"] == 160
    assert "whisper-80" in result.stderr
    quiet = expect(compare(arrays / "mine.npy", "--audio", speech, "-o", "-", "--quiet"))
    assert (quiet.stdout, quiet.stderr) == (result.stdout, "")


def test_array_from_standard_input(arrays, speech):
    array = (arrays / "mine.npy").read_bytes()
    result = expect(compare("-", "--audio", speech, stdin=array))
    assert "standard input: 80 x " in result.stdout.decode()


def test_audio_from_standard_input(arrays, raw_speech):
    result = expect(compare(arrays / "mine.npy", "--raw", "s16le:16000:1", "--audio", "-",
                            stdin=raw_speech))
    assert "certain" in result.stdout.decode()


def test_nothing_fits(save, speech, tmp_path):
    path = save(frames(300))
    spec = tmp_path / "best.json"
    result = expect(compare(path, "--audio", speech, "-o", spec), SOME_FAILED)
    assert "nothing fits" in result.stdout.decode()
    assert "nearest" in result.stdout.decode()
    assert not spec.exists()
    summary = json.loads(expect(compare(path, "--audio", speech, "--json"), SOME_FAILED).stdout)
    assert summary["mine"]["identification"]["certainty"] == "none"


def test_interrupted_search_leaves_nothing(save, speech, tmp_path):
    spec = tmp_path / "best.json"
    process = start("compare", save(frames(300)), "--audio", speech, "-o", spec,
                    stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    refused(finish(process), 128 + signal.SIGINT, "interrupted")
    assert not spec.exists()


def test_full_standard_output():
    with open("/dev/full", "wb") as full:
        process = subprocess.run([COMMAND, "compare", "--spec", "wav2lip", "--with", "whisper-80"],
                                 stdout=full, stderr=subprocess.PIPE)
    refused(Result(process.returncode, b"", process.stderr), OUTPUT, "standard output", "no space")


def test_specs_that_are_equal():
    result = expect(compare("--spec", "wav2lip", "--with", "wav2lip@librosa-0.9"))
    assert "no difference" in result.stdout.decode()
