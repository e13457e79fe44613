"""What a golden of a resampler is, and how one is written. Imported in Python 3.8 too."""

import json
import pathlib
import sys
from typing import Callable, NamedTuple

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import resampler_signals
import signals


class ResamplerGolden(NamedTuple):
    """What a library makes of the signals, at the places of golden_places."""
    resampler: str
    library: str
    version: str
    call: str  # what was called, for the reader
    function: Callable  # of samples, from_hz, to_hz: samples
    precision: str = "double"  # of the samples that it gets

    def name(self):
        return "%s.%s.%s" % (self.resampler, self.library, self.precision)

    def compute(self):
        counts, values, digests = [], [], {}
        for case in resampler_signals.cases():
            samples = resampler_signals.samples_of(case)
            digests["%d-%s" % (case[0], case[2])] = signals.digest(samples)
            found = outputs(self.function, samples.astype(dtype(self.precision)), *case[:2])
            assert found.dtype == dtype(self.precision)
            counts.append(len(found))
            values.append(found[resampler_signals.golden_places(len(found))])
        return {"counts": np.array(counts, np.int32), "values": np.concatenate(values),
                "about": about(self, digests=digests)}


class LengthGolden(NamedTuple):
    """How many samples a library gives of how many."""
    resampler: str
    library: str
    version: str
    call: str
    function: Callable

    def name(self):
        return "lengths.%s.%s" % (self.resampler, self.library)

    def compute(self):
        rows = [(from_hz, to_hz, count,
                 len(outputs(self.function, np.zeros(count, np.float32), from_hz, to_hz)))
                for from_hz, to_hz in resampler_signals.RATIOS
                for count in (resampler_signals.lengths(from_hz, to_hz)
                              + resampler_signals.long_lengths(from_hz, to_hz))]
        return {"rows": np.array(rows, np.int32), "about": about(self)}


def dtype(precision):
    return np.float32 if precision == "float" else np.float64


def outputs(function, samples, from_hz, to_hz):
    """resampy refuses what would give no sample."""
    try:
        return function(samples, from_hz, to_hz)
    except ValueError as error:
        assert "too small to resample" in str(error)
        return np.zeros(0, samples.dtype)


def about(golden, **more):
    found = {key: value for key, value in golden._asdict().items() if key != "function"}
    return np.array(json.dumps(dict(found, **more), sort_keys=True))


def write(golden, folder):
    path = pathlib.Path(folder) / "resamplers" / ("%s.npz" % golden.name())
    path.parent.mkdir(exist_ok=True)
    np.savez_compressed(path, **golden.compute())
    print("%7.0f KiB  %s" % (path.stat().st_size / 1024, path.name), flush=True)
