"""The options of ossicle.compat.kaldi_native_fbank beside those of kaldi-native-fbank itself."""

import pickle

import kaldi_native_fbank as original
import numpy as np
import ossicle.compat.kaldi_native_fbank as ours
import pytest
import signals
from calls import value_or_error as outcome

OPTIONS = ["FbankOptions", "FrameExtractionOptions", "MelBanksOptions", "MfccOptions",
           "WhisperFeatureOptions"]
EXTRACTORS = ["OnlineFbank", "OnlineMfcc", "OnlineWhisperFbank"]


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


@pytest.mark.parametrize("name", EXTRACTORS)
def test_options_of_another_kind_are_refused_as_by_the_original(name):
    for module in (original, ours):
        for options in (None, module.MelBanksOptions()):
            with pytest.raises(TypeError):
                getattr(module, name)(options)
