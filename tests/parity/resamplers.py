"""What `ossicle resamplers` lists, in NumPy and float64: the yardstick between Ossicle and the
libraries. It shares nothing with src/.

Output m of a signal lies at m * down / up of its samples, up / down being the ratio in lowest
terms. Where a library has a kernel in float32, `precision` "float" has it too; all arithmetic on
samples is float64, or integer.
"""

import math
from functools import partial
from typing import Callable, NamedTuple

import numpy as np
import scipy.special
import soxr_stages
import swr
from fir import Bank, convolved, float32, ratio_of

KAISER_BEST = 64, 0.9475937167399596, 14.769656459379492  # zeros, rolloff, beta


class Resampler(NamedTuple):
    run: Callable     # of samples, from_hz, to_hz, precision: float64 at full scale 1.0
    length: Callable  # of a number of samples, from_hz, to_hz


def banked(bank_of, edge, length):
    """A definition that is one bank of taps."""
    def run(samples, from_hz, to_hz, precision="double"):
        ratio = ratio_of(from_hz, to_hz)
        bank, count = bank_of(ratio, precision), length(len(samples), from_hz, to_hz)
        taps = bank.taps.shape[1]
        after = max(0, (count - 1) * ratio.down // ratio.up - bank.before + taps - len(samples))
        padded = np.pad(np.asarray(samples, np.float64), (bank.before, after + 1), mode=edge)
        return convolved(bank, ratio, padded, bank.before, count)
    return Resampler(run, length)


def bank_of_phases(ratio, width, taps_of):
    """taps_of(m, n): the taps of outputs m of the first period at samples n from -width on."""
    outputs = np.arange(ratio.up)[:, None]
    places = outputs * ratio.down // ratio.up - width + np.arange(2 * width + 2)
    taps = np.empty(places.shape)
    taps[outputs[:, 0] * ratio.down % ratio.up] = taps_of(outputs, places)
    return Bank(taps, width)


# Lengths

def ceiling(count, from_hz, to_hz):
    ratio = ratio_of(from_hz, to_hz)
    return -(-count * ratio.up // ratio.down)


def float32_length(rounded, count, from_hz, to_hz):
    """torchaudio and julius round a float32; there are no more outputs than whole periods hold."""
    ratio = ratio_of(from_hz, to_hz)
    length = rounded(np.float32(count * ratio.up / ratio.down))
    return min(int(length), ratio.up * (count // ratio.down + 1))


def soxr_length(count, from_hz, to_hz):
    return int(count / (from_hz / to_hz) + 0.5)


def librosa_length(count, from_hz, to_hz):
    return math.ceil(count * (to_hz / from_hz))


def resampy_02_length(count, from_hz, to_hz):
    return int(count * (to_hz / from_hz))


def resampy_length(count, from_hz, to_hz):
    return int(count * to_hz / from_hz)


def kaldi_online_length(count, from_hz, to_hz):
    """Outputs whose whole filter has been seen; times are in ticks of both rates."""
    ratio, tick_hz = ratio_of(from_hz, to_hz), math.lcm(from_hz, to_hz)
    unseen = math.floor(6 / (0.99 * min(from_hz, to_hz)) * tick_hz)
    return max(0, -(-(count * ratio.up - unseen) // ratio.down))


# torchaudio, Kaldi, julius, SciPy

def torchaudio_kernel(zeros, rolloff, beta, ratio, precision):
    """transforms.Resample: float64 but for the phase, then cast to the type of the signal."""
    base = min(ratio) * rolloff
    of_precision = float32 if precision == "float" else np.asarray

    def taps(outputs, places):
        times = (of_precision(-outputs / ratio.up) + places / ratio.down) * base
        times = np.clip(times, -zeros, zeros)
        if beta is None:
            window = np.cos(times * np.pi / zeros / 2) ** 2
        else:
            single, rest = float32(beta), np.sqrt(1 - (times / zeros) ** 2)
            window = scipy.special.i0(single * rest) / float32(scipy.special.i0(single))
        inside = np.abs(times) < zeros
        return of_precision(np.sinc(times) * (window * (base / ratio.down)) * inside)
    return bank_of_phases(ratio, math.ceil(zeros * ratio.down / base), taps)


def torchaudio_functional_kernel(ratio, precision):
    """functional.resample: each step in the type of the signal."""
    if precision == "double":
        return torchaudio_kernel(6, 0.99, None, ratio, precision)
    base = min(ratio) * 0.99

    def taps(outputs, places):
        f = float32
        times = f(f(f(-outputs / ratio.up) + f(places / ratio.down)) * f(base))
        times = np.clip(times, -6, 6)
        window = f(f(np.cos(f(f(f(times * f(np.pi)) / 6) / 2))) ** 2)
        return f(sinc32(times) * f(window * f(base / ratio.down))) * (np.abs(times) < 6)
    return bank_of_phases(ratio, math.ceil(6 * ratio.down / base), taps)


def sinc32(times):
    turned = float32(times * float32(np.pi))
    safe = np.where(turned == 0, 1.0, turned)
    return np.where(turned == 0, 1.0, float32(float32(np.sin(safe)) / safe))


def julius_kernel(ratio, _):
    """resample_frac: each step in float32, and each phase's sum is 1."""
    zeros, rate = 24, min(ratio) * 0.945

    def taps(outputs, places):
        f = float32
        times = f(f(f(-outputs / ratio.up) + f(places / ratio.down)) * f(rate))
        times = np.clip(times, -zeros, zeros)
        cosine = f(np.cos(f(f(f(times * f(np.pi)) / zeros) / 2)))
        kernel = f(sinc32(times) * f(cosine ** 2)) * (np.abs(times) < zeros)
        return f(kernel / f(kernel.sum(axis=1, keepdims=True)))
    return bank_of_phases(ratio, math.ceil(zeros * ratio.down / rate), taps)


def kaldi_kernel(ratio, _):
    """LinearResample: a Hann window of six zeros, in seconds; here the input's rate is `down`."""
    cutoff = 0.99 * 0.5 * min(ratio)
    half_width = 6 / (2 * cutoff)

    def taps(outputs, places):
        times = places / ratio.down - outputs / ratio.up
        window = 0.5 * (1 + np.cos(2 * np.pi * cutoff / 6 * times)) * (np.abs(times) < half_width)
        return 2 * cutoff * np.sinc(2 * cutoff * times) * window / ratio.down
    return bank_of_phases(ratio, math.ceil(half_width * ratio.down), taps)


def scipy_kernel(ratio, precision):
    """resample_poly: one filter of `up` phases; its sum is 1 before it is cast and times `up`."""
    longest = max(ratio)
    half = 10 * longest
    places = np.arange(-half, half + 1)
    of_precision = float32 if precision == "float" else np.asarray
    window = scipy.special.i0(5.0 * np.sqrt(1 - (places / half) ** 2))
    whole = np.sinc(places / longest) * window
    whole = of_precision(of_precision(whole / whole.sum()) * ratio.up)
    width = half // ratio.up + 1
    shifts = np.arange(ratio.up)[:, None] - (np.arange(2 * width + 2) - width) * ratio.up
    inside = np.abs(shifts) <= half
    return Bank(np.where(inside, whole[np.clip(shifts + half, 0, 2 * half)], 0.0), width)


# resampy

class Resampy(NamedTuple):
    zeros: int
    steps: int  # of the table, a zero
    rolloff: float
    beta: float
    adds_up_time: bool

    def table(self):
        places = np.arange(self.zeros * self.steps + 1) / self.steps
        window = scipy.special.i0(self.beta * np.sqrt(1 - (places / self.zeros) ** 2))
        return self.rolloff * np.sinc(self.rolloff * places) * window / scipy.special.i0(self.beta)


RESAMPY_02_BEST = Resampy(KAISER_BEST[0], 512, *KAISER_BEST[1:], True)
RESAMPY_02_FAST = Resampy(16, 512, 0.85, 8.555504641634386, True)
RESAMPY_03_BEST = Resampy(50, 8192, 0.9173473712608761, 12.984585247040023, False)
RESAMPY_03_FAST = Resampy(24, 512, 0.8682120388377784, 9.903224416455274, False)


def resampy(kind, length):
    def run(samples, from_hz, to_hz, _="double"):
        rate, count = to_hz / from_hz, length(len(samples), from_hz, to_hz)
        table = kind.table() * min(1.0, rate)
        scale, step = min(1.0, rate), int(min(1.0, rate) * kind.steps)
        if kind.adds_up_time:
            times = np.concatenate([[0.0], np.full(max(count - 1, 0), 1 / rate)]).cumsum()[:count]
        else:
            times = np.arange(count) * (1 / rate)
        first = times.astype(np.int64)
        fraction = scale * (times - first)
        found = np.zeros(count)
        add_wing(found, table, fraction * kind.steps, step, samples[::-1],
                 len(samples) - 1 - first)
        add_wing(found, table, (scale - fraction) * kind.steps, step, samples, first + 1)
        return found
    return Resampler(run, length)


def add_wing(found, table, places, step, samples, first):
    """Adds samples[first..] of each output times every `step`-th of the table, interpolated."""
    offset = places.astype(np.int64)
    between, slopes = places - offset, np.diff(table, append=table[-1])
    taps = (len(table) - offset) // step
    padded = np.concatenate([samples, np.zeros(taps.max(initial=0) + 1)])
    for k in range(taps.max(initial=0)):
        used = slice(None) if k < taps.min() else k < taps
        row = offset[used] + k * step
        found[used] += (table[row] + between[used] * slopes[row]) * padded[first[used] + k]


# libsoxr, and what librosa does

def soxr(stages_of):
    def run(samples, from_hz, to_hz, _="double"):
        found = soxr_stages.run(stages_of[ratio_of(from_hz, to_hz)], samples)
        return of_length(found, soxr_length(len(samples), from_hz, to_hz))
    return Resampler(run, soxr_length)


def of_length(samples, count):
    return np.concatenate([samples, np.zeros(max(count - len(samples), 0))])[:count]


def fixed(resampler, length):
    """Zeros appended, or outputs dropped, as librosa does it."""
    def run(samples, from_hz, to_hz, precision="double"):
        return of_length(resampler.run(samples, from_hz, to_hz, precision),
                         length(len(samples), from_hz, to_hz))
    return Resampler(run, length)


TORCHAUDIO_LENGTH = partial(float32_length, np.ceil)
TORCHAUDIO_BEST = partial(torchaudio_kernel, *KAISER_BEST)
SOXR_HQ, SOXR_VHQ = soxr(soxr_stages.HQ), soxr(soxr_stages.VHQ)
RESAMPLERS = {
    "soxr-hq": SOXR_HQ,
    "soxr-hq@librosa": fixed(SOXR_HQ, librosa_length),
    "soxr-vhq": SOXR_VHQ,
    "torchaudio-hann6": banked(partial(torchaudio_kernel, 6, 0.99, None), "constant",
                               TORCHAUDIO_LENGTH),
    "torchaudio-functional": banked(torchaudio_functional_kernel, "constant", TORCHAUDIO_LENGTH),
    "torchaudio-kaiser-best": banked(TORCHAUDIO_BEST, "constant", TORCHAUDIO_LENGTH),
    "kaldi": banked(kaldi_kernel, "constant", ceiling),
    "kaldi@online": banked(kaldi_kernel, "constant", kaldi_online_length),
    "swr-s16": Resampler(swr.in_integers, swr.length),
    "swr-float": Resampler(swr.in_float, swr.length),
    "swr-float-s16": Resampler(swr.in_float_to_s16, swr.length),
    "resampy-0.2-best": resampy(RESAMPY_02_BEST, resampy_02_length),
    "resampy-0.2-best@librosa": fixed(resampy(RESAMPY_02_BEST, resampy_02_length), librosa_length),
    "resampy-0.2-fast": resampy(RESAMPY_02_FAST, resampy_02_length),
    "resampy-0.3-best": resampy(RESAMPY_03_BEST, resampy_length),
    "resampy-0.3-fast": resampy(RESAMPY_03_FAST, resampy_length),
    "scipy-poly": banked(scipy_kernel, "constant", ceiling),
    "julius": banked(julius_kernel, "edge", partial(float32_length, np.floor)),
}
