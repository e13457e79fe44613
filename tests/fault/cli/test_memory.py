"""The features of a 3-hour input need at most 64 MiB beyond the output, its embeddings 16."""

import os
import struct

import onnx
import pytest
from onnx import TensorProto, helper

from command import start

HOURS_3 = 3 * 3600 * 16000
MIB = 1 << 20


def sparse_wav(path, samples=HOURS_3):
    """Silence at 16 kHz that takes no room on the disk: 3 hours."""
    data_bytes = 2 * samples
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


@pytest.fixture
def mean_of_windows(tmp_path):
    """[N, 100, 80] -> [N, 80]: hardly any work."""
    path = tmp_path / "mean.onnx"
    node = helper.make_node("ReduceMean", ["x"], ["y"], axes=[1], keepdims=0)
    graph = helper.make_graph(
        [node], "mean", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 100, 80])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", 80])])
    onnx.save(helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)]),
              path)
    return path


@pytest.mark.parametrize("workers", [1, 2])
def test_embeddings_of_three_hours(tmp_path, mean_of_windows, workers):
    """Its features would take 345 MB."""
    def peak(path):
        return peak_bytes(start("encode", "--model", mean_of_windows, "--frontend", "kaldi-fbank-80",
                                "--windows", "100:100", "--workers", workers, "--quiet", path, "-o",
                                "/dev/null"))

    short = sparse_wav(tmp_path / "short.wav", 20 * 16000)
    long = sparse_wav(tmp_path / "long.wav")
    embeddings = 4 * 80 * (HOURS_3 // 16000)
    assert peak(long) - peak(short) <= 16 * MIB + 3 * embeddings  # a list that grows by doubling
