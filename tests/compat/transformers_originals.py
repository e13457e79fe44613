"""transformers' own feature extractors, with the little of PyTorch that AST and CLAP take for
padding and for interpolation written in NumPy: neither runs without it."""

import contextlib
import importlib
import sys
import types

import numpy as np
import transformers  # before there is a stand-in, which it would take for PyTorch

AST = ("transformers.models.audio_spectrogram_transformer."
       "feature_extraction_audio_spectrogram_transformer")


class Tensor(np.ndarray):
    def numpy(self):
        return np.asarray(self)


def tensor(values):
    return np.asarray(values).view(Tensor)


def zero_pad_2d(sides):
    left, right, top, bottom = sides
    return lambda values: tensor(np.pad(values, ((top, bottom), (left, right))))


def interpolate(values, size, mode, align_corners):
    """Bilinear, of (1, 1, rows, columns) and for other rows: PyTorch's definition, row by row. The
    product and its subtraction are rounded once, as by PyTorch where the processor can."""
    assert mode == "bilinear" and not align_corners
    rows, columns = values.shape[2:]
    if columns != size[1]:
        return tensor(np.full((1, 1, *size), np.nan))  # of this no call makes use
    result = np.zeros((1, 1, *size), np.float32)
    for row in range(size[0]):
        scale = float(np.float32(rows) / np.float32(size[0]))
        place = np.float32(max(scale * (row + 0.5) - 0.5, 0.0))
        first = int(place)
        second = min(first + 1, rows - 1)
        weight = np.float32(place - np.float32(first))
        result[0, 0, row] = ((np.float32(1) - weight) * values[0, 0, first]
                             + weight * values[0, 0, second])
    return tensor(result)


def _stand_in():
    functional = types.SimpleNamespace(interpolate=interpolate)
    torch = types.ModuleType("torch")
    torch.tensor = torch.from_numpy = tensor
    torch.nn = types.SimpleNamespace(functional=functional, ZeroPad2d=zero_pad_2d)
    return torch


@contextlib.contextmanager
def _importable(torch):
    sys.modules["torch"] = torch
    try:
        yield
    finally:
        del sys.modules["torch"]


def original(name):
    """The class of transformers with this name."""
    assert "torch" not in sys.modules, "the originals are to run in NumPy"
    if name == "ClapFeatureExtractor":
        with _importable(_stand_in()):
            module = importlib.import_module("transformers.models.clap.feature_extraction_clap")
        return module.ClapFeatureExtractor
    if name == "ASTFeatureExtractor":
        importlib.import_module(AST).torch = _stand_in()
    return getattr(transformers, name)
