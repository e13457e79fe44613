"""How far features move when other than the reference's resampler made the audio that they are
computed from."""

import functools
import pathlib
import tempfile

import command
import numpy as np
import resampler_errors
import scipy.signal
import signals
import swr

REFERENCE = "soxr-hq"
FRONTENDS = ("whisper-80", "wav2lip")
RATES_HZ = (44100, 48000, 8000)
WIDE_HZ, FAST = 48000, 0.5  # how loud the fast copy is
FAR = 0.1
FAR_BANDS = {44100: 74, 48000: 74, 8000: 56}  # the first above 6 kHz and 3 kHz, of both front ends
END_FRAMES = 3  # there the signal is cut, and resamplers differ in how they continue it


@functools.lru_cache(maxsize=None)
def audio(rate_hz):
    """The five recordings: {name: samples}. They hold nothing above 8 kHz; so at the high rates,
    each has a copy of itself over it that is played at 48 kHz, three times as fast and as high,
    again and again."""
    return {name: of_rate(samples, rate_hz)
            for name, samples in signals.speech(signals.SAMPLE_RATE_HZ).items()}


def of_rate(samples, rate_hz):
    if rate_hz < signals.SAMPLE_RATE_HZ:
        return signals.at_rate(samples, rate_hz)
    wide = signals.at_rate(samples, WIDE_HZ) + FAST * np.resize(samples, 3 * len(samples))
    if rate_hz == WIDE_HZ:
        return signals.on_grid(wide)
    count = len(wide) * rate_hz // WIDE_HZ
    return signals.on_grid(scipy.signal.resample(wide.astype(np.float64), count))


@functools.lru_cache(maxsize=None)
def features(frontend, rate_hz, resampler, precision="float"):
    """{name: frames first}"""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        paths = [folder / f"{name}.wav" for name in audio(rate_hz)]
        for path, samples in zip(paths, audio(rate_hz).values()):
            resampler_errors.write_wav(path, np.rint(samples * swr.FULL_SCALE), rate_hz)
        return command.extract_all(frontend, paths, folder / "out", "--resampler", resampler,
                                   "--precision", precision, "--layout", "frames-first")


def cost(frontend, rate_hz, resampler, precision="float"):
    found = differences(frontend, rate_hz, resampler, precision)
    return {"max": found.max(), "mean": found.mean()}


def differences(frontend, rate_hz, resampler, precision="float"):
    """From the features of REFERENCE, of the frames that both have but for those at the ends."""
    wanted = features(frontend, rate_hz, REFERENCE)
    found = features(frontend, rate_hz, resampler, precision)
    return np.concatenate([difference(found[name], wanted[name]) for name in wanted])


def difference(found, wanted):
    frames = min(len(found), len(wanted))
    return np.abs(found[:frames].astype(np.float64) - wanted[:frames])[END_FRAMES:-END_FRAMES]
