"""What lhotse answers: goldens for tests/compat/test_lhotse.py. A family of
tests/parity/goldens/make.py."""

import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import calls
import lhotse
import lhotse_calls
import torch
from lhotse.features.kaldi import extractors

GOLDENS = [extractors]


def write(api, folder):
    torch.set_num_threads(1)
    path = pathlib.Path(folder) / "lhotse.npz"
    np.savez_compressed(path, version=np.array(lhotse.__version__),
                        **calls.stored(lhotse_calls.calls(), api))
    print(f"{path.stat().st_size / 1024:7.0f} KiB  {path.name}", flush=True)
