"""onnx-asr's Kaldi preprocessor in NumPy; the scaling to 16 bits is not counted."""

import numpy as np
from onnx_asr.preprocessors.numpy_preprocessor import KaldiPreprocessorNumpy

PACKAGE = "onnx-asr"


def make(samples, task):
    preprocessor = KaldiPreprocessorNumpy("kaldi")
    waveforms, lengths = samples[np.newaxis] * np.float32(32768), np.array([len(samples)])
    return lambda: preprocessor(waveforms, lengths)[0][0]
