"""ossicle.compat.lhotse beside lhotse, which has to be installed, and PyTorch with it."""

import sys

sys.path.pop(0)  # this folder, in which the files have the names of the originals
import pathlib

import lhotse
import numpy as np
import torch
from lhotse.features.kaldi import extractors as original
from ossicle.compat import lhotse as ours

sys.path.append(str(pathlib.Path(__file__).parent))
import runner


def cases():
    speech = runner.speech()
    clips = [speech[start:start + 80000] for start in range(0, len(speech), 80000)]
    pair = ours, original

    def case(name, difference, call):
        return runner.Case(name, *(lambda module=module: call(module) for module in pair),
                           difference)

    fbanks = {module: module.Fbank() for module in pair}
    mfccs = {module: module.Mfcc() for module in pair}
    yield case("Fbank().extract", 2e-3, lambda module: fbanks[module].extract(speech, 16000))
    yield case("Mfcc().extract", 2e-3, lambda module: mfccs[module].extract(speech, 16000))
    yield case("Fbank().extract_batch of 12 clips of 5 s", 2e-3,
               lambda module: np.stack(fbanks[module].extract_batch(clips, 16000)))


if __name__ == "__main__":
    torch.set_num_threads(1)
    runner.main(f"lhotse {lhotse.__version__}, torch {torch.__version__}", list(cases()))
