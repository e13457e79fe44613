"""pack and inspect, and packed models that cannot be used."""

import json
import os
import shutil
import signal
import subprocess
import time

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from command import (HANG_SECONDS, MODEL, OUTPUT, USAGE, expect, finish, refused, run, start)
from test_output import run_on_full_disk

FITTING = ("--frontend", "openwakeword-embedding", "--windows", "76:8")


@pytest.fixture
def packed(tmp_path, model):
    path = tmp_path / "packed.onnx"
    expect(run("pack", model, *FITTING, "-o", path))
    return path


@pytest.fixture
def place(out):
    """For a packed model, in a folder where nothing but it may appear."""
    return out.with_suffix(".onnx")


def encode(model, speech, out, *more, **environment):
    return run("encode", "--model", model, *more, speech, "-o", out, **environment)


def with_entries(path, output, **entries):
    """A copy with entries of the metadata changed, or taken out where they are None."""
    model = onnx.load(path)
    kept = {entry.key: entry.value for entry in model.metadata_props}
    kept.update({f"ossicle.{key}": value for key, value in entries.items()})
    helper.set_model_props(model, {key: value for key, value in kept.items() if value is not None})
    onnx.save(model, output)
    return output


def test_pack_says_what_it_packed(place, model):
    result = expect(run("pack", model, *FITTING, "--tail", "pad", "-o", place))
    assert result.stdout == b""
    assert f"{place}: openwakeword-embedding in windows of 76:8, tail pad" in result.stderr
    assert "sha256" in result.stderr


def test_pack_for_programs(place, model):
    result = expect(run("pack", model, *FITTING, "-o", place, "--json", "--quiet"))
    assert result.stderr == ""
    summary = json.loads(result.stdout)
    assert summary.pop("graph_sha256") == \
        json.loads(run("inspect", place, "--json").stdout)["packed"]["graph_sha256"]
    assert summary == {"output": str(place), "frontend": "openwakeword-embedding",
                       "windows": "76:8", "tail": "drop"}


def test_pack_to_standard_output(packed, model):
    assert expect(run("pack", model, *FITTING, "-o", "-")).stdout == packed.read_bytes()


@pytest.mark.parametrize("missing", ["--frontend", "--windows", "--output"])
def test_pack_without_a_flag(place, model, missing):
    flags = {"--frontend": "wav2lip", "--windows": "76:8", "--output": place}
    del flags[missing]
    words = [word for pair in flags.items() for word in pair]
    refused(run("pack", model, *words), USAGE, missing, "ossicle pack --help")
    assert not place.exists()


@pytest.mark.parametrize("flags, words", [
    (("--frontend", "wav2lop", "--windows", "76:8"), ['"wav2lop"', '"wav2lip"']),
    (("--frontend", "wav2lip", "--windows", "76"), ['"76"', "LENGTH:STEP"]),
    (FITTING + ("--tail", "cut"), ["--tail", "cut", "align"]),
])
def test_pack_with_a_wrong_flag(place, model, flags, words):
    refused(run("pack", model, *flags, "-o", place), USAGE, *words)
    assert not place.exists()


@pytest.mark.parametrize("frontend, windows, asked", [
    ("wav2lip", "76:8", "76 frames x 80 bands"),
    ("openwakeword-embedding", "16:8", "16 frames x 32 bands"),
])
def test_pack_of_what_does_not_fit_the_input(place, model, frontend, windows, asked):
    result = run("pack", model, "--frontend", frontend, "--windows", windows, "-o", place)
    refused(result, MODEL, model, "[N, 76, 32, 1]", asked)
    assert not place.exists()


@pytest.mark.parametrize("command", ["pack", "inspect"])
@pytest.mark.parametrize("content, word", [
    (None, "no such file"), (b"", "empty"), (b"not a model\n" * 100, "ONNX"), ("folder", "folder"),
    ("cut", "ONNX"),
])
def test_what_is_no_model(place, tmp_path, model, command, content, word):
    path = tmp_path / "model.onnx"
    if content == "folder":
        path.mkdir()
    elif content == "cut":
        path.write_bytes(model.read_bytes()[:-100])
    elif content is not None:
        path.write_bytes(content)
    flags = (*FITTING, "-o", place) if command == "pack" else ()
    refused(run(command, path, *flags), MODEL, path, word)
    assert not place.exists()


def test_existing_output_is_kept(place, model):
    place.write_bytes(b"what was there before")
    refused(run("pack", model, *FITTING, "-o", place), OUTPUT, place, "--overwrite")
    assert place.read_bytes() == b"what was there before"


def test_the_model_itself_is_replaced_with_overwrite_only(place, model, packed):
    shutil.copy(model, place)
    refused(run("pack", place, *FITTING, "-o", place), OUTPUT, place, "--overwrite")
    assert place.read_bytes() == model.read_bytes()
    expect(run("pack", place, *FITTING, "-o", place, "--overwrite"))
    assert place.read_bytes() == packed.read_bytes()


def test_missing_folder(place, model):
    path = place.parent / "missing" / "packed.onnx"
    refused(run("pack", model, *FITTING, "-o", path), OUTPUT, path, "mkdir -p")


def test_full_disk_leaves_nothing(tmp_path, model):
    result = run_on_full_disk(
        tmp_path, f'"$1" pack "{model}" {" ".join(FITTING)} -o packed.onnx; echo $?; ls -A')
    assert result.stdout == f"{OUTPUT}\n", result
    assert "no space left" in result.stderr


@pytest.fixture
def large_model(tmp_path):
    """256 MiB of weights."""
    weights = numpy_helper.from_array(np.zeros((1 << 13, 1 << 13), np.float32), "w")
    ports = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", 76, 32])
             for name in ("x", "y")]
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "large", ports[:1],
                              ports[1:], [weights])
    path = tmp_path / "large.onnx"
    onnx.save(helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)]),
              path)
    return path


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_the_model_as_it_was(place, large_model, number, code):
    os.link(large_model, place)
    before = place.stat().st_mtime_ns
    process = start("pack", place, *FITTING, "-o", place, "--overwrite", stderr=subprocess.PIPE)
    end = time.monotonic() + HANG_SECONDS
    while len(list(place.parent.iterdir())) == 1:  # until it has begun to write
        assert time.monotonic() < end and process.poll() is None
    process.send_signal(number)
    result = expect(finish(process), code)
    assert "ossicle: interrupted" in result.stderr
    assert place.samefile(large_model) and place.stat().st_mtime_ns == before
    assert list(place.parent.iterdir()) == [place]


def test_weights_are_not_read_into_memory(place, large_model):
    code = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); "
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    for arguments in (["pack", large_model, *FITTING, "-o", place, "--quiet"], ["inspect", place]):
        words = [os.environ["OSSICLE"], *map(str, arguments)]
        result = subprocess.run(["python3", "-c", code, *words], capture_output=True, check=True)
        assert int(result.stdout.split()[-1]) < 64 * 1024, "KiB"


def test_encode_with_an_unpacked_model_says_what_is_missing(out, speech, model):
    refused(encode(model, speech, out), USAGE, model, "pass frontend and windows", "pack")
    refused(encode(model, speech, out, *FITTING[:2]), USAGE, model, "pass windows,", "pack")
    refused(encode(model, speech, out, *FITTING[2:]), USAGE, model, "pass frontend,", "pack")
    assert not out.exists()


def test_encode_says_what_it_took_from_the_model(out, speech, packed):
    result = expect(encode(packed, speech, out, "--tail", "align"))
    assert ("packed.onnx on openwakeword-embedding in windows of 76:8, tail align "
            "(as packed: front end, windows)") in result.stderr


def test_a_changed_graph_is_refused(out, tmp_path, speech, packed):
    model = onnx.load(packed)
    model.graph.node[0].name += "changed"
    path = tmp_path / "changed.onnx"
    onnx.save(model, path)
    refused(encode(path, speech, out), MODEL, path, "not the one that was packed", "pack this one")
    assert not out.exists()
    expect(encode(path, speech, out, *FITTING, "--tail", "drop"))
    result = expect(run("inspect", path), MODEL)
    assert "not the one that was packed" in result.stdout.decode()
    assert "not the one that was packed" in result.stderr
    assert json.loads(run("inspect", path, "--json").stdout)["packed"]["matches"] is False


@pytest.mark.parametrize("entries, words", [
    ({"windows": "76"}, ['ossicle.windows: windows "76"', "LENGTH:STEP"]),
    ({"tail": "cut"}, ['"cut"', "drop, align or pad"]),
    ({"tail": None}, ["ossicle.tail is missing"]),
    ({"frontend": '{"hop_samples": 0}'}, ["ossicle.frontend: hop_samples=0", "1.."]),
    ({"tail": "\x1b[31mred\n"}, ['tail="?[31mred?"']),
    ({"graph_sha256": "1234"}, ['ossicle.graph_sha256="1234"', "64 hexadecimal digits"]),
    ({"format": "2"}, ['ossicle.format="2"', "must be 1"]),
    ({"version": "9.8.7", "frontend": '{"cochlea": 1}'},
     ["packed by Ossicle 9.8.7", "this is 0.", '"cochlea" is unknown', "update Ossicle"]),
    ({"version": "9.8.7", "format": "2"},
     ["packed by Ossicle 9.8.7", 'ossicle.format="2"', "update Ossicle"]),
])
def test_bad_metadata_say_what_is_wrong(out, tmp_path, speech, packed, entries, words):
    path = with_entries(packed, tmp_path / "bad.onnx", **entries)
    refused(encode(path, speech, out), MODEL, path, "pack it again", *words)
    assert not out.exists()
    result = expect(run("inspect", path), MODEL)
    assert "cannot be used" in result.stdout.decode()
    assert all(word in result.stderr for word in words)
    assert json.loads(run("inspect", path, "--json").stdout)["packed"] is None


def test_metadata_that_do_not_fit_the_input(out, tmp_path, speech, packed):
    path = with_entries(packed, tmp_path / "bad.onnx", windows="16:8")
    refused(encode(path, speech, out), MODEL, path, "[N, 76, 32, 1]", "16 frames x 32 bands",
            "packed again")
    assert not out.exists()
    expect(run("inspect", path), MODEL)


def test_inspect_and_pack_need_no_onnx_runtime(place, tmp_path, model):
    none = {"OSSICLE_ONNXRUNTIME": str(tmp_path / "none.so")}
    expect(run("pack", model, *FITTING, "-o", place, **none))
    text = expect(run("inspect", place, **none)).stdout.decode()
    assert "input_1: float32 [unk__314, 76, 32, 1]" in text
    assert "as packed by Ossicle" in text
    assert '"name": "openwakeword-embedding"' in text


def test_inspect_of_an_unpacked_model(model):
    text = expect(run("inspect", model)).stdout.decode()
    assert "none inside; `ossicle pack` puts one in" in text


def test_names_in_a_model_cannot_command_the_terminal(tmp_path, model):
    evil = onnx.load(model)
    evil.producer_name = "\x1b]0;title\x07\nmodel"
    path = tmp_path / "evil.onnx"
    onnx.save(evil, path)
    text = expect(run("inspect", path)).stdout.decode()
    assert "\x1b" not in text and "?]0;title??model" in text


def test_weights_of_a_model_elsewhere(place, tmp_path, model):
    path = tmp_path / "external.onnx"
    onnx.save(onnx.load(model), path, save_as_external_data=True, location="w.bin")
    refused(run("pack", path, *FITTING, "-o", place), MODEL, path, '"w.bin"',
            place.parent / "w.bin", "copy it there")
    assert not place.exists()
