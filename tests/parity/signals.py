"""What the tests listen to. Every signal is mono float32 with full scale 1.0 and, but for the noise
and the denormals, on the grid of 16 bits, so that every version of NumPy makes the same one.

The scripts under goldens/ import this too, in Python 3.8.
"""

import dataclasses
import fractions
import functools
import hashlib
import pathlib
import wave

import numpy as np
import scipy.signal

SAMPLE_RATE_HZ = 16000
SPEECH_FOLDER = pathlib.Path("/usr/share/pocketsphinx/test/data/librivox")
RAW_FLOAT = f"f32le:{SAMPLE_RATE_HZ}:1"
GOLDEN_RECORDING, GOLDEN_SAMPLES = 1, slice(4000, 36123)  # two seconds, an odd number of samples
MADE_SECONDS, LOW_HZ = 0.25, 20.0


@dataclasses.dataclass(frozen=True)
class Signal:
    path: pathlib.Path
    samples: np.ndarray  # float32, mono, full scale 1.0
    options: tuple = ()  # what the command needs to read `path`

    def __str__(self):
        return self.path.name


def recordings():
    """Debian's pocketsphinx-testdata: five LibriVox recordings of 3 to 7 seconds, 16-bit."""
    paths = sorted(SPEECH_FOLDER.glob("*.wav"))
    assert len(paths) == 5, f"{SPEECH_FOLDER} holds {len(paths)} recordings, not 5: " \
                            "apt-get install pocketsphinx-testdata"
    return [Signal(path, read_pcm16(path)) for path in paths]


def read_pcm16(path):
    with wave.open(str(path), "rb") as file:
        assert (file.getframerate(), file.getsampwidth()) == (SAMPLE_RATE_HZ, 2)
        pcm = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    return (pcm / 32768).astype(np.float32)


def on_grid(samples):
    """Rounded to 16 bits."""
    return (np.clip(np.rint(samples * 32768), -32768, 32767) / 32768).astype(np.float32)


def at_rate(samples, rate_hz):
    """Speech at 16 kHz at another rate."""
    if rate_hz == SAMPLE_RATE_HZ:
        return samples
    ratio = fractions.Fraction(rate_hz, SAMPLE_RATE_HZ)
    return on_grid(scipy.signal.resample_poly(samples.astype(np.float64), ratio.numerator,
                                              ratio.denominator))


@functools.lru_cache(maxsize=None)
def speech(rate_hz):
    """The five recordings: {name: samples}."""
    return {f"speech-{signal.path.stem[-4:]}": at_rate(signal.samples, rate_hz)
            for signal in recordings()}


@functools.lru_cache(maxsize=None)
def short_speech(rate_hz):
    """The two seconds that the goldens hold: {name: samples}."""
    return {"speech": at_rate(recordings()[GOLDEN_RECORDING].samples[GOLDEN_SAMPLES], rate_hz)}


def noise(count):
    return (2 * np.random.default_rng(1).random(count) - 1).astype(np.float32)


@functools.lru_cache(maxsize=None)
def made(rate_hz):
    """What is no speech, a quarter of a second each: {name: samples}."""
    count = int(MADE_SECONDS * rate_hz)
    seconds = np.arange(count) / rate_hz
    octaves = np.log2(0.49 * rate_hz / LOW_HZ) / MADE_SECONDS  # a second
    turns = LOW_HZ / (octaves * np.log(2)) * 2.0 ** (octaves * seconds)
    tones = sum(np.sin(2 * np.pi * hz * seconds) for hz in (220.0, 441.0, 1330.0))
    impulse = np.zeros(count, np.float32)
    impulse[count // 2] = 1.0
    return {
        "sweep": on_grid(0.5 * np.sin(2 * np.pi * turns)),
        "noise": noise(count),
        "quiet-noise": np.float32(0.01) * noise(count)[:count // 2 * 2 - 37],
        "silence": np.zeros(count, np.float32),
        "dc": np.full(count, 0.5, np.float32),
        "impulse": impulse,
        "square": on_grid(np.where(np.floor(2000.0 * seconds) % 2 == 0, 1.0, -1.0)),
        "clipped": on_grid(tones),
        "denormals": noise(count) * np.float32(1e-40),
    }


def of_lengths(window_samples, fft_size):
    """Noise of the lengths at which front ends differ: {name: samples}."""
    lengths = {1, 2, window_samples - 1, window_samples, window_samples + 1, fft_size // 2,
               fft_size // 2 + 1, fft_size - 1, fft_size, 2 * fft_size + 1}
    return {f"length-{count}": noise(count) for count in sorted(lengths) if count > 0}


def digest(samples):
    return hashlib.sha256(np.ascontiguousarray(samples, "<f4").tobytes()).hexdigest()[:16]


def written(path, samples, rate_hz=SAMPLE_RATE_HZ):
    import soundfile
    soundfile.write(path, samples, rate_hz, subtype="FLOAT")
    return Signal(path, samples)
