"""What the tests listen to: five LibriVox recordings and made signals, each with the samples that a
reader of its file gets."""

import dataclasses
import pathlib

import numpy as np
import soundfile

SAMPLE_RATE_HZ = 16000
SPEECH_FOLDER = pathlib.Path("/usr/share/pocketsphinx/test/data/librivox")
RAW_FLOAT = f"f32le:{SAMPLE_RATE_HZ}:1"


@dataclasses.dataclass(frozen=True)
class Signal:
    path: pathlib.Path
    samples: np.ndarray  # float32, mono, full scale 1.0
    options: tuple = ()  # what the command needs to read `path`

    def __str__(self):
        return self.path.name


def speech():
    """Debian's pocketsphinx-testdata: 3 to 7 seconds each, 16-bit."""
    paths = sorted(SPEECH_FOLDER.glob("*.wav"))
    assert len(paths) == 5, f"{SPEECH_FOLDER} holds {len(paths)} recordings, not 5: " \
                            "apt-get install pocketsphinx-testdata"
    return [Signal(path, read(path)) for path in paths]


def read(path):
    samples, rate = soundfile.read(path, dtype="float32")
    assert rate == SAMPLE_RATE_HZ
    return samples


def made(folder):
    """Noise: a loud second, a quiet one of odd length, one shorter than Wav2Lip's 800 samples."""
    noise = np.random.default_rng(1).uniform(-1, 1, SAMPLE_RATE_HZ).astype(np.float32)
    raw = folder / "noise.f32"
    raw.write_bytes(noise.astype("<f4").tobytes())
    return [Signal(raw, noise, ("--raw", RAW_FLOAT)),
            written(folder / "odd.wav", 0.01 * noise[:12347]),
            written(folder / "short.wav", 0.3 * noise[-601:])]


def written(path, samples):
    soundfile.write(path, samples, SAMPLE_RATE_HZ, subtype="FLOAT")
    return Signal(path, read(path))
