"""How far `ossicle resample`, a library (resampler_judges.py) and the definition (resamplers.py)
lie from each other."""

import functools
import pathlib
import tempfile
import wave
from typing import NamedTuple

import command
import numpy as np
import resampler_judges
import resampler_signals
import resamplers
import swr

PRECISIONS = ("float", "double")
DOUBLE = 1e-14
# swr computes sin(pi phase / phases) itself; the kernel of Kaldi is in seconds; julius has a kernel
# in float32 whatever it is given, and the last bit of a sine or of a sum depends on the machine.
DOUBLE_BARS = {"swr-float": 3e-14, "kaldi": 1e-13, "kaldi@online": 1e-13, "julius": 5e-7}
FLOAT = 3e-7       # of Ossicle in float from the definition
OF_JUDGE = 1e-6    # of a library in float32, which errs itself, from the definition and Ossicle
HQ_FALLING, HQ = 2.5e-7, 3e-7  # of libsoxr's HQ, in float32, from Ossicle in double
LAST_BIT, TIES = 1 / swr.FULL_SCALE, 1e-3


class Difference(NamedTuple):
    worst: float  # of full scale 1.0; infinite where there is another number of samples
    share: float  # of the samples that differ


def difference(found, said):
    """Of {case: samples} from {case: Answer}."""
    if any(len(found[case]) != answer.count for case, answer in said.items()):
        return Difference(np.inf, 1.0)
    errors = np.abs(np.concatenate([found[case][answer.places] - answer.values
                                    for case, answer in said.items()]))
    return Difference(errors.max(), (errors != 0).mean())


def passes(resampler, measured, bar):
    """Whether a resampler is its judge's; one that rounds to 16 bits may do it with ties."""
    if resampler == "swr-float-s16":
        return measured.worst <= LAST_BIT and measured.share <= TIES
    return measured.worst <= (0.0 if resampler == "swr-s16" else bar)


def bar_of(resampler, precision, float_bar):
    return float_bar if precision == "float" else DOUBLE_BARS.get(resampler, DOUBLE)


def write_wav(path, pcm, rate_hz):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(np.asarray(pcm, "<i2").tobytes())


@functools.lru_cache(maxsize=None)
def defined(resampler, precision="double"):
    """{case: samples}"""
    run = resamplers.RESAMPLERS[resampler].run
    return {case: run(resampler_signals.samples_of(case).astype(np.float64), *case[:2], precision)
            for case in resampler_signals.cases()}


def definition_of(resampler, precision):
    with_float32_kernels = resampler.startswith("torchaudio") or resampler == "scipy-poly"
    return defined(resampler, precision if with_float32_kernels else "double")


def as_answers(samples):
    return {case: resampler_judges.Answer(len(each), np.arange(len(each)), each)
            for case, each in samples.items()}


def from_definition(resampler, precision):
    return difference(ossicle(resampler, precision),
                      as_answers(definition_of(resampler, precision)))


@functools.lru_cache(maxsize=None)
def folder_of_signals():
    folder = tempfile.TemporaryDirectory()
    for case in resampler_signals.cases():
        write_wav(path_of(folder, case),
                  np.rint(resampler_signals.samples_of(case) * swr.FULL_SCALE), case[0])
    return folder


def path_of(folder, case):
    return pathlib.Path(folder.name) / f"{case[0]}:{case[2]}.wav"


@functools.lru_cache(maxsize=None)
def ossicle(resampler, precision):
    """What the command makes of all signals: {case: samples}"""
    found = {}
    for rate_hz in {case[1] for case in resampler_signals.cases()}:
        paths = {case: path_of(folder_of_signals(), case) for case in resampler_signals.cases()
                 if case[1] == rate_hz}
        with tempfile.TemporaryDirectory() as folder:
            results = command.resample_all(resampler, rate_hz, paths.values(), folder,
                                           "--precision", precision)
            for case, path in paths.items():
                found[case] = np.load(results[path.stem][0]).astype(np.float64)
    return found


@functools.lru_cache(maxsize=None)
def folder_of_silence():
    folder = tempfile.TemporaryDirectory()
    for rates in resampler_signals.RATIOS:
        for count in silent_lengths(rates):
            write_wav(path_of(folder, (*rates, count)), np.zeros(count), rates[0])
    return folder


def silent_lengths(rates):
    return resampler_signals.lengths(*rates) + resampler_signals.long_lengths(*rates)


@functools.lru_cache(maxsize=None)
def lengths(resampler):
    """How many samples the command makes of silence: [(rates, samples in, samples out)], for 2,000
    lengths and more, of all ratios."""
    found = []
    for rates in resampler_signals.RATIOS:
        paths = {count: path_of(folder_of_silence(), (*rates, count))
                 for count in silent_lengths(rates)}
        with tempfile.TemporaryDirectory() as folder:
            results = command.resample_all(resampler, rates[1], paths.values(), folder)
        found += [(rates, count, results[path.stem][1]) for count, path in paths.items()]
    return found
