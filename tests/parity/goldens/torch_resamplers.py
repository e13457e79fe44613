"""torchaudio and julius."""

import importlib.metadata

import julius
import torch
import torchaudio
from resampler_golden import LengthGolden, ResamplerGolden, write  # make.py calls write

torch.set_num_threads(1)

KAISER_BEST = {"lowpass_filter_width": 64, "rolloff": 0.9475937167399596,
               "resampling_method": "sinc_interp_kaiser", "beta": 14.769656459379492}


def transform(**options):
    def function(samples, from_hz, to_hz):
        wanted = torch.float64 if samples.dtype == "float64" else None
        resample = torchaudio.transforms.Resample(from_hz, to_hz, dtype=wanted, **options)
        return resample(torch.from_numpy(samples)).numpy()
    return function


def functional(samples, from_hz, to_hz):
    return torchaudio.functional.resample(torch.from_numpy(samples), from_hz, to_hz).numpy()


def resample_frac(samples, from_hz, to_hz):
    return julius.resample_frac(torch.from_numpy(samples), from_hz, to_hz).numpy()


def both_precisions(resampler, library, version, call, function):
    return [ResamplerGolden(resampler, library, version, call, function, precision)
            for precision in ("float", "double")]


TORCHAUDIO = "torchaudio", torchaudio.__version__.split("+")[0]
JULIUS = "julius", importlib.metadata.version("julius")
GOLDENS = [
    *both_precisions("torchaudio-hann6", *TORCHAUDIO, "transforms.Resample()", transform()),
    *both_precisions("torchaudio-functional", *TORCHAUDIO, "functional.resample()", functional),
    *both_precisions("torchaudio-kaiser-best", *TORCHAUDIO, "transforms.Resample(kaiser_best)",
                     transform(**KAISER_BEST)),
    *both_precisions("julius", *JULIUS, "resample_frac()", resample_frac),
    LengthGolden("torchaudio-functional", *TORCHAUDIO, "functional.resample()", functional),
    LengthGolden("julius", *JULIUS, "resample_frac()", resample_frac),
]
