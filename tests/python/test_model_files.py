"""pack and inspect, and paths of models."""

import os

import command
import onnx
import pytest
from bits import same_bits
from demo import BOTH, FRONTEND, WINDOWS

import ossicle


@pytest.fixture(scope="module")
def packed(model, tmp_path_factory):
    path = tmp_path_factory.mktemp("packed") / "packed.onnx"
    ossicle.pack(model, path, **BOTH, tail="align")
    return path


def test_what_is_read_of_a_file_shows_itself(model, tmp_path):
    file = ossicle.inspect(model)
    assert repr(file.inputs[0]) == (
        f"ModelPort(name={file.inputs[0].name!r}, type='float32', shape={file.inputs[0].shape!r})")
    assert repr(file) == (f"ModelFile(path={str(model)!r}, producer={file.producer!r}, "
                          f"inputs={file.inputs!r}, outputs={file.outputs!r})")
    packed = ossicle.pack(model, tmp_path / "packed.onnx", **BOTH)
    assert repr(packed) == (f"ModelMetadata(spec={packed.spec!r}, windows='76:8', tail='drop', "
                            f"packed_by={ossicle.__version__!r})")


def test_a_packed_model_needs_nothing(packed, model, wav, engine):
    from_packed = ossicle.Engine(packed)
    assert (from_packed.is_packed, from_packed.windows, from_packed.tail) == (True, "76:8", "align")
    assert from_packed.spec == engine.spec
    wanted = command.load(command.run("encode", "--model", packed, wav, "-o", "-"))
    same_bits(from_packed(wav).values, wanted)
    same_bits(ossicle.Engine(packed, tail="drop")(wav).values, engine(wav).values)


def test_pack_writes_the_commands_bytes(packed, model, tmp_path):
    command.run("pack", model, "--frontend", FRONTEND, "--windows", WINDOWS, "--tail", "align",
                "-o", tmp_path / "packed.onnx")
    assert packed.read_bytes() == (tmp_path / "packed.onnx").read_bytes()


def test_inspect_tells_what_was_packed(packed, model):
    file = ossicle.inspect(packed)
    assert file.path == str(packed)
    assert file.metadata.spec == ossicle.preset(FRONTEND)
    assert (file.metadata.windows, file.metadata.tail) == ("76:8", "align")
    assert file.metadata.packed_by == ossicle.__version__
    assert len(file.metadata.graph_sha256) == 64
    plain = ossicle.inspect(model)
    assert plain.metadata is None
    ports = [(port.name, list(port.shape)) for port in file.inputs]
    graph = onnx.load(model).graph
    assert [name for name, _ in ports] == [port.name for port in graph.input]
    assert file.opsets == [(each.domain, each.version) for each in onnx.load(model).opset_import]
    assert file.external_files == []


def test_pack_gives_what_inspect_reads(model, tmp_path):
    spec = ossicle.preset(FRONTEND)
    given = ossicle.pack(model, tmp_path / "out.onnx", frontend=spec, windows="76:80/25")
    read = ossicle.inspect(tmp_path / "out.onnx").metadata
    for name in ("spec", "windows", "tail", "graph_sha256", "packed_by"):
        assert getattr(given, name) == getattr(read, name)


def test_pack_overwrites_only_what_it_is_told_to(model, tmp_path):
    (tmp_path / "out.onnx").write_text("kept")
    with pytest.raises(ossicle.OutputError, match="out.onnx"):
        ossicle.pack(model, tmp_path / "out.onnx", **BOTH)
    assert (tmp_path / "out.onnx").read_text() == "kept"
    ossicle.pack(model, tmp_path / "out.onnx", **BOTH, overwrite=True)
    assert ossicle.inspect(tmp_path / "out.onnx").metadata.windows == WINDOWS


def test_a_model_that_is_none_is_named(tmp_path, wav):
    for make in (lambda path: ossicle.Engine(path, **BOTH), ossicle.Encoder, ossicle.inspect,
                 lambda path: ossicle.pack(path, tmp_path / "out.onnx", **BOTH)):
        with pytest.raises(ossicle.ModelError, match="nothing.onnx.*no such file"):
            make(tmp_path / "nothing.onnx")
        with pytest.raises(ossicle.ModelError, match="speech.wav"):
            make(wav)
        with pytest.raises(ossicle.ModelError):
            make(tmp_path)
        for wrong in (5, None):
            with pytest.raises(TypeError):
                make(wrong)
    assert not (tmp_path / "out.onnx").exists()


def test_names_of_files_need_not_be_unicode(model, speech, tmp_path):
    path = os.fsencode(tmp_path) + b"/m\xff.onnx"
    with open(path, "wb") as file:
        file.write(model.read_bytes())
    engine = ossicle.Engine(os.fsdecode(path), **BOTH)
    assert os.fsencode(engine.path) == path
    assert os.fsencode(ossicle.Encoder(os.fsdecode(path)).path) == path
    assert os.fsencode(ossicle.inspect(os.fsdecode(path)).path) == path
    with pytest.raises(ossicle.ModelError, match=r"n\\xff.onnx"):
        ossicle.Engine(os.fsdecode(os.fsencode(tmp_path) + b"/n\xff.onnx"), **BOTH)
