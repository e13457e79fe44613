"""ossicle.compat.kaldi_native_fbank beside kaldi-native-fbank itself, call by call."""

import gc
import pickle
import weakref

import kaldi_native_fbank as original
import numpy as np
import ossicle.compat.kaldi_native_fbank as ours
import pytest
import signals

OPTIONS = ["FbankOptions", "FrameExtractionOptions", "MelBanksOptions", "MfccOptions",
           "WhisperFeatureOptions"]
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


def outcome(action):
    try:
        return action()
    except Exception as error:
        return type(error)


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


# Options.


def pair_of(name):
    return getattr(original, name), getattr(ours, name)


@pytest.mark.parametrize("name", OPTIONS)
def test_options_have_the_defaults_and_the_text_of_the_original(name):
    wanted, found = (kind() for kind in pair_of(name))
    assert list(found.as_dict().items()) == list(wanted.as_dict().items())
    assert str(found) == str(wanted)


def other_value(value, random):
    if isinstance(value, bool):
        return not value
    if isinstance(value, dict):
        return {name: other_value(each, random) for name, each in value.items()}
    return {int: lambda: int(random.integers(1, 99)), str: lambda: "hamming",
            float: lambda: float(10.0 ** random.uniform(-8, 8))}[type(value)]()


@pytest.mark.parametrize("name", OPTIONS)
def test_options_come_back_from_dicts_and_pickles_as_those_of_the_original(name):
    random = np.random.default_rng(3)
    for _ in range(20):
        values = other_value(getattr(original, name)().as_dict(), random)
        some = {key: value for key, value in values.items() if random.random() < 0.7}
        wanted, found = (kind.from_dict({**some, "unknown": 1}) for kind in pair_of(name))
        assert found.as_dict() == wanted.as_dict()
        assert str(found) == str(wanted)
        assert pickle.loads(pickle.dumps(found)).as_dict() == wanted.as_dict()


@pytest.mark.parametrize("name", OPTIONS)
def test_options_take_their_arguments_in_the_order_of_the_original(name):
    def in_order(kind, module):
        values = kind().as_dict()
        nested = {"frame_opts": module.FrameExtractionOptions(samp_freq=8000),
                  "mel_opts": module.MelBanksOptions(num_bins=7)}
        return kind(*(nested.get(key, value) for key, value in values.items())).as_dict()
    wanted, found = pair_of(name)
    assert in_order(found, ours) == in_order(wanted, original)


@pytest.mark.parametrize("field", ["use_energy", "eps", "frame_opts", "mel_opts", "unknown"])
@pytest.mark.parametrize("value", [True, None, 0, 3, 0.1, 1e40, "text", [], np.float32(0.5)],
                         ids=repr)
def test_options_take_and_refuse_the_values_that_the_original_does(field, value):
    def assigned(module):
        options = module.FbankOptions()
        setattr(options, field, value)
        return options.as_dict()
    assert outcome(lambda: assigned(ours)) == outcome(lambda: assigned(original))


@pytest.mark.parametrize("field", ["num_bins", "norm", "low_freq"])
@pytest.mark.parametrize("value", [True, None, 3, 0.5, "", np.int64(9)], ids=repr)
def test_mel_options_take_and_refuse_the_values_that_the_original_does(field, value):
    def assigned(module):
        options = module.MelBanksOptions()
        setattr(options, field, value)
        return options.as_dict()
    assert outcome(lambda: assigned(ours)) == outcome(lambda: assigned(original))


def test_options_hold_copies_of_the_options_within_them():
    for module in (original, ours):
        frame_opts = module.FrameExtractionOptions(samp_freq=8000)
        options = module.FbankOptions(frame_opts=frame_opts)
        frame_opts.samp_freq = 4000
        assert options.frame_opts.samp_freq == 8000
        options.frame_opts = frame_opts
        frame_opts.samp_freq = 2000
        assert options.frame_opts.samp_freq == 4000
        options.frame_opts.samp_freq = 16000
        assert options.frame_opts.samp_freq == 16000


def test_an_extractor_keeps_its_options_when_they_change():
    for module in (original, ours):
        options = module.FbankOptions()
        computer = module.OnlineFbank(options)
        options.frame_opts.samp_freq = 8000
        options.use_energy = True
        computer.accept_waveform(16000, signals.noise(400))
        assert computer.get_frame(0).shape == (23,)


@pytest.mark.parametrize("kind", KINDS)
def test_options_of_another_kind_are_refused_as_by_the_original(kind):
    for module in (original, ours):
        for options in (None, module.MelBanksOptions()):
            with pytest.raises(TypeError):
                getattr(module, KINDS[kind][0])(options)
