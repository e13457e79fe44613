"""Who says what a resampler's samples are: the libraries that run here, and those that ran when
`make parity-goldens` did."""

import functools
import importlib.metadata
import json
import pathlib
from typing import Callable, NamedTuple

import ffmpeg
import fir
import librosa
import numpy as np
import pyav
import resampler_signals
import resamplers
import resampy
import scipy.signal
import signals
import soxr
import swr

GOLDENS = pathlib.Path(__file__).with_name("goldens") / "resamplers"
FULL_SCALE = swr.FULL_SCALE


class Answer(NamedTuple):
    count: int
    places: np.ndarray  # of `values` among the `count` outputs
    values: np.ndarray  # float64 at full scale 1.0


class Judge(NamedTuple):
    resampler: str
    library: str
    version: str
    call: str
    precision: str  # of the samples that it gets: float, double or int16
    answers: Callable  # {(from_hz, to_hz, name): Answer}

    def __str__(self):
        return f"{self.resampler} in {self.precision} by {self.library} {self.call}"


def live(resampler, library, call, precision, function):
    def of_all(inputs):
        return [outputs(function, samples, from_hz, to_hz) for samples, from_hz, to_hz in inputs]
    return batch(resampler, library, importlib.metadata.version(library), call, precision, of_all)


def batch(resampler, library, version, call, precision, of_all):
    """of_all([(samples, from_hz, to_hz)]): a list of what comes out of each."""
    @functools.lru_cache(maxsize=None)
    def answers():
        cases = resampler_signals.cases()
        inputs = [(in_precision(resampler_signals.samples_of(case), precision), *case[:2])
                  for case in cases]
        return {case: answer(found, precision) for case, found in zip(cases, of_all(inputs))}
    return Judge(resampler, library, version, call, precision, answers)


def answer(found, precision):
    scale = FULL_SCALE if precision == "int16" else 1
    return Answer(len(found), np.arange(len(found)), found.astype(np.float64) / scale)


def in_precision(samples, precision):
    if precision == "int16":
        return np.rint(samples * FULL_SCALE).astype(np.int16)
    return samples.astype(np.float32 if precision == "float" else np.float64)


def outputs(function, samples, from_hz, to_hz):
    """resampy refuses what would give no sample."""
    try:
        return function(samples, from_hz, to_hz)
    except ValueError as error:
        assert "too small to resample" in str(error)
        return np.zeros(0, samples.dtype)


def golden(path):
    arrays = np.load(path)
    about = json.loads(str(arrays["about"]))

    def answers():
        found, begin = {}, 0
        for case, count in zip(resampler_signals.cases(), map(int, arrays["counts"])):
            samples = resampler_signals.samples_of(case)
            assert signals.digest(samples) == about["digests"][f"{case[0]}-{case[2]}"], \
                f"{path.name} was made from another \"{case[2]}\" than this machine makes"
            places = resampler_signals.golden_places(count)
            values = arrays["values"][begin:begin + len(places)].astype(np.float64)
            found[case] = Answer(count, places, values)
            begin += len(places)
        return found
    return Judge(about["resampler"], about["library"], about["version"], about["call"],
                 about["precision"], functools.lru_cache(maxsize=None)(answers))


def of_length(judge, resampler, call, length):
    """The same with zeros appended, or outputs dropped, up to `length`."""
    def changed(case, said):
        count = length(len(resampler_signals.samples_of(case)), *case[:2])
        kept = said.places < count
        zeros = np.arange(said.count, count)
        return Answer(count, np.concatenate([said.places[kept], zeros]),
                      np.concatenate([said.values[kept], np.zeros(len(zeros))]))

    @functools.lru_cache(maxsize=None)
    def answers():
        return {case: changed(case, said) for case, said in judge.answers().items()}
    return judge._replace(resampler=resampler, call=call, answers=answers)


def soxr_resample(quality):
    return lambda samples, *rates: soxr.resample(samples, *rates, quality=quality)


def librosa_resample(samples, from_hz, to_hz):
    return librosa.resample(samples, orig_sr=from_hz, target_sr=to_hz)


def resample_poly(samples, from_hz, to_hz):
    return scipy.signal.resample_poly(samples, *fir.ratio_of(from_hz, to_hz))


def resampy_resample(kind):
    return lambda samples, *rates: resampy.resample(samples, *rates, filter=f"kaiser_{kind}")


def live_judges():
    yield live("soxr-hq", "soxr", "resample(quality=\"HQ\")", "float", soxr_resample("HQ"))
    yield live("soxr-vhq", "soxr", "resample(quality=\"VHQ\")", "double", soxr_resample("VHQ"))
    yield live("soxr-hq@librosa", "librosa", "resample()", "float", librosa_resample)
    for precision in ("float", "double"):
        yield live("scipy-poly", "scipy", "signal.resample_poly()", precision, resample_poly)
        for kind in ("best", "fast"):
            yield live(f"resampy-0.3-{kind}", "resampy", f"resample(filter=\"kaiser_{kind}\")",
                       precision, resampy_resample(kind))
    yield live("swr-float", "av", "AudioResampler(\"fltp\")", "float",
               pyav.resample("fltp", "fltp"))
    yield live("swr-float", "av", "aresample=internal_sample_fmt=dblp", "double",
               pyav.resample("dbl", "dbl", "dblp"))
    yield live("swr-float-s16", "av", "AudioResampler(\"s16\")", "int16",
               pyav.resample("s16", "s16"))
    yield live("swr-s16", "av", "aresample=internal_sample_fmt=s16p", "int16",
               pyav.resample("s16", "s16", "s16p"))
    if ffmpeg.version():
        yield batch("swr-s16", "ffmpeg", ffmpeg.version(), " ".join(ffmpeg.arguments()), "int16",
                    ffmpeg.resample)


def golden_judges():
    found = [golden(path) for path in sorted(GOLDENS.glob("*.npz"))
             if not path.name.startswith("lengths.")]
    yield from found
    for judge in found:
        if (judge.resampler, judge.precision) == ("torchaudio-hann6", "double"):
            yield of_length(judge, "kaldi", judge.call, resamplers.ceiling)
            yield of_length(judge, "kaldi@online", f"{judge.call}, without the last outputs",
                            resamplers.kaldi_online_length)
        if judge.resampler == "resampy-0.2-best":
            yield of_length(judge, "resampy-0.2-best@librosa",
                            f"{judge.call}, its length as librosa's", resamplers.librosa_length)


@functools.lru_cache(maxsize=None)
def judges():
    return [*live_judges(), *golden_judges()]


def live_lengths():
    """{resampler: a function of its library that gives as many samples}"""
    return {
        "soxr-hq": soxr_resample("QQ"), "soxr-vhq": soxr_resample("QQ"),
        "soxr-hq@librosa": lambda samples, *rates: librosa.resample(
            samples, orig_sr=rates[0], target_sr=rates[1], res_type="soxr_qq"),
        "scipy-poly": resample_poly,
        "resampy-0.3-best": resampy_resample("fast"), "resampy-0.3-fast": resampy_resample("fast"),
        "swr-s16": pyav.resample("s16", "s16", "s16p"), "swr-float": pyav.resample("fltp", "fltp"),
        "swr-float-s16": pyav.resample("s16", "s16"),
    }


def length_goldens():
    """{library: [(from_hz, to_hz, samples in, samples out)]}"""
    found = {}
    for path in GOLDENS.glob("lengths.*.npz"):
        arrays = np.load(path)
        found[json.loads(str(arrays["about"]))["library"]] = arrays["rows"].tolist()
    return found
