"""`ossicle compare` says of real libraries' outputs what is known to be true of them."""

import json
import re

import librosa
import numpy as np
import pytest
import references
import scipy.signal
from command import run


def wav2lip(samples, window, pad_mode="constant"):
    """(80, frames): Wav2Lip's audio.py, with the window and the padding of a port."""
    emphasised = scipy.signal.lfilter([1, -0.97], [1], samples)
    spectrum = np.abs(librosa.stft(emphasised, n_fft=800, hop_length=200, win_length=800,
                                   window=window, pad_mode=pad_mode))
    bank = librosa.filters.mel(sr=16000, n_fft=800, n_mels=80, fmin=55, fmax=7600)
    decibel = 20 * np.log10(np.maximum(1e-5, bank @ spectrum)) - 20
    return np.clip(8 * ((decibel + 100) / 100) - 4, -4, 4)


def hann(symmetric=False, kept=800):
    window = scipy.signal.windows.hann(800, sym=symmetric)
    window[kept:] = 0
    return window


def kaldi_of_onnx_asr(samples):
    pytest.importorskip("onnx_asr")  # needs Python 3.10
    return references.onnx_asr_graph("kaldi.onnx", samples)


MEAN_OF_SIGNAL = "the mean of the whole signal was subtracted first: no spec says that"

# What made it, the preset that it is nearest to, and all that is different.
OUTPUTS = {
    "kaldi-native-fbank's Whisper": (
        references.kaldi_whisper, "whisper-80",
        ["frames are 80 samples late: Kaldi's no-snip, not centred",
         "beyond the ends mirrored with the edge sample twice, not mirrored",
         "last frame kept, not dropped",
         "frames first, not bands first"]),
    "onnx-asr's kaldi.onnx": (
        kaldi_of_onnx_asr, "icefall-fbank-80",
        [MEAN_OF_SIGNAL, "each frame's mean kept, not removed"]),
    "librosa 0.7's padding": (
        lambda samples: wav2lip(samples, hann(), "reflect"), "wav2lip@librosa-0.7", []),
    "a symmetric Hann": (
        lambda samples: wav2lip(samples, hann(symmetric=True)), "wav2lip@librosa-0.9",
        ["Hann symmetric, not periodic"]),
    "a window that is cut": (
        lambda samples: wav2lip(samples, hann(kept=640)), "wav2lip@librosa-0.9",
        ["window cut at 640 of 800 samples, not whole"]),
}


@pytest.fixture(scope="module")
def talk(speech):
    return speech[0]


@pytest.fixture(params=OUTPUTS)
def output(request, talk, tmp_path):
    """Path of the array, the nearest preset, and what is different."""
    make, preset, differences = OUTPUTS[request.param]
    path = tmp_path / "mine.npy"
    np.save(path, make(talk.samples).astype(np.float32))
    return path, preset, differences


def test_the_differences_of_real_outputs_are_named(output, talk, tmp_path):
    path, preset, differences = output
    best = tmp_path / "best.json"
    report = run("compare", path, "--audio", talk.path, "-o", best).decode()
    found = re.search(r"^found +(\S+?)(, but)?\n((?: +- .*\n)*)", report, re.M)
    assert found[1] == preset, report
    assert [line.strip(" -") for line in found[3].splitlines()] == differences, report
    assert "certain: what is left is rounding" in report


def test_the_spec_that_was_found_gives_the_same_features(output, talk, tmp_path):
    path, _, differences = output
    if MEAN_OF_SIGNAL in differences:
        pytest.skip("no spec gives it")
    best = tmp_path / "best.json"
    run("compare", path, "--audio", talk.path, "-o", best)
    again = tmp_path / "again.npy"
    run("extract", "--frontend", best, talk.path, "-o", again)
    mine, same = np.load(path), np.load(again)
    assert mine.shape == same.shape
    assert np.abs(mine - same).max() < 1e-4


def test_two_outputs_are_compared_with_each_other(talk, tmp_path):
    symmetric, periodic = tmp_path / "symmetric.npy", tmp_path / "periodic.npy"
    np.save(symmetric, wav2lip(talk.samples, hann(symmetric=True)).astype(np.float32))
    np.save(periodic, wav2lip(talk.samples, hann()).astype(np.float32))
    result = json.loads(run("compare", symmetric, periodic, "--audio", talk.path, "--json"))
    [deviation] = result["difference"]["deviations"]
    assert deviation["text"] == "Hann symmetric, not periodic"
    assert result["difference"]["together"]["mean"] == pytest.approx(result["arrays"]["mean"], 1e-3)
    assert result["theirs"]["identification"]["deviations"] == []
