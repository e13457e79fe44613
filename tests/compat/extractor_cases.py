"""What the feature extractors are asked, and how their answers are compared."""

import functools

import numpy as np
import ossicle.compat.transformers as ours
import signals
from transformers_originals import original

WHISPER, AST, CLAP = "WhisperFeatureExtractor", "ASTFeatureExtractor", "ClapFeatureExtractor"
SEAMLESS, SPEECH2TEXT = "SeamlessM4TFeatureExtractor", "Speech2TextFeatureExtractor"
ALL = (WHISPER, AST, CLAP, SEAMLESS, SPEECH2TEXT)
RATE_HZ = 16000

# How far features in float may lie from those in double, in their units: the mean and the largest
# of a call. Whisper's bands end 8 decades below the loudest, those of the others at the floor of
# the logarithm: beside a pure tone, quiet bands hold little but the rounding of the loud ones.
BARS = {WHISPER: (1e-6, 5e-5), AST: (5e-6, 5e-4), CLAP: (1e-4, 2e-2), SEAMLESS: (1e-5, 5e-4),
        SPEECH2TEXT: (1e-5, 5e-4)}
TONE_BARS = {WHISPER: (1e-6, 5e-5), AST: (1e-5, 4e-3), CLAP: (1e-2, 0.3), SEAMLESS: (3e-4, 2e-2),
             SPEECH2TEXT: (3e-4, 2e-2)}
SEED = 20251128


@functools.lru_cache(maxsize=None)
def clips():
    """Speech of unequal lengths, and what is no speech: {name: samples}."""
    speech = list(signals.speech(RATE_HZ).values())
    made = signals.made(RATE_HZ)
    return {"long": speech[0][8000:30017], "middle": speech[1][8000:20480],
            "short": speech[2][8000:14321], "noise": made["noise"], "sweep": made["sweep"],
            "quiet": made["quiet-noise"]}


def speech(*names):
    return [clips()[name] for name in names or ("long", "middle", "short")]


# CLAP's defaults are of 10 s at 48 kHz.
SMALL = {WHISPER: {"chunk_length": 1}, AST: {"max_length": 64},
         CLAP: {"sampling_rate": RATE_HZ, "frequency_max": 8000, "hop_length": 160,
                "fft_window_size": 400, "max_length_s": 1}, SEAMLESS: {}, SPEECH2TEXT: {}}


@functools.lru_cache(maxsize=None)
def pair_of(name, arguments):
    options = {**SMALL[name], **dict(arguments)}
    return getattr(ours, name)(**options), original(name)(**options)


def pair(name, arguments=None):
    """The extractor of Ossicle and that of transformers."""
    return pair_of(name, tuple((arguments or {}).items()))


def answer(extractor, raw_speech, arguments):
    """What it gives and where NumPy's generator then stands, or the exception that it raises."""
    np.random.seed(SEED)
    options = {"sampling_rate": extractor.sampling_rate, **arguments}
    try:
        with np.errstate(all="ignore"):
            batch = extractor(raw_speech, **options)
    except Exception as error:  # whatever it raises is its answer
        return error
    return dict(batch), np.random.get_state()[2]


def assert_same(name, found, wanted, bars=None):
    """Both gave the same arrays, or both raised the same."""
    if isinstance(wanted, Exception):
        assert isinstance(found, type(wanted)), f"{found!r}, but transformers raised {wanted!r}"
        return
    assert not isinstance(found, Exception), f"{found!r}, but transformers gave features"
    assert found[1] == wanted[1], "NumPy's generator was asked for something else"
    assert list(found[0]) == list(wanted[0])
    for key, value in wanted[0].items():
        assert type(found[0][key]) is type(value), key
        assert_close(found[0][key], value, bars or BARS[name], key)


def assert_close(found, wanted, bars, key):
    if isinstance(wanted, list) or wanted.dtype == object:
        assert len(found) == len(wanted), key
        for one, other in zip(found, wanted):
            assert type(one) is type(other), key
            if isinstance(other, np.ndarray):
                assert_close(one, other, bars, key)
            else:
                assert one == other, key
        return
    assert (found.dtype, found.shape) == (wanted.dtype, wanted.shape), key
    if wanted.dtype.kind != "f" or wanted.size == 0:
        assert np.array_equal(found, wanted), key
        return
    difference = np.abs(found - wanted)
    assert difference.mean() <= bars[0], f"{key}: mean {difference.mean():.2g}"
    assert difference.max() <= bars[1], f"{key}: largest {difference.max():.2g}"


def check(name, arguments, raw_speech, call, bars=None):
    found, wanted = (answer(each, raw_speech, call) for each in pair(name, arguments))
    assert_same(name, found, wanted, bars)
