"""What a golden is, and how one is written. Imported in Python 3.8 too."""

import json
import pathlib
import sys
from typing import Callable, NamedTuple

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import signals


class Golden(NamedTuple):
    """A preset's features as a library computes them."""
    preset: str
    library: str
    version: str
    call: str  # what was called, for the reader
    features: Callable  # of mono float32 samples: (frames, values)
    rate_hz: int = 16000
    window_samples: int = 400
    fft_size: int = 400
    role: str = "judge"  # or peer: claims the same, and is shown beside the judge
    variant: str = ""  # the rate, where it is not the preset's own

    def name(self):
        variant = f"+{self.variant}" if self.variant else ""
        return f"{self.preset}{variant}.{self.library}".replace(" ", "-").lower()

    def signals(self):
        """Of a variant, speech alone and the lengths around a window."""
        made = {} if self.variant else signals.made(self.rate_hz)
        return {**signals.short_speech(self.rate_hz), **made,
                **signals.of_lengths(self.window_samples, self.fft_size)}


def compute(golden):
    """The arrays of the .npz: the features by the name of the signal, and "about", JSON."""
    arrays, raised, digests = {}, {}, {}
    for name, samples in golden.signals().items():
        digests[name] = signals.digest(samples)
        try:
            arrays[name] = np.asarray(golden.features(samples.copy()), np.float32)
        except Exception as error:  # whatever the library raises is what the golden says
            raised[name] = f"{type(error).__name__}: {error}".splitlines()[0][:120]
    about = {key: value for key, value in golden._asdict().items() if key != "features"}
    about.update(raised=raised, digests=digests)
    return {**arrays, "about": np.array(json.dumps(about, sort_keys=True))}


def write(golden, folder):
    path = pathlib.Path(folder) / f"{golden.name()}.npz"
    np.savez_compressed(path, **compute(golden))
    print(f"{path.stat().st_size / 1024:7.0f} KiB  {path.name}", flush=True)
