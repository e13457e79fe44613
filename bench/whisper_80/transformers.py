"""transformers' WhisperFeatureExtractor where PyTorch is not installed: its NumPy path."""

from transformers import WhisperFeatureExtractor
from transformers.utils import is_torch_available

PACKAGE = "transformers"


def make(samples, task):
    assert not is_torch_available(), "with PyTorch it would take another path"
    extractor = WhisperFeatureExtractor(feature_size=task["bands"])

    def call():
        return extractor(samples, sampling_rate=16000, truncation=False, padding="longest",
                         return_tensors="np")["input_features"][0]

    return call
