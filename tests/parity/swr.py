"""libswresample with its defaults: a Kaiser-windowed filter, the signal mirrored at both ends."""

import math

import numpy as np
import scipy.special
from fir import Bank, convolved, float32, ratio_of

SIZE, CUTOFF, BETA, MOST_PHASES = 32, 0.97, 9.0, 1024
FULL_SCALE = 32768


def size_of(ratio):
    """Taps of a phase, and how many of them lie before an output's first sample."""
    taps = math.ceil(SIZE / min(ratio.up * CUTOFF / ratio.down, 1.0))
    taps += taps % 2
    return taps, (taps - 1) // 2


def bank_of(ratio):
    assert ratio.up <= MOST_PHASES, "swr interpolates between phases"
    taps, before = size_of(ratio)
    factor = min(ratio.up * CUTOFF / ratio.down, 1.0)
    times = np.arange(taps) - before - np.arange(ratio.up)[:, None] / ratio.up
    window = scipy.special.i0(BETA * np.sqrt(np.maximum(1 - (2 * times / taps) ** 2, 0)))
    kernel = np.sinc(factor * times) * window
    if factor == 1.0:
        kernel[0] *= times[0] == 0  # exactly the sample itself; NumPy's sin(pi n) is not 0
    return Bank(kernel / kernel[0].sum(), before)


def outputs_of(samples, ratio):
    """Outputs for which so many samples, from the first on, are enough."""
    taps, before = size_of(ratio)
    return max(0, -(-(samples - taps + 1 + before) * ratio.up // ratio.down))


def before_the_end(count, ratio):
    """Outputs before the stream is flushed, and how many samples are mirrored then: half of what is
    still held."""
    taps, before = size_of(ratio)
    if count <= taps:  # it waits for one more, to mirror its start
        return 0, (count + 1) // 2
    outputs = outputs_of(count, ratio)
    held = count - (outputs * ratio.down // ratio.up - before)
    return outputs, (min(held, taps) + 1) // 2


def length(count, from_hz, to_hz):
    ratio = ratio_of(from_hz, to_hz)
    outputs, mirrored = before_the_end(count, ratio)
    if count + mirrored <= size_of(ratio)[0]:
        return 0  # its start was never mirrored
    return max(outputs, outputs_of(count + mirrored, ratio))


def run(bank, samples, from_hz, to_hz):
    ratio, count = ratio_of(from_hz, to_hz), length(len(samples), from_hz, to_hz)
    if count == 0:
        return np.zeros(0, samples.dtype)
    taps, (_, mirrored) = bank.taps.shape[1], before_the_end(len(samples), ratio)
    flushed = np.concatenate([samples, samples[::-1][:mirrored]])
    return convolved(bank, ratio, np.concatenate([flushed[taps:0:-1], flushed]), taps, count)


def in_float(samples, from_hz, to_hz, _="double"):
    bank = bank_of(ratio_of(from_hz, to_hz))
    return run(bank, np.asarray(samples, np.float64), from_hz, to_hz)


def in_float_to_s16(samples, from_hz, to_hz, _="double"):
    """Ties go to the even integer."""
    found = np.rint(in_float(samples, from_hz, to_hz) * FULL_SCALE)
    return np.clip(found, -FULL_SCALE, FULL_SCALE - 1) / FULL_SCALE


def in_integers(samples, from_hz, to_hz, _="double"):
    """Taps of 16 bits, sums of 32 bits that wrap."""
    bank = bank_of(ratio_of(from_hz, to_hz))
    taps = np.clip(np.rint(float32(bank.taps * FULL_SCALE)), -FULL_SCALE, FULL_SCALE - 1)
    integers = np.rint(np.asarray(samples) * FULL_SCALE).astype(np.int64)
    sums = run(Bank(taps.astype(np.int64), bank.before), integers, from_hz, to_hz)
    wrapped = (sums + FULL_SCALE // 2 + 2 ** 31) % 2 ** 32 - 2 ** 31
    return np.clip(wrapped >> 15, -FULL_SCALE, FULL_SCALE - 1) / FULL_SCALE
