"""Flags of `ossicle encode` for what is around an embedding, and models that give no numbers."""

import json

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from command import MODEL, USAGE, expect, refused, run

FITTING = ("--frontend", "openwakeword-embedding", "--windows", "76:8")


def encode(model, path, out, *more):
    return run("encode", "--model", model, *FITTING, path, "-o", out, *more)


@pytest.mark.parametrize("flags, words", [
    (["--context", "16"], ["--context", "--edge", "ossicle encode --help"]),
    (["--edge", "zeros"], ["--edge", "--context", "ossicle encode --help"]),
    (["--context", "16", "--edge", "mirror"], ["--edge", "mirror", "zeros", "repeat"]),
    (["--context", "15", "--edge", "zeros"], ["context=15", "even", "2..1024"]),
    (["--context", "1026", "--edge", "zeros"], ["context=1026", "even", "2..1024"]),
    (["--context", "0", "--edge", "zeros"], ["--context", "0"]),
    (["--context", "-2", "--edge", "zeros"], ["--context", "-2"]),
])
def test_bad_context_is_refused_before_the_model_is_opened(out, tmp_path, speech, flags, words):
    refused(encode(tmp_path / "missing.onnx", speech, out, *flags), USAGE, *words)
    assert not out.exists()


def test_contexts_to_standard_output(speech, model):
    flags = ("--context", "4", "--edge", "repeat")
    result = expect(encode(model, speech, "-", "--quiet", *flags))
    assert result.stdout.startswith(b"\x93NUMPY")
    assert result.stderr == ""


def test_summary_names_the_shape_of_what_was_written(out, speech, model):
    result = expect(encode(model, speech, out, "--json", "--pad-ends", "--context", "4", "--edge",
                           "zeros"))
    found = np.load(out)
    summary, = json.loads(result.stdout)["inputs"]
    assert summary["shape"] == list(found.shape)
    assert found.shape[1:] == (4, 96)
    assert summary["not_finite"] == 0


@pytest.fixture
def logarithm(tmp_path):
    """[N, 76, 32] -> [N, 76]: the logarithm of each frame's first band but 7.1, no number below."""
    weights = [numpy_helper.from_array(np.zeros(1, np.int64), "zero"),
               numpy_helper.from_array(np.float32([7.1]), "shift"),
               numpy_helper.from_array(np.int64([2]), "axis")]
    nodes = [helper.make_node("Gather", ["x", "zero"], ["first"], axis=2),
             helper.make_node("Squeeze", ["first", "axis"], ["flat"]),
             helper.make_node("Sub", ["flat", "shift"], ["less"]),
             helper.make_node("Log", ["less"], ["y"])]
    shape = ["N", 76, 32]
    graph = helper.make_graph(
        nodes, "logarithm", [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, shape[:2])], weights)
    path = tmp_path / "logarithm.onnx"
    onnx.save(helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)]),
              path)
    return path


def test_what_is_no_number_is_written_and_counted(out, logarithm, speech):
    result = expect(encode(logarithm, speech, out))
    finite = np.isfinite(np.load(out)).all(axis=1)
    count = int((~finite).sum())
    assert 0 < count < len(finite)
    assert f"not finite  {count} embeddings" in result.stderr
    assert "--fail-on-nan" in result.stderr
    result = expect(encode(logarithm, speech, out, "--overwrite", "--json"))
    assert json.loads(result.stdout)["inputs"][0]["not_finite"] == count


def test_fail_on_nan_writes_nothing_and_says_how_many(out, logarithm, speech):
    expect(encode(logarithm, speech, out))
    values = np.load(out)
    count = int((~np.isfinite(values)).any(axis=1).sum())
    out.unlink()
    result = encode(logarithm, speech, out, "--fail-on-nan")
    refused(result, MODEL, logarithm, speech, f"{count} of the {len(values)} windows")
    assert not out.exists()


def test_fail_on_nan_lets_numbers_pass(out, model, speech):
    expect(encode(model, speech, out, "--fail-on-nan"))
    assert np.load(out).shape[1] == 96
