"""The command's features beside those of the libraries whose names the front ends bear.

Three are compared: Ossicle, a judge (judges.py), and the definition (definition.py), NumPy in
float64. Most judges compute in float32 themselves, so no one comes closer to them than their own
error; what shows that Ossicle computes the same is that in double it lies nearer to the definition
than the judge does. `pytest -rP` prints what was measured; docs/accuracy.md holds it.
"""

import json
import pathlib

import bars
import command
import judges
import measure
import numpy as np
import pytest
import signals
from mistakes import MISTAKES

MEASURED = {(row["preset"], row["variant"], row["library"], row["call"]): row for row in
            json.loads(pathlib.Path(__file__).with_name("accuracy.json").read_text())["rows"]}
each_judge = pytest.mark.parametrize("judge", judges.judges(), ids=str)
each_preset = pytest.mark.parametrize("preset", command.presets())


def stored(judge):
    row = MEASURED.get((judge.preset, judge.variant, judge.library, judge.call))
    assert row, f"{judge} is not in accuracy.json: run `make accuracy-doc`"
    return row


def allowed(value, bound):
    return value <= bars.TOLERANCE * bound + bars.NOTHING


def within(errors, bounds):
    """Whether errors are at most twice what accuracy.json says."""
    return all(allowed(errors[key], bounds[key]) for key in ("mean", "p999", "max", "before_log")
               if errors[key] is not None)


def first_judge(preset):
    """The sharpest: one that runs here, if there is one."""
    return next(judge for judge in judges.judges() if judge.preset == preset and not judge.variant)


@each_preset
def test_a_preset_has_a_judge(preset):
    assert any(judge.preset == preset for judge in judges.judges())


@each_judge
def test_there_are_as_many_frames_as_the_judges_on_every_signal(judge):
    others = [measure.answers(each) for each in judges.judges()
              if measure.key_of(each) == measure.key_of(judge)]
    for name, said in measure.answers(judge).items():
        found = measure.ossicle(*measure.key_of(judge), "float")[name]
        if isinstance(found, str):
            assert "takes at least" in found, found
        if outcome(found) == outcome(said):
            continue
        # Judges of one preset differ on short input alone; then one of them does as Ossicle does.
        assert name.startswith("length-"), f"{name}: {outcome(said)}, not {outcome(found)}"
        assert outcome(found) in [outcome(each[name]) for each in others if name in each], name


def outcome(features):
    """The shape, or that there is none."""
    return "an error" if isinstance(features, str) else features.shape


@each_judge
@pytest.mark.parametrize("precision", measure.PRECISIONS)
def test_a_preset_gives_its_librarys_features(judge, precision):
    errors = measure.of_judge(judge)[precision]
    print(f"{judge} in {precision}: {errors}")
    assert within(errors._asdict(), stored(judge)[precision]), str(errors)


@each_judge
def test_the_judge_computes_what_the_definition_says(judge):
    own = measure.of_judge(judge)["judge_from_definition"]
    print(f"{judge}: {own}")
    if own.before_log is None:
        assert own.max <= bars.JUDGE_MAX
    else:
        assert own.before_log <= bars.JUDGE_ENERGY


@each_judge
def test_double_is_nearer_to_the_definition_than_the_judge(judge):
    measured = measure.of_judge(judge)
    print(f"{judge}: {measured['judge_from_definition']}\n  Ossicle: "
          f"{measured['double_from_definition']}")
    assert measured["double_from_definition"].max <= bars.DOUBLE_MAX
    assert measure.is_nearer(measured)


@each_judge
def test_float_is_within_the_bars_of_the_definition(judge):
    energy_error = measure.energy_error(judge)
    assert energy_error is None or energy_error <= bars.FLOAT_ENERGY
    errors = measure.of_judge(judge)["float_from_definition"]
    if errors.mean_ln is None:
        return
    if judge.preset in bars.QUIET_BANDS:
        assert measure.loudest_over_bar(judge) <= bars.QUIET_BANDS[judge.preset]
        return
    assert errors.mean_ln <= bars.FLOAT_MEAN_LN
    assert errors.p999_ln <= bars.FLOAT_P999_LN


@each_judge
def test_float_is_within_the_bars_of_the_judge_or_nearer_than_twice_the_judges_own_error(judge):
    measured = measure.of_judge(judge)
    errors, own = measured["float"], measured["judge_from_definition"]
    if errors.mean_ln is None or judge.preset in bars.QUIET_BANDS:
        return
    assert errors.mean_ln <= max(bars.FLOAT_MEAN_LN, 2 * own.mean_ln)
    assert errors.p999_ln <= max(bars.FLOAT_P999_LN, 2 * own.p999_ln)


@each_judge
def test_what_is_no_speech_gives_the_judges_features(judge):
    found = measure.ossicle(*measure.key_of(judge), "float")
    assert all(np.isfinite(each).all() for each in found.values() if not isinstance(each, str))
    error = measure.error_elsewhere(judge)
    print(f"{judge}: {error:.2g}")
    assert allowed(error, stored(judge)["elsewhere"]), error


@pytest.mark.parametrize("preset, mistake", [(preset, mistake) for preset, mistakes in
                                             MISTAKES.items() for mistake in mistakes], ids=str)
def test_the_bounds_notice_a_mistake(preset, mistake):
    judge = first_judge(preset)
    speech = measure.speech_of(judge)[0]
    samples_of = {name: judge.signals()[name] for name in (speech, "noise", "quiet-noise")}
    found = measure.ossicle_of({**judge.spec(), **mistake}, samples_of, "double")
    assert not passes(judge, speech, found)


def passes(judge, speech, found):
    """Whether features of speech and noise are as near to a judge's as accuracy.json says."""
    said, results = measure.answers(judge), measure.defined(*measure.key_of(judge))
    elsewhere = stored(judge)["elsewhere"]
    if any(outcome(found[name]) != outcome(said[name]) for name in found):
        return False
    errors = measure.errors([found[speech]], [said[speech]], [results[speech]])
    return within(errors._asdict(), stored(judge)["double"]) and all(
        allowed(measure.error_of(found[name], said[name], results[name]), elsewhere)
        for name in found if name != speech)


@each_preset
def test_no_mistake_passes_the_same_test(preset):
    judge = first_judge(preset)
    speech = measure.speech_of(judge)[0]
    found = measure.ossicle(*measure.key_of(judge), "double")
    assert passes(judge, speech, {name: found[name] for name in (speech, "noise", "quiet-noise")})


@each_preset
def test_every_preset_has_two_mistakes_that_do_not_pass(preset):
    assert len(MISTAKES[preset]) >= 2


@each_preset
def test_no_samples_are_an_error(preset, tmp_path):
    rate_hz = judges.spec_of(preset)["sample_rate_hz"]
    empty = signals.written(tmp_path / "empty.wav", np.zeros(0, np.float32), rate_hz)
    result = command.called("extract", "--frontend", preset, empty.path, "-o", "-")
    assert result.returncode == 3
    assert b"holds 0 samples; at least 1 is needed" in result.stderr


@pytest.mark.parametrize("preset", ["kaldi-fbank-80", "librosa-mel@0.9", "torchaudio-mel"])
def test_a_front_end_that_takes_other_rates_is_judged_at_each(preset):
    rates = {judge.spec()["sample_rate_hz"] for judge in judges.judges() if judge.preset == preset}
    assert rates == set(judges.LIBRARY_RATES_HZ)


def test_wav2lip_has_80_bands_and_80_frames_a_second(speech):
    for signal in speech:
        frames = 1 + len(signal.samples) // 200
        assert command.extract("wav2lip", signal.path).shape == (80, frames)
