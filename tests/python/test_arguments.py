"""An argument of another type is a TypeError, and a whole number that is too large a SpecError:
both say the argument, its value and what to give."""

import array
import re

import numpy as np
import pytest
from demo import BOTH

import ossicle

SECOND = np.zeros(16000, np.float32)
FEATURES = np.zeros((100, 80), np.float32)
RATE, WORKERS = "1..768000", "1..256, or 0 for one on each core"
PRECISION, DOWNMIX = '"float" or "double"', '"mean" or "ffmpeg"'
TAIL, RULE = '"drop", "align" or "pad"', 'a rule such as "16:80/25"'
RAW = 'a format such as "s16le:'


def frontend(**given):
    return ossicle.Frontend("kaldi-fbank-80", **given)


def called(**given):
    return frontend()(SECOND, **given)


def stream(**given):
    return ossicle.Stream("kaldi-fbank-80", **given)


def extracted(**given):
    return ossicle.extract("never.wav", "kaldi-fbank-80", **given)


def read(**given):
    return ossicle.read_audio("never.wav", **given)


def resampled(**given):
    return ossicle.resample(SECOND, **{"from_hz": 16000, "to_hz": 8000, **given})


def compared(**given):
    return ossicle.compare(FEATURES, audio=SECOND, **given)


def packed(**given):
    return ossicle.pack("never.onnx", "never.onnx", **{**BOTH, **given})


def opened(**given):
    return ossicle.Engine("never.onnx", **{**BOTH, **given})


def encoder(**given):
    return ossicle.Encoder("never.onnx", given)


def encoded(**given):
    return ENGINES[0](SECOND, **given)


def encoded_file(**given):
    return ENGINES[0]("never.wav", **given)


def live(**given):
    return ossicle.EmbeddingStream(ENGINES[0], statistics="running", **given)


def windows(**given):
    return ossicle.Encoder(ENGINES[0].path)(np.zeros((1, 76, 32), np.float32), **given)


ENGINES = []


@pytest.fixture(scope="module", autouse=True)
def one_engine(engine):
    ENGINES.append(engine)


WHOLE = [(frontend, "workers", WORKERS), (frontend().frames, "samples", "0 or more"),
         (called, "sample_rate_hz", RATE), (called, "axis", "such as -1"),
         (stream, "sample_rate_hz", RATE), (live, "sample_rate_hz", RATE),
         (encoded, "sample_rate_hz", RATE), (extracted, "workers", WORKERS),
         (extracted, "channel", "from 0"), (read, "channel", "from 0"),
         (encoded_file, "channel", "from 0"), (resampled, "from_hz", RATE),
         (resampled, "to_hz", RATE), (compared, "sample_rate_hz", RATE),
         (compared, "most_evaluations", "100..1000000"), (encoder, "workers", WORKERS),
         (encoder, "max_batch", "1..1024"), (encoder, "sessions", "1..16")]
TEXT = [(frontend, "precision", PRECISION), (stream, "precision", PRECISION),
        (extracted, "precision", PRECISION), (extracted, "raw", RAW), (read, "raw", RAW),
        (encoded_file, "raw", RAW), (read, "downmix", DOWNMIX), (opened, "downmix", DOWNMIX),
        (opened, "windows", RULE), (packed, "windows", RULE), (opened, "tail", TAIL),
        (packed, "tail", TAIL), (opened, "resampler", "a name"), (resampled, "resampler", "a name"),
        (windows, "layout", '"frames-first" or "bands-first"'),
        (encoder, "graph_optimization", '"none", "basic"')]
OTHERS = [(packed, "overwrite", "True or False"), (encoder, "batch_invariant", "True or False"),
          (encoder, "providers", "a list of names"), (compared, "presets", "a list of names")]


def names(rows):
    return [f"{call.__name__}-{name}" for call, name, _ in rows]


@pytest.mark.parametrize("call, name, wanted", WHOLE, ids=names(WHOLE))
@pytest.mark.parametrize("value", ["1", 1.0, 1.5, np.float64(1.5), np.float32(1), b"1", (1,)],
                         ids=repr)
def test_what_is_no_whole_number_is_a_type_error_with_a_cure(call, name, wanted, value):
    text = f"{name} is {value!r} ({type(value).__name__}"
    with pytest.raises(TypeError, match=re.escape(text)) as caught:
        call(**{name: value})
    assert "); give a whole number, " in str(caught.value)
    assert wanted in str(caught.value)


@pytest.mark.parametrize("call, name, wanted", WHOLE, ids=names(WHOLE))
@pytest.mark.parametrize("value", [2**63, -2**64, 10**30])
def test_a_whole_number_that_is_too_large_is_a_spec_error_with_the_range(call, name, wanted, value):
    with pytest.raises(ossicle.SpecError, match=rf"{name} is {value}; give ") as caught:
        call(**{name: value})
    assert wanted in str(caught.value)


@pytest.mark.parametrize("value", [2**31, -2**31 - 1, 2**40])
def test_a_rate_beyond_int_is_refused_as_one_beyond_the_range(value):
    for call in (called, stream, live, encoded):
        with pytest.raises(ossicle.SpecError, match=f"sample_rate_hz is {value}; give 1..768000"):
            call(sample_rate_hz=value)


@pytest.mark.parametrize("call, name, wanted", TEXT, ids=names(TEXT))
@pytest.mark.parametrize("value", [1, 0.5, b"mean", ["mean"], "\ud800"], ids=ascii)
def test_what_is_no_text_is_a_type_error_with_a_cure(call, name, wanted, value):
    text = f"{name} is {value!r} ({type(value).__name__}); give "
    with pytest.raises(TypeError, match=re.escape(text)) as caught:
        call(**{name: value})
    assert wanted in str(caught.value)


@pytest.mark.parametrize("call, name, wanted", OTHERS, ids=names(OTHERS))
def test_what_is_no_choice_or_list_is_a_type_error_with_a_cure(call, name, wanted):
    value = [1] if "list" in wanted else "yes"
    text = f"{name} is {value!r} ({type(value).__name__}); give "
    with pytest.raises(TypeError, match=re.escape(text)) as caught:
        call(**{name: value})
    assert wanted in str(caught.value)


@pytest.mark.parametrize("call, name", [
    (frontend, "precision"), (frontend, "workers"), (frontend().frames, "samples"),
    (resampled, "from_hz"), (resampled, "resampler"), (compared, "sample_rate_hz"),
    (packed, "windows"), (packed, "tail"), (read, "downmix"), (windows, "layout")])
def test_none_is_refused_where_nothing_can_be_left_out(call, name):
    with pytest.raises(TypeError, match=rf"{name} is None \(NoneType\); give "):
        call(**{name: None})


def test_what_names_no_front_end_is_a_type_error_with_a_cure():
    with pytest.raises(TypeError, match=r"the preset is None \(NoneType\); give a name"):
        ossicle.preset(None)
    for call in (ossicle.Frontend, lambda wrong: ossicle.extract("never.wav", wrong),
                 lambda wrong: ossicle.deviations(wrong, "wav2lip"),
                 lambda wrong: ossicle.deviations("wav2lip", wrong),
                 lambda wrong: packed(frontend=wrong)):
        with pytest.raises(TypeError, match="front end is a NoneType; give a preset's name"):
            call(None)


def test_a_long_value_is_cut_at_a_whole_character():
    for start in ("", "a"):
        with pytest.raises(TypeError) as caught:
            frontend(precision=[start + 1000 * "\u00e4"])
        assert re.search(r"precision is \['a?\u00e4{40,50}\.\.\. \(list\)", str(caught.value))


@pytest.mark.parametrize("value", [16000, np.int32(16000), np.uint16(16000), np.array(16000)],
                         ids=repr)
def test_whole_numbers_of_numpy_are_whole_numbers(value):
    assert np.array_equal(called(sample_rate_hz=value), called())
    samples = array.array("f", bytes(64000))
    assert len(ossicle.resample(samples, value, np.int64(8000))) == 8000
    assert frontend().frames(value) == 98
