"""How far features lie from a judge's, from the definition's, and those from each other."""

import functools
import json
import pathlib
import tempfile
from typing import NamedTuple, Optional

import bars
import command
import definition
import judges
import numpy as np
import signals

PRECISIONS = ("float", "double")
SILENCE = 1e-30  # energies below this are nothing: float has no more digits there
ROUNDING_OF_DOUBLE = 1e-12


class Errors(NamedTuple):
    """Over all values of some signals. `mean`, `p999` (99.9th percentile) and `max` are in the
    units of the features, `mean_ln` and `p999_ln` in natural logarithms of energy. `before_log` is
    the largest error of an energy relative to the largest energy of its frame, computed back from
    the features. None where features are no logarithms, or no energies."""
    mean: float
    p999: float
    max: float
    mean_ln: Optional[float] = None
    p999_ln: Optional[float] = None
    before_log: Optional[float] = None


def key_of(judge):
    """What decides Ossicle's features of a judge's signals."""
    return judge.preset, judge.variant


@functools.lru_cache(maxsize=None)
def all_signals(preset, variant):
    """The signals of all judges of a preset at a rate."""
    found = {}
    for judge in judges.everyone():
        if key_of(judge) == (preset, variant):
            found.update(judge.signals())
    return found


@functools.lru_cache(maxsize=None)
def ossicle(preset, variant, precision):
    """Ossicle's features of all_signals(): (frames, values), or the message of its error."""
    return ossicle_of(judges.spec_of(preset, variant), all_signals(preset, variant), precision)


@functools.lru_cache(maxsize=None)
def float_energies(preset, variant):
    """What Ossicle takes the logarithm of, in float, for the speech among all_signals()."""
    spec = {**judges.spec_of(preset, variant), "log": "none", "steps": []}
    return ossicle_of(spec, {name: samples for name, samples in all_signals(preset, variant).items()
                             if name.startswith("speech")}, "float")


def ossicle_of(spec, samples_of, precision):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        frontend = folder / "frontend.json"
        frontend.write_text(json.dumps(spec))
        paths = [signals.written(folder / f"{name}.wav", samples, spec["sample_rate_hz"]).path
                 for name, samples in samples_of.items()]
        return command.extract_all(frontend, paths, folder / "out", "--precision", precision,
                                   "--layout", "frames-first")


@functools.lru_cache(maxsize=None)
def defined(preset, variant):
    """The definition's results for all_signals()."""
    spec = judges.spec_of(preset, variant)
    return {name: definition.run(spec, samples)
            for name, samples in all_signals(preset, variant).items()}


@functools.lru_cache(maxsize=None)
def answers(judge):
    return judge.answers()


def speech_of(judge):
    return [name for name in judge.signals() if name.startswith("speech")]


def errors(found, wanted, results):
    """Of lists of arrays, one for each signal; `results` are the definition's of the same signals.
    Where the numbers of frames differ, those that all have are compared."""
    plain, logs, before = [], [], []
    for a, b, result in zip(found, wanted, results):
        frames = min(len(a), len(b), len(result.features))
        difference = np.abs(a[:frames].astype(np.float64) - b[:frames])
        plain.append(difference.ravel())
        of_peak = relative_to_peak(difference, result, frames)
        if of_peak is not None:
            before.append(of_peak.max(initial=0.0))
        if result.slopes is not None:
            logs.append((difference / np.abs(result.slopes[:frames])).ravel())
    return Errors(*summary(plain), *(summary(logs)[:2] if logs else (None, None)),
                  float(max(before)) if before else None)


def relative_to_peak(difference, result, frames):
    """Differences of features as differences of energies, of the largest of each frame."""
    if result.energies is None or not (result.slopes is not None or is_energy(result)):
        return None
    energies = result.energies[:frames]
    peaks = np.maximum(energies.max(axis=1, keepdims=True, initial=0.0), SILENCE)
    if result.slopes is None:
        return difference / peaks
    return difference / np.abs(result.slopes[:frames]) * energies / peaks


def is_energy(result):
    return result.features is result.energies


def summary(differences):
    every = np.concatenate(differences)
    return float(every.mean()), float(np.percentile(every, 99.9)), float(every.max())


def of_judge(judge):
    """All that the table says of a judge's speech, as Errors."""
    key, names = key_of(judge), speech_of(judge)
    results = [defined(*key)[name] for name in names]
    truth = [result.features for result in results]
    said = [answers(judge)[name] for name in names]
    found = {precision: [ossicle(*key, precision)[name] for name in names]
             for precision in PRECISIONS}
    return {
        **{precision: errors(found[precision], said, results) for precision in PRECISIONS},
        "judge_from_definition": errors(said, truth, results),
        **{f"{precision}_from_definition": errors(found[precision], truth, results)
           for precision in PRECISIONS},
    }


def energy_error(judge):
    """The largest error of Ossicle's float energies on a judge's speech, of the frame's largest
    one; None for a waveform."""
    key = key_of(judge)
    errors_of = []
    for name in speech_of(judge):
        energies = defined(*key)[name].energies
        if energies is None:
            return None
        floor = judge.spec()["log_floor"] if judge.spec()["log_floor_rule"] == "add" else 0.0
        difference = np.abs(float_energies(*key)[name] - (energies - floor))
        peaks = np.maximum(energies.max(axis=1, keepdims=True), SILENCE)
        errors_of.append((difference / peaks).max())
    return float(max(errors_of))


def loudest_over_bar(judge):
    """Of the bands whose logarithm is off by more than the bar in float, the energy of the loudest
    one, of that of its frame's loudest one."""
    key, loudest = key_of(judge), 0.0
    for name in speech_of(judge):
        result = defined(*key)[name]
        if result.slopes is None:
            return None
        in_ln = np.abs(ossicle(*key, "float")[name] - result.features) / np.abs(result.slopes)
        peaks = np.maximum(result.energies.max(axis=1, keepdims=True), SILENCE)
        of_peak = result.energies / peaks
        loudest = max(loudest, float(of_peak[in_ln > bars.FLOAT_P999_LN].max(initial=0.0)))
    return loudest


def error_elsewhere(judge):
    """error_of() of a judge's other signals in float, the largest."""
    largest = 0.0
    for name, said in answers(judge).items():
        found = ossicle(*key_of(judge), "float")[name]
        if isinstance(said, str) or isinstance(found, str) or name.startswith("speech"):
            continue
        if said.shape == found.shape and said.size and np.isfinite(said).all():
            largest = max(largest, error_of(found, said, defined(*key_of(judge))[name]))
    return largest


def error_of(found, said, result):
    """The largest difference, energies relative to the largest of the frame; where that has no
    meaning, features relative to the largest one."""
    difference = np.abs(found.astype(np.float64) - said)
    of_peak = relative_to_peak(difference, result, len(said))
    if of_peak is None:
        of_peak = difference / max(np.abs(said).max(), SILENCE)
    return float(of_peak.max())


def is_nearer(measured):
    """Whether Ossicle's double lies nearer to the definition than the judge does. Two that both
    compute in double are as near."""
    ours, theirs = measured["double_from_definition"], measured["judge_from_definition"]
    return (max(ours.max, theirs.max) <= ROUNDING_OF_DOUBLE
            or (ours.mean <= theirs.mean and ours.max <= theirs.max))


def frames_of(judge):
    """On how many of its signals a judge gives as many frames as Ossicle, of those on which both
    give some; and the first on which it does not."""
    equal, others = 0, []
    for name, said in answers(judge).items():
        found = ossicle(*key_of(judge), "float")[name]
        if isinstance(said, str) or isinstance(found, str):
            continue
        if said.shape == found.shape:
            equal += 1
        else:
            others.append(f"{name}: {len(said)}, not {len(found)}")
    return equal, others
