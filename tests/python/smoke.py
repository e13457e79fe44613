"""What a wheel must do wherever it was installed: numbers, a file, a stream, the command. Needs NumPy
alone, and neither a model nor the network."""

import hashlib
import pathlib
import subprocess
import sys
import tempfile
import wave

import numpy as np

import ossicle

# Of the bytes that each preset gives for signal(), on every machine.
DIGESTS = {
    "wav2lip": "30790aa8dd7d400b",
    "whisper-80": "b95a795be94a0595",
    "kaldi-fbank-80": "2730ff28c76c5617",
}


def signal():
    """Two seconds of integers, so that every machine has the same samples."""
    n = np.arange(32000, dtype=np.int64)
    return ((n * n * 7 + n * 331) % 24001 - 12000).astype(np.int16)


def whisper_by_numpy(samples):
    """Whisper's log-mel spectrogram from its definition, in float64."""
    padded = np.pad(samples.astype(np.float64) / 32768, 200, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, 400)[::160][:-1]
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 400)
    power = np.abs(np.fft.rfft(frames * window)) ** 2
    mel = np.linspace(0, 15 + 27 * np.log(8000 / 1000) / np.log(6.4), 82)
    edges = np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * np.log(6.4) / 27))[:, None]
    bins = np.arange(201) * 40.0
    up = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    down = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    bank = np.maximum(0, np.minimum(up, down)) * 2 / (edges[2:] - edges[:-2])
    logs = np.log10(np.maximum(bank @ power.T, 1e-10))
    return (np.maximum(logs, logs.max() - 8) + 4) / 4


def check_numbers(samples):
    found = ossicle.Frontend("whisper-80")(samples)
    difference = np.abs(found - whisper_by_numpy(samples)).max()
    assert found.shape == (80, 200) and difference < 1e-5, (found.shape, difference)
    for name, digest in DIGESTS.items():
        features = np.ascontiguousarray(ossicle.Frontend(name)(samples))
        assert hashlib.sha256(features.tobytes()).hexdigest()[:16] == digest, (name, features)


def check_stream(samples):
    whole = ossicle.Frontend("kaldi-fbank-80")(samples)
    pieces = list(ossicle.Stream("kaldi-fbank-80", np.array_split(samples, 77)))
    assert np.array_equal(np.concatenate(pieces), whole)


def check_command(samples, folder):
    with wave.open(str(folder / "a.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(samples.tobytes())
    command = pathlib.Path(sys.executable).parent / "ossicle"
    subprocess.run([command, "extract", "--frontend", "wav2lip", "a.wav", "-o", "a.npy"], check=True,
                   cwd=folder, capture_output=True)
    assert np.array_equal(np.load(folder / "a.npy"), ossicle.Frontend("wav2lip")(samples))
    said = subprocess.run([command, "--version"], check=True, capture_output=True, text=True).stdout
    assert said.startswith(f"ossicle {ossicle.__version__} "), said
    assert np.array_equal(ossicle.extract(folder / "a.wav", "wav2lip"), np.load(folder / "a.npy"))


def main():
    samples = signal()
    check_numbers(samples)
    check_stream(samples)
    with tempfile.TemporaryDirectory() as folder:
        check_command(samples, pathlib.Path(folder))
    print(f"ossicle {ossicle.__version__} on {ossicle.instruction_set()}: all as it should be")


main()
