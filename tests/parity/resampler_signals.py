"""What the tests of resamplers listen to: mono, on the grid of 16 bits, so that a 16-bit file and
a float32 array hold the same. The scripts under goldens/ import this too, in Python 3.8.
"""

import functools

import numpy as np
import signals

RATIOS = [(44100, 16000), (48000, 16000), (22050, 16000), (24000, 16000), (32000, 16000),
          (11025, 16000), (8000, 16000), (16000, 22050), (16000, 44100), (16000, 48000),
          (44100, 48000), (48000, 44100)]
SHORT = (1, 2, 3, 21, 22, 67, 129)
SPEECH_SECONDS = 0.6, 1.0  # of the two that other goldens hold
GOLDEN_ENDS, GOLDEN_STEP = 24, 61  # prime: it meets every phase


@functools.lru_cache(maxsize=None)
def of_rate(rate_hz):
    """{name: float32 samples}"""
    made, speech = signals.made(rate_hz), signals.short_speech(rate_hz)["speech"]
    begin, end = (int(seconds * rate_hz) for seconds in SPEECH_SECONDS)
    noise = signals.on_grid(0.5 * made["noise"])
    return {"speech": speech[begin:begin + (end - begin) // 2 * 2 + 1],
            "sweep": made["sweep"],
            "noise": noise[:len(noise) // 2 * 2 - 37],
            "impulse": signals.on_grid(0.9 * made["impulse"])[len(noise) // 4:],
            **{"length-%d" % count: noise[100:100 + count] for count in SHORT}}


def cases():
    """(from_hz, to_hz, name) of each."""
    return [(from_hz, to_hz, name) for from_hz, to_hz in RATIOS for name in of_rate(from_hz)]


def samples_of(case):
    return of_rate(case[0])[case[2]]


def golden_places(count):
    """Which of `count` outputs a golden holds: both ends, and some between."""
    near_an_end = np.minimum(np.arange(count), count - 1 - np.arange(count)) < GOLDEN_ENDS
    return np.flatnonzero(near_an_end | (np.arange(count) % GOLDEN_STEP == 0))


def lengths(from_hz, to_hz):
    """Different input lengths at which the number of outputs is compared: 2,016 with all ratios."""
    made = np.random.default_rng([from_hz, to_hz])
    some = made.choice(np.arange(101, 3000), 68, replace=False)
    return [int(count) for count in np.append(np.arange(1, 101), some)]


def long_lengths(from_hz, to_hz):
    """The same, where a float32 cannot tell ceil from floor: from 45,000 samples on."""
    made = np.random.default_rng([from_hz, to_hz, 1])
    return [int(count) for count in made.choice(np.arange(180000, 400000), 5, replace=False)]
