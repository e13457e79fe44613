"""FrontendSpec: a plain value, with the fields, defaults and choices of the engine."""

import copy
import dataclasses
import json
import pickle
import re
import typing

import numpy as np
import pytest

import ossicle
from ossicle import SpecError, _core, _steps

FIELDS = dataclasses.fields(ossicle.FrontendSpec)
HINTS = typing.get_type_hints(ossicle.FrontendSpec)
CHOICES = {name: typing.get_args(hint) for name, hint in HINTS.items()
           if typing.get_origin(hint) is typing.Literal}
PRESETS = [info.name for info in ossicle.presets()]
STEPS_TYPES = typing.get_args(ossicle.Step)
STEPS = {name: kind() for name, kind in _steps._CLASSES.items()}


def fields_of(spec):
    return {field.name: getattr(spec, field.name) for field in FIELDS}


def has_its_type(name, value):
    if name == "steps":
        return type(value) is tuple and all(type(step) in STEPS_TYPES for step in value)
    return value in CHOICES[name] if name in CHOICES else type(value) is HINTS[name]


def of_wrong_type(spec):
    return {name: value for name, value in fields_of(spec).items() if not has_its_type(name, value)}


def test_defaults_are_the_engines():
    assert ossicle.FrontendSpec().to_dict() == json.loads(_core.default_json())


def test_fields_are_the_engines_in_their_order():
    assert [field.name for field in FIELDS] == list(json.loads(_core.default_json()))


@pytest.mark.parametrize("name", [None, *PRESETS])
def test_every_field_has_its_type(name):
    spec = ossicle.FrontendSpec() if name is None else ossicle.preset(name)
    assert of_wrong_type(spec) == {}


@pytest.mark.parametrize("field", CHOICES)
def test_choices_are_the_engines(field):
    with pytest.raises(ossicle.SpecError) as caught:
        ossicle.FrontendSpec(**{field: "nonsense"})
    message = str(caught.value)
    assert f'{field}="nonsense"' in message
    listed = re.search(r"must be one of ([\w, -]+)$", message).group(1).split(", ")
    assert listed == list(CHOICES[field])


def test_steps_are_the_engines():
    with pytest.raises(ossicle.SpecError) as caught:
        ossicle.FrontendSpec(steps=({"step": "nonsense"},))
    assert str(caught.value).split("must be one of ")[1].split(", ") == list(STEPS)
    assert {type(step) for step in STEPS.values()} == set(STEPS_TYPES)


@pytest.mark.parametrize("name", STEPS)
def test_defaults_of_steps_are_the_engines(name):
    spec = ossicle.FrontendSpec.from_dict({"steps": [{"step": name}]})
    assert spec.steps == (STEPS[name],)
    types = {field: type(value) for field, value in vars(spec.steps[0]).items()}
    assert types == typing.get_type_hints(type(STEPS[name]))


@pytest.mark.parametrize("name", PRESETS)
def test_the_repr_of_a_preset_evaluates_to_it(name):
    spec = ossicle.preset(name)
    again = eval(repr(spec), vars(ossicle))
    assert again == spec
    assert again.to_json() == spec.to_json()


@pytest.mark.parametrize("name", PRESETS)
def test_a_spec_travels(name):
    spec = ossicle.preset(name)
    for again in (pickle.loads(pickle.dumps(spec)), copy.deepcopy(spec), copy.copy(spec),
                  ossicle.FrontendSpec.from_dict(spec.to_dict()),
                  ossicle.FrontendSpec.from_dict(json.loads(json.dumps(spec.to_dict()))),
                  ossicle.FrontendSpec.from_json(spec.to_json())):
        assert fields_of(again) == fields_of(spec)
        assert hash(again) == hash(spec)


def test_the_repr_of_odd_numbers_evaluates_to_them():
    spec = ossicle.FrontendSpec(name="it's \"ä\"\n", low_hz=0.1 + 0.2, log_floor=1e-37,
                                high_hz=1e3 / 3, dither_seed=2**64 - 1)
    again = eval(repr(spec), vars(ossicle))
    assert fields_of(again) == fields_of(spec)


def test_names_do_not_count():
    one, other = ossicle.FrontendSpec(name="one"), ossicle.FrontendSpec(name="other")
    assert one == other
    assert hash(one) == hash(other)
    assert one != ossicle.FrontendSpec(name="one", mel_bands=81)
    assert len({one, other, ossicle.FrontendSpec(mel_bands=81)}) == 2


def test_a_spec_is_changed_by_replace():
    spec = ossicle.preset("whisper-80")
    wider = dataclasses.replace(spec, mel_bands=128)
    assert (wider.mel_bands, spec.mel_bands) == (128, 80)
    assert dataclasses.replace(wider, mel_bands=80) == spec
    with pytest.raises(dataclasses.FrozenInstanceError):
        spec.mel_bands = 5
    with pytest.raises(ossicle.SpecError, match="mel_bands=0"):
        dataclasses.replace(spec, mel_bands=0)


def test_the_presets_of_both_doors_are_equal():
    for info in ossicle.presets():
        spec = ossicle.preset(info.name)
        assert spec.name == info.name
        assert ossicle.Frontend(info.name).spec == spec
        if info.alias:
            assert ossicle.preset(info.alias) == spec


def test_bands_and_unit_are_known():
    assert ossicle.preset("kaldi-mfcc-13").bands == 13
    assert ossicle.preset("whisper-128").bands == 128
    assert ossicle.preset("librosa-mel-db").unit == "dB"


def test_numbers_of_numpy_become_plain():
    spec = ossicle.FrontendSpec(
        mel_bands=np.int64(40), low_hz=np.float64(20), high_hz=np.float32(100), remove_dc=np.True_,
        fft_size=np.array(512), layout=np.str_("bands-first"),
        steps=[ossicle.Clip(low=np.float32(0.5))])
    assert of_wrong_type(spec) == {}
    assert type(spec.steps[0].low) is float
    assert eval(repr(spec), vars(ossicle)) == spec


def test_whole_numbers_become_floats_where_floats_belong():
    spec = ossicle.FrontendSpec(low_hz=20, input_scale=32768)
    assert (type(spec.low_hz), type(spec.input_scale)) == (float, float)


def test_steps_may_be_mappings():
    step = {"step": "clip", "low": -1}
    spec = ossicle.FrontendSpec(steps=(step, ossicle.SubtractMean()))
    assert spec.steps == (ossicle.Clip(low=-1.0, high=1.0), ossicle.SubtractMean())
    assert spec == ossicle.FrontendSpec.from_dict({"steps": [step, {"step": "subtract_mean"}]})
    again = ossicle.FrontendSpec(steps=[ossicle.Clip(low=-1), ossicle.SubtractMean()])
    assert hash(spec) == hash(again)


REFUSED = {
    "out of range": ({"mel_bands": 0}, SpecError, ["mel_bands=0"]),
    "a float for a whole number": ({"mel_bands": 80.0}, SpecError, ["mel_bands=80.0", "integer"]),
    "a bool for a whole number": ({"mel_bands": True}, SpecError, ["mel_bands=true", "integer"]),
    "text for a number": ({"low_hz": "20"}, SpecError, ["low_hz"]),
    "NaN": ({"log_floor": float("nan")}, SpecError, ["log_floor=nan", "finite"]),
    "infinity of numpy": ({"high_hz": np.float32("inf")}, SpecError, ["high_hz=inf", "finite"]),
    "NaN in a step": ({"steps": [{"step": "clip", "low": float("nan")}]}, SpecError, ["low=nan"]),
    "a seed too large": ({"dither_seed": 2**64}, SpecError, ["dither_seed"]),
    "None": ({"mel_bands": None}, SpecError, ["mel_bands=null"]),
    "an array": ({"mel_bands": np.array([1, 2])}, TypeError, ["ndarray"]),
    "an object": ({"mel_bands": object()}, TypeError, ["object", "part of a spec"]),
    "steps that are none": ({"steps": None}, TypeError, ["steps is None", "tuple"]),
    "steps that are text": ({"steps": "clip"}, TypeError, ["steps is 'clip'", "tuple"]),
    "a step that is text": ({"steps": ["clip"]}, TypeError, ["a step is 'clip'", "PeakFloor"]),
    "a step without a name": ({"steps": [{"low": 0}]}, SpecError, ["steps[0]", '"step"']),
    "a step with an unknown field": ({"steps": [{"step": "clip", "lo": 0}]}, SpecError, ["lo"]),
    "text that is not Unicode": ({"name": "\ud800"}, SpecError, ["surrogate"]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_field_is_refused_by_both_doors(case):
    fields, kind, words = REFUSED[case]
    for make in (lambda: ossicle.FrontendSpec(**fields),
                 lambda: ossicle.FrontendSpec.from_dict(fields), lambda: ossicle.Frontend(fields)):
        with pytest.raises(kind) as caught:
            make()
        assert type(caught.value) is kind
        for word in words:
            assert word in str(caught.value)


def test_an_unknown_field_is_refused():
    for make in (ossicle.FrontendSpec.from_dict, ossicle.Frontend):
        with pytest.raises(ossicle.SpecError, match='"mel_band"'):
            make({"mel_band": 80})
    with pytest.raises(TypeError, match="mel_band"):
        ossicle.FrontendSpec(mel_band=80)


def test_what_names_no_spec_is_refused():
    with pytest.raises(ossicle.SpecError, match='"whisper-129"; the nearest is "whisper-128"'):
        ossicle.preset("whisper-129")
    with pytest.raises(ossicle.SpecError, match='"whisper-129"; the nearest is "whisper-128"'):
        ossicle.Frontend("whisper-129")
    for wrong in (5, None, b"wav2lip", ["wav2lip"]):
        with pytest.raises(TypeError, match="give a preset's name, an ossicle.FrontendSpec or"):
            ossicle.Frontend(wrong)
    with pytest.raises(TypeError, match="Unicode"):
        ossicle.Frontend("\ud800")


def test_json_that_is_none_is_refused():
    for text in ("", "{", "[]", "5"):
        with pytest.raises(ossicle.SpecError):
            ossicle.FrontendSpec.from_json(text)


def test_deviations_name_the_fields():
    spec = ossicle.preset("whisper-80")
    assert ossicle.deviations(spec, "whisper-80") == []
    found = ossicle.deviations(dataclasses.replace(spec, mel_bands=40), spec)
    assert [(each.field, each.found, each.wanted) for each in found] == [("mel_bands", "40", "80")]
