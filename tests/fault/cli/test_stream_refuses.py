"""`ossicle stream`: what cannot be done is told, with nothing on standard output."""

import json

import numpy as np
import pytest

from command import INPUT, MODEL, OUTPUT, USAGE, expect, refused, run
from live import EXACT, FITTING, KALDI, RAW, stream
from test_output import OLD

WHISPER = ("--frontend", "whisper-80")


def refuse(*arguments, code, words, stdin=b""):
    return refused(run("stream", *arguments, stdin=stdin), code, *words)


@pytest.mark.parametrize("arguments, words", [
    ([*RAW, "-"], ["--frontend or --model", "ossicle stream --help"]),
    ([*KALDI, *RAW], ["input", "ossicle stream --help"]),
    ([*KALDI, *RAW, "-", "-"], ["ossicle stream --help"]),
    ([*KALDI, "-"], ["--raw", "s16le:16000:1"]),
    ([*KALDI, "--raw", "s16:16000:1", "-"], ["s16le, s24le", "such as s16le:16000:1"]),
    ([*KALDI, *RAW, "-", "--format", "npy"], ["--format", "npy", "npy-stream", "jsonl", "raw"]),
    ([*KALDI, *RAW, "-", "--precision", "half"], ["--precision", "half", "double"]),
    ([*KALDI, *RAW, "-", "--windows", "76:8"], ["--windows", "--model"]),
    ([*KALDI, *RAW, "-", "--tail", "pad"], ["--tail", "--model"]),
    ([*KALDI, *RAW, "-", "--fail-on-nan"], ["--fail-on-nan", "--model"]),
    (["--model", "m.onnx", *RAW, "-", "--precision", "double"], ["--precision", "--model"]),
    (["--frontend", "kaldi-fbank-8", *RAW, "-"], ['"kaldi-fbank-8"', '"kaldi-fbank-80"']),
    ([*KALDI, *RAW, "-", "--resampler", "soxr"], ['"soxr"', "soxr-hq"]),
])
def test_arguments(arguments, words):
    refuse(*arguments, code=USAGE, words=words)


def test_the_mode_of_statistics_has_no_default():
    refuse(*WHISPER, *RAW, "-", code=USAGE,
           words=["whisper-80", "--statistics", "exact", "running", "segment:SECONDS",
                  "frozen:FILE.json"])


@pytest.mark.parametrize("mode, words", [
    ("moving", ["--statistics moving,", "exact", "running", "segment:SECONDS", "frozen"]),
    ("segment:0", ["--statistics segment:0,", "more than 0"]),
    ("segment:-1", ["--statistics segment:-1,"]),
    ("segment:soon", ["--statistics segment:soon,"]),
    ("frozen:missing.json", ["missing.json", "no such file"]),
])
def test_mode_of_statistics(mode, words):
    refuse(*WHISPER, *RAW, "-", "--statistics", mode, code=USAGE, words=words)


@pytest.mark.parametrize("text, words", [
    ("[", ["not valid JSON"]), ("{}", ["array"]), ("[]", ["0 steps"]),
    ('[{"mean": [1, 2]}]', ["frozen"]), ('[{"top": 1}]', ['"top"'])])
def test_frozen_statistics(tmp_path, text, words):
    path = tmp_path / "statistics.json"
    path.write_text(text)
    for frontend in ("nemo-80", "whisper-80") if text != '[{"mean": [1, 2]}]' else ("nemo-80",):
        refuse("--frontend", frontend, *RAW, "-", "--statistics", f"frozen:{path}", code=USAGE,
               words=[*words])


@pytest.mark.parametrize("arguments", [KALDI, (*WHISPER, "--statistics", "segment:2")])
def test_statistics_that_there_are_not_cannot_be_saved(tmp_path, arguments):
    path = tmp_path / "statistics.json"
    refuse(*arguments, *RAW, "-", "--save-statistics", path, code=USAGE,
           words=["--save-statistics", "exact", "running"])
    assert not path.exists()


def test_saved_statistics_that_are_there_already(tmp_path, raw_speech):
    path = tmp_path / "statistics.json"
    path.write_bytes(OLD)
    arguments = (*WHISPER, *RAW, "-", "--statistics", "running", "--save-statistics", path)
    refuse(*arguments, code=OUTPUT, words=[path, "it exists", "--overwrite"], stdin=raw_speech)
    assert path.read_bytes() == OLD
    stream(*arguments, "--overwrite", stdin=raw_speech)
    assert json.loads(path.read_text())


def test_input_without_a_sample(tmp_path):
    refuse(*KALDI, *RAW, "-", code=INPUT, words=["standard input is empty", "0 samples"])
    refuse(*KALDI, tmp_path / "missing.wav", code=INPUT, words=["missing.wav", "no such file"])


def test_input_that_the_reference_refuses():
    refuse(*WHISPER, *RAW, "-", "--statistics", "running", code=INPUT, stdin=bytes(2 * 200),
           words=["200 samples", "whisper-80", "at least 201"])


def test_input_too_short_for_one_window(model):
    refuse("--model", model, *FITTING, *EXACT, *RAW, "-", code=INPUT, stdin=bytes(2 * 4000),
           words=["76", "frames"])


def test_raw_nan():
    samples = np.zeros(16000, "<f4")
    samples[8000] = np.nan
    result = run("stream", *KALDI, "--raw", "f32le:16000:1", "-", stdin=samples.tobytes())
    expect(result, INPUT)
    for words in ("standard input", "a NaN", "0.500000 s"):
        assert words in result.stderr


def test_model_that_is_missing_is_told_before_the_input_is_opened(tmp_path):
    result = refuse("--model", tmp_path / "m.onnx", *FITTING, tmp_path / "missing.wav", code=MODEL,
                    words=["m.onnx", "no such file"])
    assert "missing.wav" not in result.stderr


def test_a_nan_of_the_model_is_passed_on_and_counted_or_an_error(log_model, raw_speech):
    silence = bytes(2 * 16000)  # its log_models are negative
    arguments = ("--model", log_model, *KALDI, "--windows", "10:10", *RAW, "-", "--format", "jsonl")
    result = expect(run("stream", *arguments, "--json", stdin=raw_speech + silence))
    values = [json.loads(line)["values"][0] for line in result.stdout.splitlines()]
    bad = values.index(None)
    assert bad > 0
    assert json.loads(result.stderr)["inputs"][0]["not_finite"] == values.count(None)
    result = run("stream", *arguments, "--fail-on-nan", stdin=raw_speech + silence)
    expect(result, MODEL)
    assert len(result.stdout.splitlines()) == bad
    for words in (log_model, f"window {bad}", "--fail-on-nan"):
        assert str(words) in result.stderr
