"""ossicle.compat.kaldi_native_fbank beside kaldi-native-fbank itself, call by call."""

import gc
import weakref

import kaldi_native_fbank as original
import numpy as np
import ossicle.compat.kaldi_native_fbank as ours
import pytest
import signals
from calls import value_or_error as outcome

KINDS = {"fbank": ("OnlineFbank", "FbankOptions"), "mfcc": ("OnlineMfcc", "MfccOptions"),
         "whisper": ("OnlineWhisperFbank", "WhisperFeatureOptions")}
QUIET = {"frame_opts": {"dither": 0.0}}
# Both compute in float32: of an energy, relative to the largest of its frame; of a mean logarithm
# of speech; of cepstra and of the logarithm of a frame's energy.
ENERGY, MEAN_LOG, CEPSTRUM = 3e-5, 1e-5, 2e-3


def extractor(module, kind, options):
    extractor_name, options_name = KINDS[kind]
    values = {"frame_opts": {}, **options}
    values["frame_opts"] = {**QUIET["frame_opts"], **values["frame_opts"]}
    if "mel_opts" in values:
        values["mel_opts"] = {"num_bins": 23, **values["mel_opts"]}
    made = getattr(module, options_name).from_dict(values)
    return getattr(module, extractor_name)(made)


def frames_of(computer):
    frames = [computer.get_frame(i) for i in range(computer.num_frames_ready)]
    return np.stack(frames) if frames else np.zeros((0, computer.dim), np.float32)


def features(module, kind, options, samples):
    computer = extractor(module, kind, options)
    rate_hz = options.get("frame_opts", {}).get("samp_freq", 16000)
    computer.accept_waveform(rate_hz, samples.tolist() if module is original else samples)
    computer.input_finished()
    return frames_of(computer)


def listened_to():
    speech = signals.short_speech(16000)["speech"][:8000]
    made = {name: signals.made(16000)[name] for name in ("noise", "silence", "dc", "impulse")}
    lengths = {f"length-{count}": signals.noise(count) for count in (1, 2, 79, 80, 399, 400, 401)}
    return {"speech": speech, **made, **lengths}


def assert_same_features(kind, options, samples, name):
    found = features(ours, kind, options, samples)
    wanted = features(original, kind, options, samples)
    assert (found.shape, found.dtype) == (wanted.shape, wanted.dtype), name
    if len(wanted) == 0:
        return
    if options.get("use_energy", kind == "mfcc"):
        column = (-1 if kind == "mfcc" else found.shape[1] - 1) if options.get("htk_compat") else 0
        np.testing.assert_allclose(found[:, column], wanted[:, column], atol=CEPSTRUM, rtol=1e-6,
                                   err_msg=name)
        found, wanted = (np.delete(each, column, axis=1) for each in (found, wanted))
    if wanted.size == 0:
        return
    if kind == "mfcc":
        assert name in ("dc", "impulse") or np.abs(found - wanted).max() <= CEPSTRUM, name
        return
    if kind == "fbank" and options.get("use_log_fbank", True):
        assert name != "speech" or np.abs(found - wanted).mean() <= MEAN_LOG
        found, wanted = (np.exp(each.astype(np.float64)) for each in (found, wanted))
    loudest = np.maximum(wanted.max(axis=1, keepdims=True), 1e-30)
    assert (np.abs(found - wanted) / loudest).max() <= ENERGY, name


def values_of(kind):
    """A value or more for each option that is served."""
    frame = {"samp_freq": [8000.0, 22050.0], "frame_shift_ms": [5.0, 12.5, 40.0],
             "frame_length_ms": [16.0, 32.0, 24.9375], "preemph_coeff": [0.0, 0.5, 1.0],
             "remove_dc_offset": [False], "snip_edges": [False], "blackman_coeff": [0.3],
             "window_type": ["hamming", "hanning", "hann", "rectangular"],
             "round_to_power_of_two": [False]}
    mel = {"num_bins": [3, 15], "low_freq": [0.0, 133.3], "high_freq": [3800.0, -400.0],
           "vtln_low": [50.0], "vtln_high": [-100.0], "is_librosa": [True], "norm": [""],
           "use_slaney_mel_scale": [False]}
    energy = {"use_energy": [True, False], "energy_floor": [1.0], "htk_compat": [True]}
    own = {"fbank": {**energy, "use_log_fbank": [False], "use_log_floor": [False],
                     "eps": [1e-3, 5.9604645e-08], "use_power": [False]},
           "mfcc": {**energy, "num_ceps": [1, 23], "cepstral_lifter": [0.0, 10.0]},
           "whisper": {"dim": [80, 128]}}[kind]
    if kind == "whisper":
        return {"own": own}
    if kind == "mfcc":
        mel["num_bins"] = [13, 15]
    return {"frame_opts": frame, "mel_opts": mel, "own": own}


def options_with(group, name, value):
    return {name: value} if group == "own" else {group: {name: value}}


def each_argument():
    for kind in KINDS:
        yield pytest.param(kind, {}, id=f"{kind}-defaults")
        for group, arguments in values_of(kind).items():
            for name, values in arguments.items():
                for value in values:
                    yield pytest.param(kind, options_with(group, name, value),
                                       id=f"{kind}-{name}-{value}")
    yield pytest.param("fbank", {"use_energy": True, "htk_compat": True}, id="fbank-energy-last")
    yield pytest.param("mfcc", {"use_energy": False, "htk_compat": True}, id="mfcc-c0-last")
    yield pytest.param("fbank", {"mel_opts": {"is_librosa": True, "low_freq": 0.0, "norm": ""}},
                       id="fbank-librosa-without-norm")


@pytest.mark.parametrize("kind, options", each_argument())
def test_frames_are_those_of_the_original(kind, options):
    for name, samples in listened_to().items():
        assert_same_features(kind, options, samples, name)


def test_frames_of_random_options_are_those_of_the_original():
    random = np.random.default_rng(8)
    speech = signals.short_speech(16000)["speech"][2000:8000]
    compared = 0
    for _ in range(60):
        kind = ["fbank", "mfcc"][random.integers(2)]
        options = {}
        for group, arguments in values_of(kind).items():
            chosen = {name: values[random.integers(len(values))]
                      for name, values in arguments.items() if random.random() < 0.35}
            options.update(chosen if group == "own" else {group: chosen})
        try:
            extractor(original, kind, options)
        except ValueError:
            with pytest.raises(ValueError):
                extractor(ours, kind, options)
            continue
        try:
            assert_same_features(kind, options, speech, str(options))
            compared += 1
        except NotImplementedError as error:
            assert "products of powers of 2, 3 and 5" in str(error)
    assert compared > 40


FRAMINGS = [{}, {"snip_edges": False}, {"snip_edges": False, "frame_shift_ms": 12.5},
            {"snip_edges": False, "frame_length_ms": 5.0, "frame_shift_ms": 15.0},
            {"snip_edges": False, "samp_freq": 11025.0}, {"frame_length_ms": 100.0},
            {"snip_edges": False, "frame_length_ms": 100.0, "frame_shift_ms": 1.0},
            {"frame_length_ms": 5.0, "frame_shift_ms": 20.0}]


@pytest.mark.parametrize("framing", FRAMINGS, ids=str)
def test_as_many_frames_are_ready_after_each_piece(framing):
    random = np.random.default_rng(1)
    rate_hz = framing.get("samp_freq", 16000)
    for most in (1, 37, 400, 3000):
        pair = [extractor(module, "fbank", {"frame_opts": framing, "mel_opts": {"num_bins": 3}})
                for module in (original, ours)]
        samples = signals.noise(most * 20 + 700)
        while len(samples) > 0:
            piece, samples = np.split(samples, [int(random.integers(0, most + 1))])
            for computer in pair:
                computer.accept_waveform(rate_hz, piece)
            assert pair[0].num_frames_ready == pair[1].num_frames_ready
        for computer in pair:
            computer.input_finished()
        assert pair[0].num_frames_ready == pair[1].num_frames_ready


def test_frames_do_not_depend_on_the_pieces():
    samples = np.concatenate([signals.noise(50000), signals.short_speech(16000)["speech"]])
    options = {"frame_opts": {"snip_edges": False, "dither": 1e-3}, "use_energy": True}
    whole = features(ours, "fbank", options, samples)
    computer = extractor(ours, "fbank", options)
    for piece in np.array_split(samples, 173):
        computer.accept_waveform(16000, piece)
    computer.input_finished()
    np.testing.assert_array_equal(frames_of(computer), whole)


def test_integers_are_taken_at_their_value():
    samples = (signals.short_speech(16000)["speech"] * 32768).astype(np.int16)
    of_integers = features(ours, "fbank", {}, samples)
    np.testing.assert_array_equal(of_integers, features(ours, "fbank", {}, samples.astype(float)))
    assert of_integers.mean() > 5  # on the 16-bit scale


def test_dither_is_noise_of_the_same_strength():
    options = {"frame_opts": {"dither": 0.25}}
    silence = np.zeros(160000, np.float32)
    found, wanted = (features(module, "fbank", options, silence) for module in (ours, original))
    assert np.abs(found.mean(axis=0) - wanted.mean(axis=0)).max() < 0.25
    assert abs(found.mean() - wanted.mean()) < 0.05
    assert 0.9 < found.std() / wanted.std() < 1.1
    np.testing.assert_array_equal(found, features(ours, "fbank", options, silence))


# What one does with an extractor, beside what the original does.


def sequence_of(module):
    computer = extractor(module, "fbank", {})
    seen = [computer.dim, computer.frame_shift_in_seconds, computer.num_frames_ready,
            outcome(lambda: computer.get_frame(0)), outcome(lambda: computer.get_frame(-1)),
            outcome(lambda: computer.accept_waveform(8000, [])),
            outcome(lambda: computer.accept_waveform(8000, [0.0])),
            outcome(lambda: computer.accept_waveform(16000, np.zeros((2, 3)))),
            outcome(lambda: computer.accept_waveform(16000, np.array(1.0))),
            outcome(lambda: computer.accept_waveform(16000, "text")),
            outcome(lambda: computer.accept_waveform(16000, None)),
            outcome(lambda: computer.accept_waveform(sampling_rate=16000, waveform=range(9)))]
    computer.accept_waveform(16000, signals.noise(4000))
    ready = computer.num_frames_ready
    seen += [ready, computer.is_last_frame(ready - 1), outcome(lambda: computer.get_frame(1.0)),
             outcome(lambda: computer.get_frame(ready)), outcome(lambda: computer.pop(1.5))]
    for popped in (-1, 0, 3, 1, 1000):
        computer.pop(popped)
        seen.append(computer.num_frames_ready)
        seen += [getattr(outcome(lambda: computer.get_frame(i)), "shape", "none")
                 for i in range(-1, ready + 2)]
        seen += [outcome(lambda: computer.get_frame(i)) for i in (0, 2, ready + 1)
                 if isinstance(outcome(lambda: computer.get_frame(i)), type)]
    computer.input_finished()
    computer.input_finished()
    return seen + [computer.is_last_frame(i) for i in range(ready + 1)] + [
        outcome(lambda: computer.accept_waveform(16000, [])),
        outcome(lambda: computer.accept_waveform(16000, [0.0])),
        outcome(lambda: computer.accept_waveform(8000, [0.0]))]


def test_an_extractor_answers_as_the_original():
    assert sequence_of(ours) == sequence_of(original)


def refused(module, kind, options):
    computer = extractor(module, kind, options)
    computer.accept_waveform(16000, signals.noise(1000))


@pytest.mark.parametrize("kind, options", [
    ("fbank", {"mel_opts": {"num_bins": 2}}),
    ("fbank", {"mel_opts": {"num_bins": 200}}),
    ("fbank", {"mel_opts": {"num_bins": 200, "is_librosa": True}}),
    ("fbank", {"mel_opts": {"low_freq": 9000.0}}),
    ("fbank", {"mel_opts": {"low_freq": -1.0}}),
    ("fbank", {"mel_opts": {"high_freq": 8001.0}}),
    ("fbank", {"mel_opts": {"high_freq": -8000.0}}),
    ("fbank", {"mel_opts": {"low_freq": 3000.0, "high_freq": 2000.0}}),
    ("fbank", {"mel_opts": {"is_librosa": True, "norm": "other"}}),
    ("fbank", {"frame_opts": {"window_type": "other"}}),
    ("fbank", {"frame_opts": {"preemph_coeff": 1.5}}),
    ("fbank", {"frame_opts": {"preemph_coeff": -0.5}}),
    ("fbank", {"frame_opts": {"frame_length_ms": 0.0}}),
    ("fbank", {"frame_opts": {"frame_length_ms": 25.0625, "round_to_power_of_two": False}}),
    ("mfcc", {"num_ceps": 24}),
    ("whisper", {"dim": 2}),
    ("whisper", {"dim": 400}),
], ids=str)
def test_options_that_the_original_refuses_are_refused(kind, options):
    for module in (original, ours):
        with pytest.raises(ValueError):
            refused(module, kind, options)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_refused_as_by_the_original(value):
    for module in (original, ours):
        computer = extractor(module, "fbank", {})
        with pytest.raises(RuntimeError):
            computer.accept_waveform(16000, [0.0] * 300 + [value] + [0.0] * 300)


@pytest.mark.parametrize("kind, options, named", [
    ("fbank", {"frame_opts": {"window_type": "sine"}}, "window_type='sine'"),
    ("mfcc", {"frame_opts": {"window_type": "blackman"}}, "window_type='blackman'"),
    ("fbank", {"frame_opts": {"samp_freq": 11025.5}}, "samp_freq=11025.5"),
    ("fbank", {"mel_opts": {"htk_mode": True}}, "htk_mode=True"),
    ("fbank", {"mel_opts": {"debug_mel": True}}, "debug_mel=True"),
    ("fbank", {"mel_opts": {"is_librosa": True, "floor_to_int_bin": True}}, "floor_to_int_bin"),
    ("fbank", {"use_energy": True, "raw_energy": False}, "raw_energy=False"),
    ("mfcc", {"raw_energy": False}, "raw_energy=False"),
    ("mfcc", {"cepstral_lifter": -1.0}, "cepstral_lifter=-1.0"),
    ("fbank", {"eps": 2.0}, "eps=2.0"),
    ("fbank", {"frame_opts": {"frame_length_ms": 23.125, "round_to_power_of_two": False}},
     "frame_length_ms, in samples=370"),
])
def test_what_is_not_served_is_named(kind, options, named):
    extractor(original, kind, options)  # which serves it
    with pytest.raises(NotImplementedError) as raised:
        extractor(ours, kind, options)
    assert named in str(raised.value)


def test_popped_frames_are_freed():
    computer = extractor(ours, "fbank", {})
    computer.accept_waveform(16000, signals.noise(80000))
    blocks = {id(frame.base): weakref.ref(frame.base)
              for frame in map(computer.get_frame, range(computer.num_frames_ready))}
    alive = lambda: sum(block() is not None for block in blocks.values())
    assert alive() == len(blocks) == 5
    kept = computer.get_frame(10).copy()
    computer.pop(10)
    np.testing.assert_array_equal(computer.get_frame(10), kept)
    computer.pop(290)
    gc.collect()
    assert alive() == 3
    computer.pop(1000)
    gc.collect()
    assert alive() == 0
