"""What the feature extractors of ossicle.compat.transformers refuse, and how."""

import logging

import numpy as np
import ossicle
import ossicle.compat.transformers as ours
import pytest
from extractor_cases import (ALL, AST, CLAP, SEAMLESS, SMALL, SPEECH2TEXT, WHISPER, answer,
                             assert_same, pair, speech)
from transformers_originals import original

pytestmark = pytest.mark.filterwarnings("ignore:At least one mel filter has all zero")

RAGGED = {"padding": False}


@pytest.mark.parametrize(("name", "called"), [
    *[(name, {"sampling_rate": 44100}) for name in ALL],
    *[(name, {"return_tensors": "arrays"}) for name in ALL],
    *[(name, {"padding": "left"}) for name in (WHISPER, SEAMLESS, SPEECH2TEXT)],
    *[(name, {"padding": "max_length"}) for name in (SEAMLESS, SPEECH2TEXT)],
    *[(name, {"truncation": True}) for name in (SEAMLESS, SPEECH2TEXT)],
    (WHISPER, RAGGED), (SEAMLESS, RAGGED),
    (SPEECH2TEXT, {"unknown": 1}),
    (SPEECH2TEXT, {"padding": "max_length", "max_length": 50}),
    (CLAP, {"truncation": "cut", "max_length": 3000}),
])
def test_a_call_is_refused_with_the_exception_of_the_original(name, called):
    found, wanted = (answer(each, speech(), called) for each in pair(name))
    assert isinstance(wanted, Exception)
    assert isinstance(found, type(wanted)), f"{found!r}, but transformers raised {wanted!r}"


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("raw_speech", [[], np.zeros(0, np.float32), [np.zeros(0, np.float32)],
                                        np.float32(1.0), np.ones(5000, np.complex64),
                                        ["speech"], {}],
                         ids=str)
def test_what_is_no_speech_is_refused_as_in_the_original(name, raw_speech):
    found, wanted = (answer(each, raw_speech, {}) for each in pair(name))
    if not isinstance(wanted, Exception):
        assert_same(name, found, wanted)  # Whisper makes silence of nothing
        return
    assert isinstance(found, (ValueError, TypeError, LookupError, ZeroDivisionError)), repr(found)


@pytest.mark.parametrize(("name", "changed", "called"), [
    *[(name, {"padding_side": "top"}, {"padding": True})
      for name in (WHISPER, SEAMLESS, SPEECH2TEXT)],
    *[(name, {"padding_value": None}, {"padding": True})
      for name in (WHISPER, SEAMLESS, SPEECH2TEXT)],
])
def test_an_attribute_that_cannot_be_is_refused_as_in_the_original(name, changed, called):
    found, wanted = pair(name, changed)
    found, wanted = (answer(each, speech(), called) for each in (found, wanted))
    assert isinstance(wanted, Exception)
    assert isinstance(found, type(wanted)), f"{found!r}, but transformers raised {wanted!r}"


def test_bands_that_end_before_they_begin_are_refused_as_in_the_original():
    for kind in (ours.ClapFeatureExtractor, original(CLAP)):
        with pytest.raises(ValueError, match="frequency|min_frequency"):
            kind(frequency_min=9000, frequency_max=8000)


@pytest.mark.parametrize(("name", "arguments", "named"), [
    (WHISPER, {"n_fft": 402}, "n_fft=402"),
    (WHISPER, {"n_fft": 405}, "n_fft=405"),
    (WHISPER, {"hop_length": 1 << 21}, "hop_length=2097152"),
    (WHISPER, {"feature_size": 1025}, "feature_size=1025"),
    (WHISPER, {"sampling_rate": 8000}, "sampling_rate=8000"),
    (WHISPER, {"sampling_rate": 22051}, "sampling_rate=22051"),
    (AST, {"num_mel_bins": 0}, "num_mel_bins=0"),
    (AST, {"sampling_rate": 40}, "sampling_rate=40"),
    (AST, {"std": 0.0}, "std=0.0"),
    (CLAP, {"fft_window_size": 1022}, "fft_window_size=1022"),
    (CLAP, {"sampling_rate": 22051}, "sampling_rate=22051"),
    (CLAP, {"sampling_rate": 16000, "frequency_max": 8001}, "frequency_max=8001"),
    (CLAP, {"frequency_min": 14000}, "frequency_min=14000"),
    (CLAP, {"hop_length": 0}, "hop_length=0"),
    (SEAMLESS, {"num_mel_bins": 2000}, "num_mel_bins=2000"),
    (SPEECH2TEXT, {"sampling_rate": 800000}, "sampling_rate=800000"),
])
def test_an_argument_that_is_not_served_is_named_when_it_is_given(name, arguments, named):
    with pytest.raises(NotImplementedError, match=f"{name}.*{named}"):
        getattr(ours, name)(**arguments)


@pytest.mark.parametrize("tensors", ["tf", "jax", "mlx"])
@pytest.mark.parametrize("name", ALL)
def test_tensors_of_other_libraries_are_not_served(name, tensors):
    found = answer(pair(name)[0], speech("short"), {"return_tensors": tensors})
    assert isinstance(found, NotImplementedError)
    assert f"return_tensors='{tensors}'" in str(found)


@pytest.mark.parametrize("name", ALL)
def test_a_bank_that_the_caller_puts_in_is_not_ignored(name):
    extractor = getattr(ours, name)(**SMALL[name])
    extractor.mel_filters = np.ones((201, 80))
    found = answer(extractor, speech("short"), {})
    assert isinstance(found, NotImplementedError)
    assert "mel_filters" in str(found)


@pytest.mark.parametrize("name", [AST, SEAMLESS, SPEECH2TEXT])
def test_a_window_that_the_caller_puts_in_is_not_ignored(name):
    extractor = getattr(ours, name)()
    extractor.window = np.ones(400)
    found = answer(extractor, speech("short"), {})
    assert isinstance(found, NotImplementedError)
    assert "window" in str(found)


def test_the_mean_of_padding_on_the_left_is_not_served():
    extractor = ours.Speech2TextFeatureExtractor(padding_side="left")
    with pytest.raises(NotImplementedError, match="padding_side='left'"):
        extractor(speech(), padding=True)
    extractor(speech("short"), padding=True)  # nothing is padded


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_no_number_is_refused(name, value):
    clip = speech("short")[0].copy()
    clip[2000] = value
    with pytest.raises(ossicle.NotFiniteError):
        pair(name)[0](clip)


@pytest.mark.parametrize("samples", [0, 10, 239])
@pytest.mark.parametrize("name", [AST, SEAMLESS, SPEECH2TEXT])
def test_a_clip_that_is_too_short_is_told_by_the_class_that_was_called(name, samples):
    clips = [speech("short")[0], np.full(samples, 0.1, np.float32)]
    with pytest.raises(ValueError, match=f"has {samples} samples, but {name} takes at least 240"):
        pair(name)[0](clips)


@pytest.mark.parametrize("name", ALL)
def test_a_rate_that_is_left_out_is_logged(name, caplog):
    with caplog.at_level(logging.WARNING):
        pair(name)[0](speech("short")[0])
    assert [each.name for each in caplog.records] == ["ossicle.compat.transformers"]
    assert "sampling_rate" in caplog.text
