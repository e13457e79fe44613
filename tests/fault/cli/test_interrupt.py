"""Signals: an orderly end with exit code 128 + signal, and whole files only."""

import fcntl
import os
import signal
import struct
import subprocess
import termios
import threading
import time

import numpy as np
import pytest

from command import HANG_SECONDS, expect, finish, run, start

SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
FRONTEND = ("extract", "--frontend", "wav2lip")
RAW = ("--raw", "s16le:16000:1", "-")
MORE_THAN_A_PIPE_HOLDS = bytes(1 << 20)
PART_OF_A_BLOCK = bytes(1000)


@pytest.fixture
def many(tmp_path, make_wav):
    """More files than can be done before a signal comes, all links to one."""
    samples = np.random.default_rng(1).uniform(-0.5, 0.5, (44100 * 30, 2))
    first = make_wav("talk.wav", samples, rate_hz=44100)
    folder = tmp_path / "many"
    folder.mkdir()
    for i in range(1000):
        os.link(first, folder / f"{i:04}.wav")
    return sorted(folder.iterdir())


def wait_until(condition):
    end = time.monotonic() + HANG_SECONDS
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.005)


@pytest.mark.parametrize("number, code", SIGNALS)
def test_signal_amid_many_files(out, many, number, code):
    whole = expect(run(*FRONTEND, many[0], "-o", "-")).stdout
    process = start(*FRONTEND, *many, "-o", out.parent, stderr=subprocess.PIPE)
    wait_until(lambda: len(list(out.parent.glob("*.npy"))) >= 3)
    process.send_signal(number)
    result = expect(finish(process), code)
    written = list(out.parent.iterdir())
    assert 3 <= len(written) < len(many)
    assert all(path.read_bytes() == whole for path in written)
    assert "interrupted" in result.stderr
    assert f"{len(written)} done" in result.stderr


def bytes_in(pipe):
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))[0]


def feed_without_end(pipe):
    try:
        while True:
            pipe.write(MORE_THAN_A_PIPE_HOLDS)
    except OSError:
        pass


@pytest.mark.parametrize("number, code", SIGNALS)
def test_signal_amid_a_stream(out, number, code):
    process = start(*FRONTEND, *RAW, "-o", out, stdin=subprocess.PIPE, stderr=subprocess.PIPE,
                    bufsize=0)
    pipe, process.stdin = process.stdin, None
    pipe.write(MORE_THAN_A_PIPE_HOLDS)  # returns when the command has begun to read
    feeder = threading.Thread(target=feed_without_end, args=[pipe])
    feeder.start()
    process.send_signal(number)
    result = expect(finish(process), code)
    feeder.join()
    pipe.close()
    assert not out.exists()
    assert "ossicle: interrupted" in result.stderr


@pytest.mark.parametrize("number, code", SIGNALS)
def test_signal_while_a_stream_stands_still(out, number, code):
    process = start(*FRONTEND, *RAW, "-o", out, stdin=subprocess.PIPE, stderr=subprocess.PIPE,
                    bufsize=0)
    pipe, process.stdin = process.stdin, None
    pipe.write(MORE_THAN_A_PIPE_HOLDS + PART_OF_A_BLOCK)
    wait_until(lambda: bytes_in(pipe) == 0)
    process.send_signal(number)
    result = expect(finish(process), code)
    pipe.close()
    assert not out.exists()
    assert "ossicle: interrupted" in result.stderr
