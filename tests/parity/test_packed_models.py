"""A packed model is still everybody's model, and `ossicle encode` needs nothing but it."""

import hashlib
import json
import os

import command
import numpy as np
import onnx
import onnxruntime
import pytest
import references

FLAGS = ("--frontend", "wav2lip", "--windows", "16:80/25", "--tail", "align")
TYPES = {"float32": onnx.TensorProto.FLOAT}


def pack(model, output, *flags):
    command.run("pack", model, *(flags or FLAGS), "-o", output)
    return output


@pytest.fixture
def packed(wav2lip_encoder, tmp_path):
    return pack(wav2lip_encoder, tmp_path / "packed.onnx")


def test_onnx_checks_and_loads_it_with_our_entries_alone_added(wav2lip_encoder, packed):
    model = onnx.load(packed)
    onnx.checker.check_model(model, full_check=True)
    entries = {entry.key: entry.value for entry in model.metadata_props}
    assert entries.pop("ossicle.format") == "1"
    assert json.loads(entries.pop("ossicle.frontend")) == command.spec("wav2lip")
    assert entries.pop("ossicle.windows") == "16:80/25"
    assert entries.pop("ossicle.tail") == "align"
    assert entries.pop("ossicle.version")
    assert entries.pop("ossicle.graph_sha256") == \
        hashlib.sha256(model.graph.SerializeToString()).hexdigest()
    assert entries == {}
    del model.metadata_props[:]
    assert model == onnx.load(wav2lip_encoder)


def test_what_onnx_saves_again_is_still_the_model_that_was_packed(packed, tmp_path, speech):
    again = tmp_path / "again.onnx"
    onnx.save(onnx.load(packed), again)
    assert command.run("encode", "--model", again, speech[0].path, "-o", "-") == \
        command.run("encode", "--model", packed, speech[0].path, "-o", "-")


def test_pythons_onnx_runtime_gives_the_same_bits(wav2lip_encoder, packed):
    batch = onnx.load(wav2lip_encoder).graph.input[0].type.tensor_type.shape.dim[0].dim_value or 3
    windows = np.random.default_rng(1).normal(0, 2, (batch, 1, 80, 16)).astype(np.float32)

    def outputs(model):
        session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
        return session.run(None, {"mel": windows})[0].tobytes()

    assert outputs(packed) == outputs(wav2lip_encoder)


def test_encode_with_the_packed_model_alone_gives_the_bytes_of_the_flags(wav2lip_encoder, packed,
                                                                          speech):
    for signal in speech:
        by_flags = command.run("encode", "--model", wav2lip_encoder, *FLAGS, signal.path, "-o", "-")
        assert command.run("encode", "--model", packed, signal.path, "-o", "-") == by_flags


@pytest.mark.parametrize("flags", [("--frontend", "whisper-80"), ("--windows", "16:5:2"),
                                   ("--tail", "pad")])
def test_a_flag_wins_over_what_was_packed(wav2lip_encoder, packed, speech, flags):
    path = speech[0].path
    every = dict(zip(FLAGS[::2], FLAGS[1::2])) | dict([flags])
    by_flags = command.run("encode", "--model", wav2lip_encoder,
                           *[word for pair in every.items() for word in pair], path, "-o", "-")
    assert command.run("encode", "--model", packed, *flags, path, "-o", "-") == by_flags


def test_a_spec_of_ones_own_is_packed_whole(wav2lip_encoder, tmp_path, speech):
    spec = tmp_path / "mine.json"
    spec.write_text(json.dumps(command.spec("wav2lip") | {"name": "mine", "low_hz": 80.0}))
    flags = ("--frontend", spec, "--windows", "16:4")
    packed = pack(wav2lip_encoder, tmp_path / "packed.onnx", *flags)
    by_flags = command.run("encode", "--model", wav2lip_encoder, *flags, speech[0].path, "-o", "-")
    spec.unlink()
    assert command.run("encode", "--model", packed, speech[0].path, "-o", "-") == by_flags


def declared(port):
    tensor = port.type.tensor_type
    shape = [each.dim_param or "?" if not each.HasField("dim_value") else each.dim_value
             for each in tensor.shape.dim]
    return port.name, tensor.elem_type, shape


@pytest.mark.parametrize("name", ["embedding_model.onnx", "melspectrogram.onnx", "lipsync"])
def test_inspect_says_of_a_model_what_onnx_says(name, wav2lip_encoder):
    path = wav2lip_encoder if name == "lipsync" else references.model_path(name)
    model = onnx.load(path)
    found = json.loads(command.run("inspect", path, "--json"))
    for ports, said in ((model.graph.input, found["inputs"]), (model.graph.output, found["outputs"])):
        assert [declared(port) for port in ports] == \
            [(port["name"], TYPES[port["type"]], port["shape"]) for port in said]
    assert found["ir_version"] == model.ir_version
    assert found["opsets"] == {each.domain: each.version for each in model.opset_import}
    assert found["producer"] == f"{model.producer_name} {model.producer_version}".strip()
    assert found["packed"] is None and found["problem"] is None


def test_weights_in_a_file_of_their_own_stay_there(wav2lip_encoder, packed, tmp_path, speech):
    model = tmp_path / "external.onnx"
    onnx.save(onnx.load(wav2lip_encoder), model, save_as_external_data=True, location="w.bin")
    output = pack(model, tmp_path / "external_packed.onnx")
    assert os.path.getsize(output) < 100_000
    assert json.loads(command.run("inspect", output, "--json"))["external_files"] == ["w.bin"]
    assert command.run("encode", "--model", output, speech[0].path, "-o", "-") == \
        command.run("encode", "--model", packed, speech[0].path, "-o", "-")
