"""`ossicle stream` while samples come: each frame when it is known, signals, readers that go."""

import json
import os
import signal
import subprocess

import pytest

from command import HANG_SECONDS, OUTPUT, Result, expect, finish, refused, run, start
from live import KALDI, RAW, Live, listing, stream
from test_interrupt import SIGNALS, bytes_in, wait_until
from test_memory import MIB, peak_bytes

SAMPLE_BYTES = 2
HOUR_BYTES = SAMPLE_BYTES * 16000 * 3600


@pytest.mark.parametrize("preset, mode", [
    ("kaldi-fbank-80", "exact"), ("wav2lip", "exact"), ("whisper-80", "running"),
    ("nemo-80", "running")])
def test_a_frame_is_out_with_the_sample_that_completes_it(raw_speech, preset, mode):
    spec = json.loads(expect(run("frontends", preset)).stdout)
    lookahead = listing(preset)["lookahead_samples"]
    arguments = ("--frontend", preset, *RAW, "--statistics", mode)
    whole = stream(*arguments, "--format", "raw", "-", stdin=raw_speech)
    live = Live(*arguments)
    # The first frames may wait for the samples that the left edge mirrors.
    first = 4
    sent = 0
    for frame in range(first, 40):
        needed = SAMPLE_BYTES * (frame * spec["hop_samples"] + lookahead)
        live.write(raw_speech[sent:needed])
        sent = needed
        while live.rows <= frame:
            at = live.rows * live.row_bytes
            assert live.read_row() == whole[at:at + live.row_bytes]
        assert not live.has_more()
    assert expect(live.end(raw_speech[sent:])).stdout == whole[live.rows * live.row_bytes:]


def test_a_resampled_frame_is_out_within_its_look_ahead(raw_speech):
    arguments = (*KALDI, "--raw", "s16le:48000:1")
    summary = json.loads(expect(run("stream", *arguments, "-", "--json", stdin=raw_speech)).stderr)
    lookahead = summary["inputs"][0]["lookahead_samples"]
    assert lookahead > 3 * listing("kaldi-fbank-80")["lookahead_samples"]
    live = Live(*arguments)
    sent = 0
    for frame in range(20):
        needed = SAMPLE_BYTES * (frame * 480 + lookahead)
        live.write(raw_speech[sent:needed])
        sent = needed
        live.read_row()
    expect(live.end(raw_speech[sent:]))


def test_an_embedding_is_out_with_the_sample_that_completes_its_window(mean_model, raw_speech):
    arguments = ("--model", mean_model, *KALDI, "--windows", "10:3", *RAW)
    lookahead = listing("kaldi-fbank-80")["lookahead_samples"]
    whole = stream(*arguments, "--format", "raw", "-", stdin=raw_speech)
    live = Live(*arguments, columns=1)
    sent = 0
    for window in range(20):
        needed = SAMPLE_BYTES * ((9 + 3 * window) * 160 + lookahead)
        live.write(raw_speech[sent:needed])
        sent = needed
        assert live.read_row() == whole[window * live.row_bytes:(window + 1) * live.row_bytes]
        assert not live.has_more()
    assert expect(live.end(raw_speech[sent:])).stdout == whole[live.rows * live.row_bytes:]


def test_pieces_that_cut_samples_in_two_change_nothing(raw_speech):
    arguments = (*KALDI, "--raw", "s16le:44100:2")
    whole = stream(*arguments, "--format", "raw", "-", stdin=raw_speech)
    live = Live(*arguments)
    sizes = [1, 3, 2, 5, 1001, 7, 40001]
    at = 0
    while at < len(raw_speech):
        size = sizes[at % len(sizes)]
        live.write(raw_speech[at:at + size])
        at += size
    assert expect(live.end()).stdout == whole


def test_what_is_known_is_out_before_an_error(raw_speech):
    whole = stream(*KALDI, *RAW, "--format", "raw", "-", stdin=raw_speech)
    result = run("stream", *KALDI, *RAW, "--format", "raw", "-", stdin=raw_speech[:32001])
    expect(result, 3)
    assert result.stdout == whole[:98 * 320]
    assert "middle of a sample" in result.stderr


def test_reader_that_has_gone(raw_speech):
    read_end, write_end = os.pipe()
    process = start("stream", *KALDI, *RAW, "-", stdin=subprocess.PIPE, stdout=write_end,
                    stderr=subprocess.PIPE)
    os.close(write_end)
    os.close(read_end)
    _, stderr = process.communicate(raw_speech, timeout=HANG_SECONDS)
    refused(Result(process.returncode, b"", stderr), OUTPUT, "standard output", "broken pipe")


@pytest.mark.parametrize("number, code", SIGNALS)
def test_a_signal_ends_it_in_order(tmp_path, raw_speech, number, code):
    path = tmp_path / "statistics.json"
    arguments = ("--frontend", "whisper-80", *RAW, "--statistics", "running")
    whole = stream(*arguments, "--format", "raw", "-", stdin=raw_speech)
    live = Live(*arguments, "--json", "--save-statistics", path)
    live.write(raw_speech[:32000])
    rows = b"".join(live.read_row() for _ in range(99))
    live.process.send_signal(number)
    live.process.wait(HANG_SECONDS)  # its input is still open
    result = expect(live.end(), code)
    assert rows + result.stdout == whole[:99 * live.row_bytes]
    summary, words = result.stderr.split("ossicle: ")
    assert words == "interrupted\n"
    done = json.loads(summary)["inputs"][0]
    assert done["interrupted"] and done["shape"] == [99, 80]
    expect(run("stream", "--frontend", "whisper-80", *RAW, "--statistics", f"frozen:{path}", "-",
               stdin=raw_speech))


def test_a_signal_ends_it_where_nobody_reads(raw_speech):
    process = start("stream", *KALDI, *RAW, "-", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE, bufsize=0)
    process.stdin.write(raw_speech[:110000])  # more than one pipe holds, and less than two
    wait_until(lambda: bytes_in(process.stdout) > 60000)
    process.send_signal(signal.SIGINT)
    assert process.wait(HANG_SECONDS) == 130
    finish(process)


def peak(tmp_path, *arguments, input_bytes):
    path = tmp_path / "silence.s16"
    path.touch()
    os.truncate(path, input_bytes)
    with subprocess.Popen(["cat", path], stdout=subprocess.PIPE) as cat:
        process = start("stream", *arguments, *RAW, "-", "--quiet", stdin=cat.stdout,
                        stdout=subprocess.DEVNULL)
        cat.stdout.close()
        return peak_bytes(process)


@pytest.mark.parametrize("arguments", [
    KALDI, ("--frontend", "whisper-80", "--statistics", "running"),
    ("--frontend", "nemo-80", "--statistics", "segment:10")])
def test_memory_does_not_grow_with_the_stream(tmp_path, arguments):
    short = peak(tmp_path, *arguments, input_bytes=HOUR_BYTES // 60)
    assert peak(tmp_path, *arguments, input_bytes=HOUR_BYTES) < short + 2 * MIB
