"""resampy before 0.3 regenerated its filters. The environment has 0.2.2, in Python 3.8."""

import functools

import resampy
from resampler_golden import LengthGolden, ResamplerGolden, write  # make.py calls write


def resample(filter_name, samples, from_hz, to_hz):
    return resampy.resample(samples, from_hz, to_hz, filter=filter_name)


def of_filter(kind):
    return ResamplerGolden("resampy-0.2-%s" % kind, "resampy", resampy.__version__,
                           "resample(filter=\"kaiser_%s\")" % kind,
                           functools.partial(resample, "kaiser_%s" % kind))


GOLDENS = [of_filter("best"), of_filter("fast"),
           LengthGolden("resampy-0.2-fast", "resampy", resampy.__version__,
                        "resample(filter=\"kaiser_fast\")",
                        functools.partial(resample, "kaiser_fast"))]
