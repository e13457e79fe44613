"""What transformers and openai-whisper give with PyTorch, which the tests do without:
transformers_golden.py writes goldens/transformers.npz."""

import pathlib
import sys

import numpy as np

PATH = pathlib.Path(__file__).parent / "goldens" / "transformers.npz"
SMALL_CLAP = {"sampling_rate": 16000, "frequency_max": 8000, "hop_length": 160,
              "fft_window_size": 400}
# Of one clip: the class, its arguments and those of the call.
CASES = {
    "whisper": ("WhisperFeatureExtractor", {}, {"max_length": 3300}),
    "whisper-normalized": ("WhisperFeatureExtractor", {"feature_size": 128},
                           {"max_length": 3300, "do_normalize": True}),
    "ast": ("ASTFeatureExtractor", {"max_length": 25}, {}),
    "clap-fusion": ("ClapFeatureExtractor", SMALL_CLAP, {"max_length": 2000}),
    "clap-pad": ("ClapFeatureExtractor", SMALL_CLAP, {"max_length": 8000, "padding": "repeatpad"}),
    "clap-crop": ("ClapFeatureExtractor", SMALL_CLAP,
                  {"max_length": 2000, "truncation": "rand_trunc"}),
    "seamless-m4t": ("SeamlessM4TFeatureExtractor", {}, {}),
    "speech-to-text": ("Speech2TextFeatureExtractor", {}, {}),
}
SEED = 7


def clip():
    sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "parity"))
    import signals
    return signals.short_speech(16000)["speech"][8000:14321]


def batch():
    """Two clips for openai-whisper, one of them quiet."""
    return np.stack([clip()[:3300], np.float32(0.01) * clip()[3000:6300]])


def answer(module, case):
    name, made, called = CASES[case]
    np.random.seed(SEED)
    found = getattr(module, name)(**made)(clip(), sampling_rate=16000, return_tensors="np",
                                          **called)
    return found[found_key(name)]


def found_key(name):
    return "input_values" if name == "ASTFeatureExtractor" else "input_features"


def main():
    import torch
    import transformers
    import whisper
    torch.set_num_threads(1)
    arrays = {case: answer(transformers, case) for case in CASES}
    arrays["openai-whisper"] = whisper.log_mel_spectrogram(torch.from_numpy(batch())).numpy()
    PATH.parent.mkdir(exist_ok=True)
    np.savez_compressed(PATH, **arrays)


if __name__ == "__main__":
    main()
