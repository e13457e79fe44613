"""`ossicle stream` while it runs: samples in, rows out, one after the other."""

import io
import json
import os
import select
import subprocess

import numpy as np

from command import HANG_SECONDS, Result, expect, run, start

RAW = ("--raw", "s16le:16000:1")
KALDI = ("--frontend", "kaldi-fbank-80")
EXACT = ("--statistics", "exact")
FITTING = ("--frontend", "openwakeword-embedding", "--windows", "76:8")


def listing(preset):
    """What `ossicle frontends --json` says of it."""
    presets = json.loads(expect(run("frontends", "--json")).stdout)["frontends"]
    return next(each for each in presets if preset in (each["name"], each["alias"]))


def stream(*arguments, stdin=b""):
    return expect(run("stream", "--quiet", *arguments, stdin=stdin)).stdout


class Live:
    """A stream that reads a pipe. `columns` float32 a row come out, with --format raw."""

    def __init__(self, *arguments, columns=80):
        self.row_bytes = 4 * columns
        self.process = start("stream", *arguments, "--format", "raw", "-", stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
        self.rows = 0

    def write(self, data):
        self.process.stdin.write(data)

    def read_row(self):
        """The next row; fails where none comes."""
        row = b""
        while len(row) < self.row_bytes:
            ready, _, _ = select.select([self.process.stdout], [], [], HANG_SECONDS)
            assert ready, f"row {self.rows} does not come"
            more = os.read(self.process.stdout.fileno(), self.row_bytes - len(row))
            assert more, f"the stream ended before row {self.rows}: {self.end()}"
            row += more
        self.rows += 1
        return row

    def has_more(self):
        return bool(select.select([self.process.stdout], [], [], 0)[0])

    def end(self, data=b""):
        """Writes the last samples; returns what is left to read."""
        stdout, stderr = self.process.communicate(data, timeout=HANG_SECONDS)
        return Result(self.process.returncode, stdout, stderr)


def arrays(data):
    """All arrays of --format npy-stream."""
    file = io.BytesIO(data)
    found = []
    while file.tell() < len(data):
        found.append(np.load(file))
    return found
