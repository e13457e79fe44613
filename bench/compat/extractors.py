"""ossicle.compat.transformers beside transformers, which computes in NumPy without PyTorch, and by
PyTorch and torchaudio where they are installed."""

import functools
import importlib.util
import pathlib
import sys
import warnings

import runner

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "tests" / "compat"))

import numpy as np
import ossicle.compat.transformers as ours
import transformers

HAS_TORCH = importlib.util.find_spec("torch") is not None
# The class, its arguments, the rate in Hz, the largest difference.
CALLS = [
    ("WhisperFeatureExtractor", {"chunk_length": 60}, 16000, 1e-3),
    ("ASTFeatureExtractor", {"max_length": 6000}, 16000, 5e-3),
    ("ClapFeatureExtractor", {"truncation": "fusion"}, 48000, 0.5),
    ("ClapFeatureExtractor", {"truncation": "rand_trunc", "max_length_s": 60}, 48000, 0.5),
    ("SeamlessM4TFeatureExtractor", {}, 16000, 5e-3),
    ("Speech2TextFeatureExtractor", {}, 16000, 5e-3),
]


def original(name):
    if HAS_TORCH:
        return getattr(transformers, name)
    from transformers_originals import original as without_torch
    return without_torch(name)


def features(extractor, samples):
    np.random.seed(0)  # CLAP's places are the same
    batch = extractor(samples, sampling_rate=extractor.sampling_rate, return_tensors="np")
    return batch[extractor.model_input_names[0]]


def cases():
    for name, arguments, rate_hz, largest in CALLS:
        samples = runner.speech(rate_hz)
        calls = [functools.partial(features, kind(**arguments), samples)
                 for kind in (getattr(ours, name), original(name))]
        shown = ", ".join(f"{key}={value}" for key, value in arguments.items())
        yield runner.Case(f"{name}({shown})", *calls, largest)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    transformers.logging.set_verbosity_error()
    if HAS_TORCH:
        import torch
        torch.set_num_threads(1)
    runner.main(f"transformers {transformers.__version__} with "
                f"{'PyTorch' if HAS_TORCH else 'NumPy'}", list(cases()))
