"""Progress, --quiet and --json: words on stderr, data on stdout."""

import fcntl
import json
import os
import re
import struct
import subprocess
import termios

import pytest

from command import SOME_FAILED, expect, run, start

CLEAR = "\r\x1b[K"


def extract(*arguments):
    return run("extract", "--frontend", "wav2lip", *arguments)


def on_terminal(*arguments, columns=80):
    """Runs with a terminal as stderr; returns the exit code and all that it was sent."""
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = start(*arguments, stdout=subprocess.DEVNULL, stderr=slave)
    os.close(slave)
    sent = b""
    try:
        while data := os.read(master, 4096):
            sent += data
    except OSError:  # the last writer has closed it
        pass
    os.close(master)
    return process.wait(), sent.decode().replace("\r\n", "\n")


def screen(sent):
    """What a person sees in the end: each clear wipes its line so far."""
    return "\n".join(line.split(CLEAR)[-1] for line in sent.split("\n"))


def test_no_bar_without_a_terminal(out, recordings):
    result = expect(extract(*recordings, "-o", out.parent))
    assert "\r" not in result.stderr and "\x1b" not in result.stderr
    assert f"{len(recordings)} done" in result.stderr


@pytest.mark.parametrize("columns", [20, 80])
def test_bar_on_a_terminal_is_wiped_in_the_end(out, recordings, columns):
    code, sent = on_terminal("extract", "--frontend", "wav2lip", *recordings, "-o", out.parent,
                             columns=columns)
    assert code == 0
    drawn = [piece.split("\n")[0] for piece in sent.split(CLEAR)[1:]]
    assert any(f"of {len(recordings)}" in line for line in drawn)
    if columns == 80:
        assert any(re.match(r"\[#*\.*\] \d of", line) for line in drawn)
    assert all(len(line) < columns for line in drawn[:-1])
    assert screen(sent).startswith(f"{len(recordings)} done")


def test_message_does_not_run_into_the_bar(out, tmp_path, recordings):
    code, sent = on_terminal("extract", "--frontend", "wav2lip", *recordings,
                             tmp_path / "missing.wav", "-o", out.parent)
    assert code == SOME_FAILED
    lines = screen(sent).split("\n")
    assert lines[0].startswith("ossicle: cannot read")
    assert lines[1].startswith(f"{len(recordings)} done, 1 failed")


def test_quiet_on_a_terminal(out, recordings):
    assert on_terminal("extract", "--frontend", "wav2lip", "--quiet", *recordings, "-o",
                       out.parent) == (0, "")


def test_quiet_still_names_what_failed(out, tmp_path, recordings):
    missing = tmp_path / "missing.wav"
    result = expect(extract("--quiet", *recordings, missing, "-o", out.parent), SOME_FAILED)
    assert result.stdout == b""
    assert result.stderr.count("\n") == 1 and str(missing) in result.stderr


def test_json_summary_on_standard_output(out, tmp_path, recordings):
    missing = tmp_path / "missing.wav"
    result = expect(extract("--json", *recordings, missing, "-o", out.parent), SOME_FAILED)
    summary = json.loads(result.stdout)
    assert (summary["done"], summary["failed"]) == (len(recordings), 1)
    done, failed = summary["inputs"][0], summary["inputs"][-1]
    assert done["input"] == str(recordings[0])
    assert done["output"] == str(out.with_name(f"{recordings[0].stem}.npy"))
    assert done["shape"][0] == 80 and done["type"] == "float32"
    assert failed["input"] == str(missing) and failed["exit_code"] == 3
    assert str(missing) in failed["error"]


@pytest.mark.parametrize("options, subtype, ran", [
    ([], "PCM_16", "soxr-hq@librosa"),
    (["--resampler", "swr-s16"], "PCM_16", "swr-s16"),
    (["--resampler", "swr-s16"], "FLOAT", "swr-float-s16"),
])
def test_json_summary_names_the_resampler_that_ran(out, make_wav, speech, options, subtype, ran):
    path = make_wav("talk.wav", [0.0, 0.5] * 4000, subtype, rate_hz=8000)
    summary = json.loads(expect(extract("--json", *options, path, "-o", out)).stdout)
    assert summary["inputs"][0]["sample_rate_hz"] == 8000
    assert summary["inputs"][0]["resampler"] == ran
    fitting = json.loads(expect(extract("--json", "--overwrite", *options, speech, "-o", out)).stdout)
    assert "resampler" not in fitting["inputs"][0]


def test_json_summary_is_on_stderr_where_data_is_on_stdout(speech):
    plain = expect(extract(speech, "-o", "-")).stdout
    result = expect(extract("--json", "--quiet", speech, "-o", "-"))
    assert result.stdout == plain
    assert json.loads(result.stderr)["done"] == 1


def test_summary_of_a_stream_names_it(out, raw_speech):
    result = run("extract", "--frontend", "wav2lip", "--raw", "s16le:16000:1", "-", "-o", out,
                 stdin=raw_speech)
    assert re.search(r"^input +standard input: \d+\.\d\d s, 16000 Hz", expect(result).stderr)
    assert f"{out}: (80, " in result.stderr
