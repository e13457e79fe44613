"""What openWakeWord answers: goldens for tests/compat/test_openwakeword.py. A family of
tests/parity/goldens/make.py. OSSICLE_MODELS is the folder with its models."""

import importlib.metadata
import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import calls
import openwakeword_calls
from openwakeword.utils import AudioFeatures

GOLDENS = [AudioFeatures]


def write(kind, folder):
    path = pathlib.Path(folder) / "openwakeword.npz"
    np.savez_compressed(path, version=np.array(importlib.metadata.version("openwakeword")),
                        **calls.stored(openwakeword_calls.calls(), kind))
    print(f"{path.stat().st_size / 1024:7.0f} KiB  {path.name}", flush=True)
