"""docs/accuracy.md says what is so: it is what accuracy.py makes of accuracy.json, every front end
and every resampler has a row, and what is measured now is what accuracy.json says."""

import json
import pathlib
import sys

import accuracy
import bars
import command
import judges
import measure
import pytest
import resampler_accuracy
import resampler_cost
import resampler_errors
import resamplers

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "accuracy.md"
MEASURED = json.loads(accuracy.MEASURED.read_text())
# A figure that fell to less than this part of what the page says is out of date too. Largest values
# hang on single values, and are let off.
STALE = 0.2
# The features that a cost is the difference of are Ossicle's own, the same everywhere.
COST_TOLERANCE = 1.2
CURE = "run `make accuracy-doc`"


def row_of(judge):
    rows = [row for row in MEASURED["rows"]
            if (row["preset"], row["variant"], row["library"], row["version"], row["call"])
            == (judge.preset, judge.variant, judge.library, judge.version, judge.call)]
    assert len(rows) == 1, f"{judge}, {judge.version}: {len(rows)} rows; {CURE}"
    return rows[0]


def test_the_page_is_made_of_what_was_measured():
    assert PAGE.read_text() == accuracy.page(MEASURED), CURE


def test_every_front_end_has_a_row():
    shown = {row["preset"] for row in MEASURED["rows"] if row["role"] == "judge"}
    assert shown == set(command.presets()), CURE
    page = PAGE.read_text()
    assert all(f"| `{preset}` |" in page for preset in command.presets())


def test_the_page_groups_the_front_ends_as_the_command_does():
    listed = json.loads(command.run("frontends", "--json"))["frontends"]
    assert MEASURED["frontends"] == accuracy.listed_fields(listed), CURE


@pytest.mark.skipif(sys.version_info < (3, 10), reason="the libraries are older there")
@pytest.mark.parametrize("judge", judges.everyone(), ids=str)
def test_the_figures_are_those_of_today(judge):
    row, measured = row_of(judge), measure.of_judge(judge)
    assert accuracy.short_input(judge) == row["short"], CURE
    assert list(measure.frames_of(judge)) == [row["frames_equal"], row["frames_differ"]], CURE
    assert measure.is_nearer(measured) == row["nearer"]
    for name, errors in measured.items():
        for key in ("mean", "p999"):
            now, then = getattr(errors, key), row[name][key]
            assert now <= bars.TOLERANCE * then + bars.NOTHING, f"{name} {key}: {now}, not {then}"
            assert now >= STALE * then - bars.NOTHING, f"{name} {key}: {now}, not {then}; {CURE}"


def test_whispers_peer_is_five_milliseconds_late():
    """kaldi-native-fbank's: the same once the frames begin 80 samples later."""
    (peer,) = [each for each in judges.peers() if each.call == "OnlineWhisperFbank"]
    late = {"framing": "explicit", "edge": "reflect-repeat", "pad_left_samples": 120,
            "pad_right_samples": 120, "drop_last_frame": False}
    name = measure.speech_of(peer)[0]
    samples_of = {name: peer.signals()[name]}
    found = measure.ossicle_of({**peer.spec(), **late}, samples_of, "double")[name]
    said = measure.answers(peer)[name]
    frames = min(len(found), len(said))
    assert abs(found[:frames] - said[:frames]).max() < 1e-3
    assert measure.of_judge(peer)["double"].max > 0.1


def resampler_row(key):
    rows = [row for row in MEASURED["resamplers"]
            if (row["resampler"], row["library"], row["version"], row["call"]) == key]
    if not rows and key[1] == "ffmpeg":
        pytest.skip(f"the page has another ffmpeg than {key[2]}")
    assert len(rows) == 1, f"{key}: {len(rows)} rows; {CURE}"
    return rows[0]


def test_every_resampler_has_a_row():
    rows = json.loads(command.run("resamplers", "--json"))["resamplers"]
    listed = {each["name"] for each in rows}
    assert {row["resampler"] for row in MEASURED["resamplers"]} == listed, CURE
    assert {row["resampler"] for row in MEASURED["costs"]} == listed, CURE


@pytest.mark.parametrize("row", MEASURED["resamplers"],
                         ids=lambda row: f"{row['resampler']} by {row['library']} {row['call']}")
def test_what_the_page_says_of_a_resampler_is_within_its_bars(row):
    assert resampler_accuracy.within_bars(row)


@pytest.mark.skipif(sys.version_info < (3, 10), reason="the libraries are older there")
@pytest.mark.parametrize("key", resampler_accuracy.by_call(), ids=str)
def test_the_figures_of_resamplers_are_those_of_today(key):
    row = resampler_row(key)
    now = resampler_accuracy.row_of(key, resampler_accuracy.by_call()[key])
    assert row.keys() == now.keys(), CURE
    for name, then in row.items():
        if not isinstance(then, dict):
            assert now[name] == then, f"{name}; {CURE}"
            continue
        worst, before = now[name]["worst"], then["worst"]
        assert worst <= bars.TOLERANCE * before + resampler_errors.DOUBLE, f"{name}: {worst}"
        assert worst >= STALE * before - resampler_errors.DOUBLE, f"{name}: {worst}; {CURE}"


@pytest.mark.parametrize("row", MEASURED["costs"], ids=resampler_accuracy.cost_name)
def test_the_costs_of_resamplers_are_those_of_today(row):
    for name, setting in resampler_accuracy.settings().items():
        now = resampler_cost.cost(*setting, row["resampler"], row["precision"])
        for key, then in row[name].items():
            assert now[key] <= COST_TOLERANCE * then, f"{name}: {now[key]}, not {then}; {CURE}"
            assert then <= COST_TOLERANCE * now[key], f"{name}: {now[key]}, not {then}; {CURE}"


@pytest.mark.parametrize("resampler", resamplers.RESAMPLERS)
def test_only_bands_near_the_end_of_what_filters_pass_are_far_off(resampler):
    for frontend, rate_hz in resampler_accuracy.settings().values():
        differences = resampler_cost.differences(frontend, rate_hz, resampler)
        near = differences[:, :resampler_cost.FAR_BANDS[rate_hz]].max()
        assert near <= resampler_cost.FAR, (frontend, rate_hz)
