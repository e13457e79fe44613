"""The filters at which libsoxr's design arrives, for the ratios that the tests use: constants that
can be observed, not the design. A stage stuffs `up - 1` zeros between samples, filters, and keeps
every `down`-th."""

import math
from typing import NamedTuple

import numpy as np
import scipy.signal
import scipy.special


class Stage(NamedTuple):
    up: int
    down: int
    taps: int
    cutoff: float  # 1: the Nyquist frequency of the stuffed signal
    beta: float    # of the Kaiser window
    slack: float   # how many samples outside the first and the last tap the window reaches 0

    def filter(self):
        half = self.taps // 2
        places = np.arange(-half, half + 1)
        window = scipy.special.i0(self.beta * np.sqrt(1 - (places / (half + self.slack)) ** 2))
        return (self.up * self.cutoff * np.sinc(self.cutoff * places) * window
                / scipy.special.i0(self.beta))


def fft(up, down, taps, cutoff, beta):
    return Stage(up, down, taps, cutoff, beta, 0.5)


def poly(up, down, taps, cutoff, beta):
    return Stage(up, down, taps, cutoff, beta, 0.75)


# The betas of the stage that is alone, of the one before a polyphase stage, and of the latter.
HQ_ALONE, HQ_FIRST, HQ_POLY = 13.040035757464574, 13.711204171876062, 14.058638741903037
VHQ_ALONE, VHQ_FIRST, VHQ_POLY = 18.4334960584638, 19.11122429902022, 19.60632601597565

HQ = {  # by up and down in lowest terms
    (160, 441): [fft(1, 1, 561, 0.34716438154617807, HQ_FIRST),
                 poly(160, 441, 1919, 0.005590233414241783, HQ_POLY)],
    (1, 3): [fft(1, 3, 581, 0.3189572755455511, HQ_ALONE)],
    (320, 441): [fft(2, 1, 561, 0.34716438154617807, HQ_FIRST),
                 poly(160, 441, 1919, 0.005590233414241783, HQ_POLY)],
    (2, 3): [fft(2, 3, 581, 0.3189572755455511, HQ_ALONE)],
    (1, 2): [fft(1, 2, 389, 0.4784359133183267, HQ_ALONE)],
    (640, 441): [fft(2, 1, 409, 0.4784359133183267, HQ_FIRST),
                 poly(320, 441, 4799, 0.0028404013601320845, HQ_POLY)],
    (2, 1): [fft(2, 1, 389, 0.4784359133183267, HQ_ALONE)],
    (441, 320): [fft(2, 1, 409, 0.4784359133183267, HQ_FIRST),
                 poly(882, 1280, 13229, 0.0010305311057168562, HQ_POLY)],
    (441, 160): [fft(2, 1, 409, 0.4784359133183267, HQ_FIRST),
                 poly(882, 640, 13229, 0.0010305311057168562, HQ_POLY)],
    (3, 1): [fft(3, 1, 581, 0.3189572755455511, HQ_ALONE)],
    (160, 147): [fft(2, 1, 409, 0.4784359133183267, HQ_FIRST),
                 poly(80, 147, 1199, 0.011361605440528338, HQ_POLY)],
    (147, 160): [fft(2, 1, 445, 0.43956299536121257, HQ_FIRST),
                 poly(147, 320, 2057, 0.0061539948745087955, HQ_POLY)],
}
VHQ = {
    (160, 441): [fft(1, 1, 761, 0.3467262258313226, VHQ_FIRST),
                 poly(160, 441, 2559, 0.00533106462596524, VHQ_POLY)],
    (1, 3): [fft(1, 3, 797, 0.3185547199825277, VHQ_ALONE)],
    (320, 441): [fft(2, 1, 761, 0.3467262258313226, VHQ_FIRST),
                 poly(160, 441, 2559, 0.00533106462596524, VHQ_POLY)],
    (2, 3): [fft(2, 3, 797, 0.3185547199825277, VHQ_ALONE)],
    (1, 2): [fft(1, 2, 533, 0.4778320799737915, VHQ_ALONE)],
    (640, 441): [fft(2, 1, 553, 0.4778320799737915, VHQ_FIRST),
                 poly(320, 441, 6399, 0.0027355754652356903, VHQ_POLY)],
    (2, 1): [fft(2, 1, 533, 0.4778320799737915, VHQ_ALONE)],
    (441, 320): [fft(2, 1, 553, 0.4778320799737915, VHQ_FIRST),
                 poly(441, 640, 8819, 0.001984998070012292, VHQ_POLY)],
    (441, 160): [fft(2, 1, 553, 0.4778320799737915, VHQ_FIRST),
                 poly(441, 320, 8819, 0.001984998070012292, VHQ_POLY)],
    (3, 1): [fft(3, 1, 797, 0.3185547199825277, VHQ_ALONE)],
    (160, 147): [fft(2, 1, 553, 0.4778320799737915, VHQ_FIRST),
                 poly(80, 147, 1599, 0.010942301860942761, VHQ_POLY)],
    (147, 160): [fft(2, 1, 601, 0.43900822347592094, VHQ_FIRST),
                 poly(147, 320, 2939, 0.0059098424259398565, VHQ_POLY)],
}


def filtered(stage, samples):
    """Without delay; what would ring out before the first sample is cut off, the end is not."""
    if stage.down == 2 and stage.slack == 0.5:
        return halved_in_blocks(stage, samples)
    before = stage.taps // 2
    shift = -before % stage.down  # so that a kept sample lies on time 0
    taps = np.concatenate([np.zeros(shift), stage.filter()])
    found = scipy.signal.upfirdn(taps, samples, stage.up, stage.down)
    return found[(before + shift) // stage.down:]


def halved_in_blocks(stage, samples):
    """Where libsoxr halves a rate, it drops the upper half of each block's spectrum instead of
    folding it, so that its blocks are part of the definition: 1e-10 at most."""
    before = stage.taps // 2
    octaves = math.log2(stage.taps)
    block = 1 << min(max(int(octaves + 2.77), 10), max(int(octaves + 1.77), 17))
    step, kept = block - 2 * before, block // 4 + 1
    spectrum = np.fft.rfft(np.roll(np.pad(stage.filter(), (0, block - stage.taps)), -2 * before))
    stuffed = np.zeros(before + stage.up * len(samples) + 2 * block)
    stuffed[before:before + stage.up * len(samples):stage.up] = samples
    blocks = np.lib.stride_tricks.sliding_window_view(stuffed, block)[::step]
    halved = np.fft.irfft(np.fft.rfft(blocks)[:, :kept] * spectrum[:kept], block // 2) / 2
    return halved[:, :step // 2].ravel()


def run(stages, samples):
    for stage in stages:
        samples = filtered(stage, samples)
    return samples
