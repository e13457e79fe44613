"""Encoder: windows to embeddings, and the ONNX Runtime that does it."""

import inspect
import os
import typing

import numpy as np
import pytest
from bits import same_bits
from children import python
from demo import BOTH, FRONTEND

import ossicle


def test_the_encoder_gives_the_engines_bits(engine, model, speech):
    features = ossicle.Frontend(FRONTEND)(speech)
    starts = range(0, len(features) - 75, 8)
    windows = np.stack([features[start:start + 76] for start in starts])
    encoder = ossicle.Encoder(model)
    wanted = engine(speech).values
    same_bits(encoder(windows), wanted)
    same_bits(encoder(windows.transpose(0, 2, 1).copy(), layout="bands-first"), wanted)
    same_bits(encoder(np.repeat(windows, 2, 0)[::2]), wanted)
    same_bits(encoder(windows.astype(np.float64)), wanted)
    assert encoder(windows[:0]).shape == (0, 96)
    assert (encoder.path, encoder.embedding_size) == (str(model), 96)
    assert len(encoder.input_shape) == 4


def test_wrong_windows_are_refused_by_the_encoder(model):
    encoder = ossicle.Encoder(model)
    with pytest.raises(ossicle.ShapeError, match=r"\(76, 32\); give three dimensions"):
        encoder(np.zeros((76, 32), np.float32))
    for wrong in (None, "talk.wav", [[[1.0]]], np.zeros((1, 76, 32), object),
                  np.zeros((1, 76, 32), complex)):
        with pytest.raises(TypeError, match="windows are a"):
            encoder(wrong)
    for shape in ((2, 75, 32), (2, 76, 31), (2, 0, 32)):
        with pytest.raises(ossicle.Error):
            encoder(np.zeros(shape, np.float32))
    with pytest.raises(ossicle.SpecError, match='layout="frames", but it must be one of frames-first, bands-first'):
        encoder(np.zeros((1, 76, 32), np.float32), layout="frames")


def test_options_change_no_bit(model, engine, speech):
    for options in ({"workers": 1}, {"workers": 3, "max_batch": 2},
                    {"sessions": 2, "providers": ["cpu"]}):
        other = ossicle.Engine(model, **BOTH, options=options)
        same_bits(other(speech).values, engine(speech).values)


def test_options_are_typed_as_the_engine_names_them(model):
    with pytest.raises(ossicle.SpecError) as caught:
        ossicle.Encoder(model, {"nothing": 1})
    listed = str(caught.value).split("there are ")[1].split(", ")
    assert listed == list(typing.get_type_hints(ossicle.EncoderOptions))


def test_onnxruntime_is_the_one_that_was_chosen():
    info = ossicle.load_onnxruntime()
    assert info.path == os.environ["OSSICLE_ONNXRUNTIME"]
    assert info.version in repr(info)
    assert "CPUExecutionProvider" in info.providers
    assert ossicle.load_onnxruntime("elsewhere").path == info.path  # the first stays


FIND = """
import sys, ossicle
info = ossicle.load_onnxruntime()
assert "onnxruntime" not in sys.modules
print(info.path)
"""


def test_the_installed_onnxruntime_is_found_without_an_import():
    onnxruntime = pytest.importorskip("onnxruntime")
    folder = os.path.dirname(inspect.getfile(onnxruntime))
    found = python(FIND, OSSICLE_ONNXRUNTIME="").strip()
    assert os.path.dirname(found) == os.path.join(folder, "capi")


def test_an_onnxruntime_that_is_none_is_named(wav):
    script = """
import sys, ossicle
try: ossicle.load_onnxruntime(sys.argv[1])
except ossicle.ModelError as error: print(error)
"""
    for path in (wav, "/nowhere/libonnxruntime.so"):
        assert str(path) in python(script, path)
