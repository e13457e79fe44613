"""The arithmetic of bench/report.py, on results that are made up."""

import copy
import json
import pathlib
import sys

import pytest

BENCH = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(BENCH))

import report  # noqa: E402


def entry(us_per_frame, frames=100, package="ossicle", rounds=(1.0, 1.0, 1.0), **more):
    """A competitor whose fastest call takes frames * us_per_frame, and `rounds` times that."""
    seconds = us_per_frame * frames * 1e-6
    return {"package": package, "version": "1", "frames": frames, "calls": 3, "seconds": seconds,
            "median_seconds": seconds, "round_seconds": [factor * seconds for factor in rounds],
            "us_per_frame": us_per_frame, "scratch_bytes_per_worker": 65536, **more}


def agreeing(largest, tolerance):
    return {"max": largest, "frames": 100, "tolerance": tolerance, "agrees": largest <= tolerance,
            "of": "ours"}


@pytest.fixture
def results():
    task = {
        "name": "wav2lip", "title": "Wav2Lip", "audio_seconds": 60, "sample_rate_hz": 16000,
        "floor_bar": [0.7, 0.5],
        "ours": {"float": entry(0.4), "double": entry(0.82), "two_workers": entry(0.2),
                 "one_second": entry(0.6, frames=50)},
        # One frame less than ours: the ratio is that of the time of a frame.
        "floors": {"fftw": entry(0.8, frames=99, package="FFTW",
                                 difference=agreeing(1e-7, 1e-5))},
        "peers": {"librosa": entry(8.0, package="librosa", bar=[18, 30], note="as it ships",
                                   difference=agreeing(1e-5, 1e-4)),
                  "torchaudio": {"skipped": "not installed", "bar": [9, 15], "note": ""}}}
    front_end = {**entry(0.4), "frontend": "wav2lip", "precision": "float", "bytes": 1e6,
                 "instruction_set": "AVX2", "audio_seconds": 60, "stages": {}}
    return {"machine": {"cpu": "a processor", "cores": 2, "caches": {"L1": "32K"},
                        "instruction_sets": ["AVX2"], "compiler": "a compiler",
                        "system": "a system", "ossicle": "0.1.0", "load_average": 0.0},
            "method": {"rounds": 3, "slice_seconds": 0.02, "audio_seconds": 60},
            "tasks": [task],
            "frontends": [front_end, {**front_end, "precision": "double"}],
            "resampling": [resampled(44100, 8, peer=entry(
                9.0, package="libsoxr", difference=agreeing(1e-7, 1e-6)))]}


def resampled(from_hz, bar, **more):
    return {"from_hz": from_hz, "to_hz": 16000, "audio_seconds": 10, "resampler": "soxr-hq",
            "name": "soxr", "note": "HQ", "bar": bar, "ours": entry(1.0), **more}


def bar_of(results, what):
    return next(each for each in report.bars(results) if each["what"] == what)


def test_the_floor_is_compared_frame_by_frame(results):
    found = bar_of(results, report.NAMES["floor"])
    assert found["value"] == pytest.approx(0.5)
    assert found["holds"] and found["at_most"]


def test_peers_are_compared_by_the_whole_call(results):
    found = bar_of(results, "librosa / Ossicle")
    assert found["value"] == pytest.approx(20)
    assert found["holds"] and not found["reaches_stretch"]


def test_precision_workers_and_short_audio(results):
    assert bar_of(results, report.NAMES["double"])["value"] == pytest.approx(2.05)
    assert bar_of(results, report.NAMES["two_workers"])["value"] == pytest.approx(2)
    assert bar_of(results, report.NAMES["two_workers"])["reaches_stretch"]
    short = bar_of(results, report.NAMES["one_second"])
    assert short["value"] == pytest.approx(1.5)
    assert not short["holds"]


@pytest.mark.parametrize("us_per_frame, holds, stretch",
                         [(0.63, False, False), (0.5, True, False), (0.3, True, True)])
def test_a_bar_from_above_holds_below_it(results, us_per_frame, holds, stretch):
    results["tasks"][0]["ours"]["float"] = entry(us_per_frame)
    found = bar_of(results, report.NAMES["floor"])
    assert (found["holds"], found["reaches_stretch"]) == (holds, stretch)


def test_the_median_round_is_of_ratios_within_rounds(results):
    # Every round has another speed; within each, the peer is 10 times slower.
    ours = results["tasks"][0]["ours"]
    ours["float"] = entry(0.4, rounds=(1, 3, 2))
    results["tasks"][0]["peers"]["librosa"] = entry(
        4.0, package="librosa", rounds=(1, 3, 2), bar=[18, 30], note="")
    found = bar_of(results, "librosa / Ossicle")
    assert found["median"] == pytest.approx(10)


def test_who_took_no_part_is_named_with_the_reason(results):
    assert report.skipped(results) == [("wav2lip", "torchaudio", "not installed", True)]
    assert ["wav2lip", "torchaudio", "", "", "", "", "not measured: not installed"] in \
        report.bars_table(results)


def test_features_that_differ_too_much_are_found(results):
    assert report.disagreements(results) == []
    results["tasks"][0]["peers"]["librosa"]["difference"] = agreeing(0.5, 1e-4)
    assert report.disagreements(results) == ["wav2lip: librosa by 0.5, 0.0001 is allowed"]


def test_rates_of_a_front_end(results):
    heading, row = report.frontends_table(results)
    cells = dict(zip(heading, row))
    assert cells["GB/s"] == "25.0"  # 1e6 bytes in 40 us
    assert cells["times real time"] == "1500000"  # 60 s in 40 us
    assert cells["scratch, KiB a worker"] == "64.0"


def test_shares_of_the_stages_add_up(results):
    assert report.stages_table(results) == []
    results["frontends"][0]["stages"] = {"fft": 3.0, "mel": 1.0}
    heading, row = report.stages_table(results)
    assert dict(zip(heading, row))["fft, %"] == "75.0"
    assert dict(zip(heading, row))["mel, %"] == "25.0"


@pytest.mark.parametrize("value, text", [
    (0.41234, "0.412"), (0.42, "0.420"), (12.345, "12.3"), (1234.5, "1234"),
    (0.00001234, "0.000012")])
def test_three_digits_and_no_exponent(value, text):
    assert report.digits(value) == text


def test_the_page_holds_every_number_that_the_tables_hold(results):
    page = report.page(results)
    for _, rows in report.sections(results):
        for row in rows:
            assert "| " + " | ".join(row) + " |" in page
    assert "a processor, 2 cores" in page
    assert "torchaudio: not installed" in page


def test_the_page_is_a_function_of_the_json(results):
    assert report.page(json.loads(json.dumps(results))) == report.page(copy.deepcopy(results))


@pytest.mark.parametrize("bar, sign, holds", [
    (9, ">= 9", "yes"), (9.1, ">= 9.1", "no"), (None, "", "")])
def test_resamplers_are_compared_with_the_same_definition(results, bar, sign, holds):
    results["resampling"][0]["bar"] = bar
    heading, row = report.resampling_table(results)
    cells = dict(zip(heading, row))
    assert cells["Hz"] == "44100 -> 16000"
    assert (cells["us per s of audio"], cells["Ossicle's"]) == ("90.0", "10.0")  # 900 us for 10 s
    assert (cells["times Ossicle"], cells["bar"], cells["holds"]) == ("9.00", sign, holds)


def test_a_resampler_that_took_no_part_is_named_with_the_reason(results):
    results["resampling"] = [resampled(48000, 0.9, skipped="not installed")]
    heading, row = report.resampling_table(results)
    cells = dict(zip(heading, row))
    assert (cells["competitor"], cells["holds"]) == ("soxr", "")
    assert cells["note"] == "took no part: not installed"
    assert report.disagreements(results) == []


def test_resampled_audio_that_differs_too_much_is_found(results):
    results["resampling"][0]["peer"]["difference"] = agreeing(1e-5, 1e-6)
    assert report.disagreements(results) == [
        "44100 -> 16000 Hz: soxr by 1e-05, 1e-06 is allowed"]


@pytest.mark.parametrize("kept, measured", [("resampling", "tasks"), ("tasks", "resampling")])
def test_a_part_of_the_page_that_was_not_measured_stays(results, kept, measured):
    old = report.page(results)
    newer = copy.deepcopy(results)
    newer[kept] = []
    newer["machine"]["cpu"] = "another processor"
    page = report.page(newer, old)
    assert page.count("| processor | a processor, 2 cores |") == 1
    assert page.count("| processor | another processor, 2 cores |") == 1
    assert page.count("## Resampling") == page.count("# Performance\n") == 1
    assert report.page(results, page) == old
