"""ossicle.compat.openwakeword beside openWakeWord, which has to be installed. $OSSICLE_MODELS is
the folder with its models."""

import sys

sys.path.pop(0)  # this folder, in which the files have the names of the originals
import importlib.metadata
import os
import pathlib

import numpy as np
from openwakeword import utils as original
from ossicle.compat import openwakeword as ours

sys.path.append(str(pathlib.Path(__file__).parent))
import runner


def made(module):
    folder = os.environ["OSSICLE_MODELS"]
    np.random.seed(0)
    return module.AudioFeatures(
        melspec_model_path=os.path.join(folder, "melspectrogram.onnx"),
        embedding_model_path=os.path.join(folder, "embedding_model.onnx"))


def live(features, chunks):
    for chunk in chunks:
        features(chunk)
    return features.get_features(100)


def cases():
    speech = (runner.speech() * 32768).astype(np.int16)
    clips, chunks = speech.reshape(30, 32000), np.split(speech, len(speech) // 1280)
    features = {module: made(module) for module in (ours, original)}

    def case(name, difference, call):
        return runner.Case(name, *(lambda module=module: call(features[module])
                                   for module in (ours, original)), difference)

    yield case("_get_melspectrogram", 1e-3, lambda each: each._get_melspectrogram(speech))
    yield case("_get_embeddings", 1e-2, lambda each: each._get_embeddings(speech))
    yield case("embed_clips, 30 clips of 2 s", 1e-2, lambda each: each.embed_clips(clips))
    yield case("80 ms at a time", 1e-2, lambda each: live(each, chunks))


if __name__ == "__main__":
    version = importlib.metadata.version("openwakeword")
    runner.main(f"openWakeWord {version}", list(cases()))
