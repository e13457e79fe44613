"""resampy.resample; Numba has compiled it before it is timed."""

import resampy

PACKAGE = "resampy"


def make(samples, task):
    def call():
        return resampy.resample(samples, task["from_hz"], task["to_hz"], **task["settings"])

    return call
