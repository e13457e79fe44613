"""A filter for each phase of an output's time between samples: what most resamplers are."""

import math
from typing import NamedTuple

import numpy as np


class Ratio(NamedTuple):
    up: int
    down: int


class Bank(NamedTuple):
    """Output m is the sum over k of taps[m * down % up][k] * sample[first - before + k], where
    first = m * down // up."""
    taps: np.ndarray  # (up, taps of a phase)
    before: int


def ratio_of(from_hz, to_hz):
    divisor = math.gcd(from_hz, to_hz)
    return Ratio(to_hz // divisor, from_hz // divisor)


def convolved(bank, ratio, samples, first, count):
    """`count` outputs; samples[first] is the signal's first sample."""
    found = np.zeros(count, samples.dtype)
    taps = bank.taps.shape[1]
    for phase in range(min(ratio.up, count)):  # such outputs share their taps
        begin = first + phase * ratio.down // ratio.up - bank.before
        outputs = len(range(phase, count, ratio.up))
        windows = np.lib.stride_tricks.sliding_window_view(samples, taps)
        used = windows[begin::ratio.down][:outputs]
        found[phase::ratio.up] = used @ bank.taps[phase * ratio.down % ratio.up]
    return found


def float32(values):
    return np.asarray(values, np.float32).astype(np.float64)
