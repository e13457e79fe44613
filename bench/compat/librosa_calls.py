"""ossicle.compat.librosa beside librosa."""

import functools

import runner

import librosa
import numpy as np
import ossicle.compat.librosa as ours

RATE_HZ = 22050
# The call, its arguments, the largest difference: of powers, of cepstra, of decibels.
CALLS = [
    ("melspectrogram", {}, 1e-2), ("melspectrogram", {"n_fft": 512, "hop_length": 128}, 1e-3),
    ("melspectrogram", {"pad_mode": "reflect", "power": 1, "htk": True}, 1e-3),
    ("mfcc", {}, 1e-2), ("mfcc", {"n_mfcc": 40, "dct_type": 3, "lifter": 22}, 1e-1),
]


def cases():
    speech = runner.speech(RATE_HZ)
    inputs = {"float32": speech, "float64": speech.astype(np.float64),
              "two channels": np.stack([speech, speech[::-1]])}
    for name, arguments, largest in CALLS:
        yield of_samples(name, arguments, largest, speech)
    for kind in ("float64", "two channels"):
        for name, largest in (("melspectrogram", 1e-2), ("mfcc", 1e-2)):
            yield of_samples(name, {}, largest, inputs[kind], kind)
    magnitude = np.abs(librosa.stft(speech))
    bands = librosa.feature.melspectrogram(y=speech)
    for name, values in (("power_to_db", bands), ("amplitude_to_db", magnitude)):
        yield runner.Case(f"{name}(S {values.shape}, ref=np.max)", *(
            functools.partial(getattr(module, name), values, ref=np.max)
            for module in (ours, librosa)), 1e-4)
    for name, values in (("melspectrogram", magnitude**2), ("mfcc", librosa.power_to_db(bands))):
        yield runner.Case(f"{name}(S={values.shape})", *(
            functools.partial(getattr(module.feature, name), S=values)
            for module in (ours, librosa)), 1e-2)


def of_samples(name, arguments, largest, samples, kind=""):
    shown = ", ".join([kind] * bool(kind) + [f"{key}={value}" for key, value in arguments.items()])
    return runner.Case(f"{name}({shown})", *(
        functools.partial(getattr(module.feature, name), y=samples, sr=RATE_HZ, **arguments)
        for module in (ours, librosa)), largest)


if __name__ == "__main__":
    runner.main(f"librosa {librosa.__version__}", list(cases()))
