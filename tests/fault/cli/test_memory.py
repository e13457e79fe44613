"""The features of a 3-hour input need at most 64 MiB beyond the output."""

import os
import struct

import pytest

from command import start

HOURS_3 = 3 * 3600 * 16000
MIB = 1 << 20


def sparse_wav(path):
    """3 hours of silence at 16 kHz that take no room on the disk."""
    data_bytes = 2 * HOURS_3
    header = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + data_bytes, b"WAVE", b"fmt ", 16, 1, 1,
                         16000, 32000, 2, 16, b"data", data_bytes)
    path.write_bytes(header)
    os.truncate(path, len(header) + data_bytes)
    return path


def peak_bytes(process):
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss * 1024


@pytest.mark.parametrize("frontend, frames, bands", [
    ("wav2lip", HOURS_3 // 200 + 1, 80),
    ("kaldi-fbank-80", (HOURS_3 - 400) // 160 + 1, 80),
])
def test_three_hours(tmp_path, frontend, frames, bands):
    path = sparse_wav(tmp_path / "long.wav")
    process = start("extract", "--frontend", frontend, "--quiet", path, "-o", "/dev/null")
    assert peak_bytes(process) - 4 * frames * bands <= 64 * MIB
