"""signal.resample_poly with its own default filter, which is designed once."""

import math

import numpy as np
import scipy.signal

PACKAGE = "scipy"


def make(samples, task):
    divisor = math.gcd(task["from_hz"], task["to_hz"])
    up, down = task["to_hz"] // divisor, task["from_hz"] // divisor
    most = max(up, down)
    taps = scipy.signal.firwin(20 * most + 1, 1 / most, window=("kaiser", 5.0))
    taps = taps.astype(np.float32)

    def call():
        return scipy.signal.resample_poly(samples, up, down, window=taps)

    return call
