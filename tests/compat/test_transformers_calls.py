"""ossicle.compat.transformers beside transformers itself, argument by argument."""

import numpy as np
import pytest
from extractor_cases import (ALL, AST, CLAP, SEAMLESS, SPEECH2TEXT, TONE_BARS, WHISPER, check,
                             clips, pair, speech)

pytestmark = pytest.mark.filterwarnings("ignore:At least one mel filter has all zero")

# The arguments of an extractor, and of a call.
MADE = {
    WHISPER: [{}, {"feature_size": 128}, {"feature_size": 40}, {"sampling_rate": 24000},
              {"hop_length": 200}, {"hop_length": 1000}, {"n_fft": 512}, {"n_fft": 360},
              {"chunk_length": 2}, {"padding_value": 0.01}, {"padding_side": "left"},
              {"return_attention_mask": True}, {"dither": 0.003}],
    AST: [{}, {"num_mel_bins": 64}, {"num_mel_bins": 200}, {"max_length": 1}, {"max_length": 100},
          {"sampling_rate": 8000}, {"sampling_rate": 11025}, {"do_normalize": False},
          {"mean": -6.5}, {"std": 2.5}, {"feature_size": 2}, {"padding_value": 3.0},
          {"return_attention_mask": True}],
    CLAP: [{}, {"truncation": "rand_trunc"}, {"padding": "repeat"}, {"padding": "pad"},
           {"feature_size": 40, "truncation": "rand_trunc"}, {"hop_length": 200},
           {"fft_window_size": 512}, {"frequency_min": 50}, {"frequency_max": 7000},
           {"max_length_s": 2}, {"top_db": 80}, {"padding_value": 1.0},
           {"return_attention_mask": True}, {"feature_size": 40}],
    SEAMLESS: [{}, {"num_mel_bins": 40, "feature_size": 40}, {"sampling_rate": 8000},
               {"sampling_rate": 11025}, {"padding_value": 1.5}, {"stride": 1}, {"stride": 3},
               {"return_attention_mask": False}, {"padding_side": "left"}],
    SPEECH2TEXT: [{}, {"num_mel_bins": 40, "feature_size": 40}, {"sampling_rate": 8000},
                  {"padding_value": 1.5}, {"do_ceptral_normalize": False},
                  {"normalize_means": False}, {"normalize_vars": False},
                  {"normalize_means": False, "normalize_vars": False}, {"dither": 4.0},
                  {"return_attention_mask": False},
                  {"padding_side": "left", "do_ceptral_normalize": False}],
}
PADDED = [{"padding": True}, {"padding": "longest"}, {"padding": False}, {"padding": "do_not_pad"},
          {"padding": "max_length"}, {"padding": "max_length", "max_length": 90},
          {"padding": True, "pad_to_multiple_of": 32}, {"pad_to_multiple_of": None},
          {"padding": True, "max_length": 50, "truncation": True},
          {"max_length": 50, "truncation": True, "pad_to_multiple_of": 16},
          {"truncation": True}, {"return_attention_mask": True}]
CALLED = {
    WHISPER: [{}, {"return_attention_mask": True}, {"return_attention_mask": False},
              {"padding": "longest"}, {"padding": True, "return_attention_mask": True},
              {"padding": False}, {"truncation": False}, {"max_length": 12345},
              {"max_length": 12345, "return_attention_mask": True},
              {"pad_to_multiple_of": 1111, "return_attention_mask": True},
              {"truncation": False, "padding": "longest", "pad_to_multiple_of": 4096},
              {"do_normalize": True}, {"do_normalize": True, "return_attention_mask": True},
              {"return_token_timestamps": True}, {"device": "cpu"}, {"unknown": 1}],
    AST: [{}, {"unknown": 1}],
    CLAP: [{}, {"truncation": "rand_trunc"}, {"padding": "pad"}, {"padding": "repeat"},
           {"max_length": 8000}, {"max_length": 8000, "truncation": "rand_trunc"},
           {"max_length": 30000}, {"max_length": 22000}, {"unknown": 1},
           {"max_length": 22016, "truncation": "rand_trunc"}],  # one sample is too many
    SEAMLESS: [{}, *PADDED, {"do_normalize_per_mel_bins": False},
               {"return_attention_mask": False}],
    SPEECH2TEXT: [{}, *PADDED, {"return_attention_mask": False}],
}


def cases(table):
    return [pytest.param(name, each, id=f"{name}-{each}") for name in ALL for each in table[name]]


@pytest.mark.parametrize(("name", "made"), cases(MADE))
def test_an_extractor_made_with_an_argument_computes_as_the_original(name, made):
    padding = {"padding": True} if name == SPEECH2TEXT else {}
    check(name, made, speech(), padding)


@pytest.mark.parametrize(("name", "called"), cases(CALLED))
@pytest.mark.parametrize("tensors", [None, "np"])
def test_a_call_with_an_argument_computes_as_the_original(name, called, tensors):
    check(name, {}, speech(), {**called, "return_tensors": tensors})


@pytest.mark.parametrize("name", ALL)
def test_every_kind_of_clip_computes_as_the_original(name):
    for clip in clips():
        bars = TONE_BARS[name] if clip == "sweep" else None
        check(name, {}, clips()[clip], {"return_tensors": "np"}, bars)


def forms():
    clip, other = speech("short", "middle")
    numbers = clip[:4000]
    return {
        "one float32": clip, "one float64": clip.astype(np.float64),
        "one float16": numbers.astype(np.float16), "one reversed": clip[::-1],
        "one list": numbers.tolist(), "one tuple": tuple(numbers.tolist()),
        "32-bit integers": (numbers * 32768).astype(np.int32),
        "list": [clip, other], "tuple": (clip, other), "of float64": [clip.astype(np.float64)],
        "of lists": [numbers.tolist(), numbers[:900].tolist()], "of tuples": [tuple(numbers)],
        "a matrix": np.stack([clip, other[:len(clip)]]), "a row": clip[np.newaxis],
        "a transposed matrix": np.stack([clip, clip * 0.5], axis=1).T,
        "16-bit integers": (numbers * 32768).astype(np.int16),
        "a list of 16-bit integers": [(numbers * 32768).astype(np.int16)],
        "booleans": numbers > 0.01}


@pytest.mark.parametrize("form", forms())
@pytest.mark.parametrize("name", ALL)
def test_samples_in_any_form_compute_as_the_original(name, form):
    padding = {"padding": True} if name in (SEAMLESS, SPEECH2TEXT) else {}
    check(name, {}, forms()[form], padding)


@pytest.mark.parametrize("shape", [(2, 2, 6000), (1, 1, 6000), (2, 6000, 1), (2, 2, 2, 6000)])
@pytest.mark.parametrize("name", ALL)
def test_channels_compute_or_are_refused_as_in_the_original(name, shape):
    samples = np.resize(clips()["noise"] * 0.3 + 0.01, shape).astype(np.float32)
    check(name, {}, samples, {})
    if len(shape) < 4 and name != CLAP:  # there np.pad asks for terabytes
        check(name, {}, list(samples), {})


def test_a_clip_with_channels_is_refused_by_clap():
    found, _ = pair(CLAP)
    with pytest.raises(ValueError, match=r"\(2, 6000\).*one channel"):
        found([np.ones((2, 6000), np.float32)], sampling_rate=16000)


@pytest.mark.parametrize("samples", [1, 2, 159, 160, 200, 201, 239, 240, 399, 400, 401, 560])
@pytest.mark.parametrize("name", ALL)
def test_short_clips_compute_or_are_refused_as_in_the_original(name, samples):
    clip = clips()["noise"][:samples]
    if name == SPEECH2TEXT and samples < 560:  # one frame: 0, which is NaN there
        check(name, {"do_ceptral_normalize": False}, clip, {})
        check(name, {"do_ceptral_normalize": False, "dither": 1.0}, clip, {})
    elif name == SEAMLESS and samples < 560:
        check(name, {}, clip, {"do_normalize_per_mel_bins": False})
    elif name == WHISPER:
        check(name, {"dither": 0.001}, clip, {"padding": False})
        check(name, {}, clip, {"padding": False})
    else:
        check(name, {}, clip, {})


ANY = {
    WHISPER: ({"feature_size": (40, 80), "hop_length": (160, 240), "n_fft": (400, 512),
               "padding_value": (0.0, 0.02), "padding_side": ("right", "left"),
               "dither": (0.0, 0.001), "return_attention_mask": (False, True)},
              {"truncation": (True, False), "pad_to_multiple_of": (None, 100, 4000),
               "padding": ("max_length", "longest", True, False),
               "max_length": (None, 3000, 12480), "do_normalize": (None, True),
               "return_attention_mask": (None, True, False),
               "return_token_timestamps": (None, True), "return_tensors": (None, "np")}),
    AST: ({"num_mel_bins": (64, 128), "max_length": (20, 200), "do_normalize": (True, False),
           "mean": (-4.3, 0), "std": (4.6, 1)}, {"return_tensors": (None, "np")}),
    CLAP: ({"hop_length": (160, 240), "truncation": ("fusion", "rand_trunc"),
            "padding": ("repeatpad", "repeat", "pad"), "frequency_min": (0, 60)},
           {"truncation": (None, "fusion", "rand_trunc"), "padding": (None, "repeat", "pad"),
            "max_length": (None, 6321, 12480, 22100), "return_tensors": (None, "np")}),
    SEAMLESS: ({"padding_value": (0.0, 2.0), "stride": (1, 2, 3),
                "padding_side": ("right", "left"), "return_attention_mask": (True, False)},
               {"padding": (True, False, "longest", "max_length"), "max_length": (None, 40, 200),
                "pad_to_multiple_of": (None, 2, 7), "truncation": (True, False),
                "return_attention_mask": (None, True, False), "return_tensors": (None, "np"),
                "do_normalize_per_mel_bins": (True, False)}),
    SPEECH2TEXT: ({"padding_value": (0.0, 2.0), "dither": (0.0, 1.0),
                   "do_ceptral_normalize": (True, False), "normalize_means": (True, False),
                   "normalize_vars": (True, False)},
                  {"padding": (True, False, "longest", "max_length"), "max_length": (None, 40, 200),
                   "pad_to_multiple_of": (None, 2, 7), "truncation": (True, False),
                   "return_attention_mask": (None, True), "return_tensors": (None, "np")}),
}


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("name", ALL)
def test_random_combinations_compute_or_are_refused_as_in_the_original(name, seed):
    rng = np.random.default_rng(seed)
    made, called = ({key: values[rng.integers(len(values))] for key, values in table.items()}
                    for table in ANY[name])
    count = rng.integers(1, 4)
    check(name, made, speech(*rng.choice(["long", "middle", "short", "noise"], count)), called)


def test_an_unmasked_padded_batch_of_speech_to_text_is_that_of_the_masked_one():
    """transformers raises TypeError for it."""
    found, _ = pair(SPEECH2TEXT)
    masked, plain = (found(speech(), sampling_rate=16000, padding=True, return_tensors="np",
                           return_attention_mask=mask) for mask in (True, False))
    assert list(plain) == ["input_features"]
    assert np.array_equal(plain["input_features"], masked["input_features"])


@pytest.mark.parametrize("name", [SEAMLESS, SPEECH2TEXT])
@pytest.mark.parametrize("samples", [400, 8000])
def test_a_band_that_never_changes_is_zero(name, samples):
    found, _ = pair(name)
    features = found(np.zeros(samples, np.float32), sampling_rate=16000, padding=True)
    assert not np.any(features["input_features"][0])


def test_of_the_channels_of_seamless_m4t_the_first_is_taken():
    found, _ = pair(SEAMLESS)
    stereo = np.stack([speech("short")[0], np.zeros_like(speech("short")[0])])
    both, one = (found(each, sampling_rate=16000) for each in ([stereo], stereo[0]))
    assert np.array_equal(both["input_features"], one["input_features"])
