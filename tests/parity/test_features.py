"""The command's features against those of the libraries whose names the presets bear.

`pytest -rP` prints what was measured. The worst values belong to bands that are nearly silent:
there the float32 spectra of two right programs differ most before the logarithm.
kaldi-native-fbank and openWakeWord's graph compute in float32 themselves, so --precision double
comes no closer to them than their own error; librosa and transformers compute in float64 but for
their mel weights and transformers' complex64 spectrum, and double agrees with them to that.
"""

import functools
import json
from typing import NamedTuple

import command
import numpy as np
import pytest
import references


class Bound(NamedTuple):
    """Of the absolute differences over all signals, in the units of the features."""
    mean: float
    percentile_99_9: float
    maximum: float


# Twice what was measured on x86-64.
BOUNDS = {
    "float": {
        "wav2lip": Bound(6e-7, 2.2e-5, 1.2e-4),
        "wav2lip@librosa-0.7": Bound(6e-7, 2.2e-5, 1.2e-4),
        "whisper-80": Bound(2.6e-7, 1e-5, 4e-5),
        "whisper-128": Bound(2.8e-7, 1e-5, 5e-5),
        "kaldi-fbank-80": Bound(1e-5, 1.4e-4, 1.6e-3),
        "openwakeword": Bound(9e-6, 1.1e-4, 7e-4),
        "openwakeword-embedding": Bound(9e-7, 1.1e-5, 7e-5),
    },
    "double": {
        "wav2lip": Bound(2e-8, 1e-7, 1.4e-7),
        "wav2lip@librosa-0.7": Bound(2e-8, 1e-7, 1.4e-7),
        "whisper-80": Bound(5e-8, 1.4e-7, 1.6e-7),
        "whisper-128": Bound(5e-8, 1.4e-7, 1.6e-7),
        "kaldi-fbank-80": Bound(1.1e-5, 2.2e-4, 1.4e-3),
        "openwakeword": Bound(7e-6, 6e-5, 5e-4),
        "openwakeword-embedding": Bound(8e-7, 6e-6, 5e-5),
    },
}

# For each preset, changes of one choice that a user could make by mistake.
MISTAKES = {
    "wav2lip": [{"edge": "reflect"}, {"window_periodic": False}, {"preemphasis": "frame"},
                {"preemphasis_coefficient": 0.96}, {"low_hz": 50.0}, {"high_hz": 7610.0},
                {"mel_norm": "none"}, {"mel_scale": "htk"}, {"spectrum": "power"}],
    "wav2lip@librosa-0.7": [{"edge": "zeros"}, {"edge": "reflect-repeat"}],
    "whisper-80": [{"edge": "zeros"}, {"window_periodic": False}, {"drop_last_frame": False},
                   {"high_hz": 7990.0},
                   {"steps": [{"step": "peak_floor", "range": 7.99},
                              {"step": "affine", "scale": 0.25, "offset": 1.0}]}],
    "whisper-128": [{"mel_bands": 127}],
    "kaldi-fbank-80": [{"window": "hann"}, {"window_periodic": True}, {"remove_dc": False},
                       {"preemphasis": "signal"}, {"input_scale": 32767.0}, {"low_hz": 20.1},
                       {"mel_interpolation": "hz"}, {"mel_scale": "slaney"},
                       {"window_position": "center"}, {"framing": "kaldi-no-snip"}],
    "openwakeword": [{"input_rounding": "none"}, {"window_position": "left"}, {"high_hz": 3801.0},
                     {"input_scale": 32767.0}, {"steps": [{"step": "peak_floor", "range": 79.9}]}],
    "openwakeword-embedding": [{"steps": [{"step": "peak_floor", "range": 80.0}]}],
}


@pytest.fixture(scope="module")
def reference(all_signals):
    """The library's features of every signal."""
    return functools.cache(
        lambda preset: [references.OF_PRESET[preset](each.samples) for each in all_signals])


def extract_all(frontend, precision, all_signals):
    return [command.extract(frontend, each.path, "--precision", precision, *each.options)
            for each in all_signals]


def measure(found, wanted):
    errors = np.concatenate([np.abs(a.astype(np.float64) - b).ravel()
                             for a, b in zip(found, wanted)])
    return Bound(errors.mean(), np.percentile(errors, 99.9), errors.max())


def within(measured, bound):
    return all(value <= limit for value, limit in zip(measured, bound))


def show(measured):
    return f"mean {measured[0]:.2g}, 99.9th percentile {measured[1]:.2g}, maximum {measured[2]:.2g}"


@pytest.mark.parametrize("preset", references.OF_PRESET)
@pytest.mark.parametrize("precision", BOUNDS)
def test_a_preset_gives_its_librarys_features(preset, precision, reference, all_signals):
    found, wanted = extract_all(preset, precision, all_signals), reference(preset)
    for signal, a, b in zip(all_signals, found, wanted):
        assert a.shape == b.shape, str(signal)
        assert a.dtype == {"float": np.float32, "double": np.float64}[precision]
        print(f"  {signal}: {show(measure([a], [b]))}")
    measured, bound = measure(found, wanted), BOUNDS[precision][preset]
    print(f"{preset} in {precision}: {show(measured)}")
    assert within(measured, bound), f"{show(measured)}; allowed: {show(bound)}"


@pytest.mark.parametrize("preset, mistake", [(preset, mistake) for preset, mistakes in
                                             MISTAKES.items() for mistake in mistakes], ids=str)
def test_the_bounds_notice_a_mistake(preset, mistake, reference, all_signals, tmp_path):
    path = tmp_path / "mistaken.json"
    path.write_text(json.dumps({**command.spec(preset), **mistake}))
    found, wanted = extract_all(path, "float", all_signals), reference(preset)
    if [a.shape for a in found] == [b.shape for b in wanted]:
        measured = measure(found, wanted)
        assert not within(measured, BOUNDS["float"][preset]), show(measured)


def test_wav2lip_has_80_bands_and_80_frames_a_second(speech):
    for signal in speech:
        frames = 1 + len(signal.samples) // 200
        assert command.extract("wav2lip", signal.path).shape == (80, frames)
