"""The arithmetic of bench/report.py and its parts, on results that are made up."""

import copy
import json
import pathlib
import subprocess
import sys

import pytest

BENCH = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(BENCH))

import encoding  # noqa: E402
import encoder_report  # noqa: E402
import report  # noqa: E402
import stream_report  # noqa: E402


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
                9.0, package="libsoxr", difference=agreeing(1e-7, 1e-6)))],
            "streams": streams(), "encoder": encoder()}


def resampled(from_hz, bar, **more):
    return {"from_hz": from_hz, "to_hz": 16000, "audio_seconds": 10, "resampler": "soxr-hq",
            "name": "soxr", "note": "HQ", "bar": bar, "ours": entry(1.0), **more}


def streams():
    bars = [{"what": "peer / ours", "above": "peer", "below": "10 ms", "bar": 4, "at_most": False},
            {"what": "group / offline", "above": "group", "below": "offline", "bar": 1.5,
             "stretch": 1.2, "at_most": True}]
    told = {"preset": "kaldi-fbank-80", "note": "a note"}
    return {"audio_seconds": 60, "bars": bars, "entries": {
        "offline": entry(0.2, **told),
        "10 ms": entry(0.5, **told, piece_ms=10, beside="offline"),
        "1 sample": entry(5.0, **told, piece_ms=0, beside="offline"),
        "group": entry(0.26, frames=300, **told, piece_ms=10, beside="offline"),
        "peer": entry(3.0, package="a peer", note="", piece_ms=10, beside="10 ms",
                      difference=agreeing(1e-3, 1e-2)),
        "absent": {"skipped": "not installed", "note": "", "piece_ms": 10, "beside": "10 ms"}}}


def way(milliseconds, **more):
    """A way to encode a request of 25 windows."""
    return entry(1e3 * milliseconds / 25, frames=25, difference=agreeing(0, 0),
                 **{"allocations": 80, "note": "a note", "own": False, **more})


def encoder():
    entries = {
        "Ossicle": way(10, allocations=84), "same calls": way(9.8), "loop": way(23, own=True),
        "batch, intra-op 2": way(11, own=True), "shared session": way(12), "2 copies": way(11.5),
        "4 copies": way(11.8), "features": way(0.05, note=""),
        "features, two threads": way(0.04, note=""), "encoder": way(9.9, note="")}
    sizes = {"1 worker": 60, "4 workers": 82, "loop": 61, "4 copies": 120}
    memory = {name: {"rss_bytes": size * 2 ** 20, "peak_rss_bytes": 2 * size * 2 ** 20, "note": ""}
              for name, size in sizes.items()}
    return {"slice_seconds": 0.1, "requests": [{"windows": 25, "entries": entries}],
            "memory": {"windows": 64, "processes": 3, "batch": 16, "activation_bytes": 5 * 2 ** 20,
                       "entries": memory},
            "queue": {"encode": entry(10.0, frames=1), "queue": entry(11.0, frames=1)},
            "live": {"seconds": 10, "planned_streams": 24, "capacity": 800.0, "entries": {
                "live": live(22, 11, 12e-3, (0.024, 0.018)),
                "alone": live(1, 1, 1e-3, (0.0012, 0.0016))}},
            "bars": {"loop": [2.0, 2.2], "own": [1.05, 1.15], "same calls": [0.97, None],
                     "memory": [8, None], "live": [2.0, None], "alone": [1.3, None],
                     "queue": [2, None]}}


def live(streams, batch, raw_seconds, p99s):
    sessions = [{"embeddings": 100, "p50_s": 0.001, "p99_s": p99, "max_s": 0.03, "windows": 100,
                 "runs": 50, "busy_cores": 1.4} for p99 in p99s]
    return {"streams": streams, "batch": batch, "sessions": sessions,
            "raw": entry(1e6 * raw_seconds / batch, frames=batch, rounds=(1.0, 1.0))}


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


@pytest.mark.parametrize("measured", ["tasks", "resampling", "streams", "encoder"])
def test_a_part_of_the_page_that_was_not_measured_stays(results, measured):
    old = report.page(results)
    newer = {**copy.deepcopy(results), "tasks": [], "resampling": [], "streams": None,
             "encoder": None, measured: results[measured]}
    newer["machine"]["cpu"] = "another processor"
    page = report.page(newer, old)
    assert page.count("| processor | a processor, 2 cores |") == 3
    assert page.count("| processor | another processor, 2 cores |") == 1
    for heading in ("# Performance", "## Resampling", "## Streams", "## Encoder"):
        assert page.count(f"\n{heading}\n") == (heading != "# Performance")
    assert report.page(results, page) == old


def test_a_part_that_was_never_measured_is_not_on_the_page(results):
    page = report.page({**results, "streams": None})
    assert "## Encoder" in page and "## Streams" not in page


# Streams.

def cells_of(table, **wanted):
    heading, *rows = table
    found = [dict(zip(heading, row)) for row in rows]
    return next(cells for cells in found if wanted.items() <= cells.items())


def test_streams_are_compared_frame_by_frame(results):
    peer, group = stream_report.bars(results["streams"])
    assert peer["value"] == pytest.approx(6) and peer["holds"] and not peer["reaches_stretch"]
    assert group["value"] == pytest.approx(1.3) and group["holds"] and not group["reaches_stretch"]


def test_a_stream_is_beside_the_whole_signal_and_so_is_its_peer(results):
    table = stream_report.table(results["streams"])
    assert cells_of(table, pieces="1 sample")["times offline"] == "25.00"
    assert cells_of(table, competitor="a peer")["times offline"] == "15.00"
    assert cells_of(table, competitor="a peer")["front end"] == "kaldi-fbank-80"
    assert cells_of(table, pieces="whole")["times offline"] == "1.00"


def test_a_bar_of_who_took_no_part_is_left_out(results):
    streams = results["streams"]
    streams["entries"]["peer"] = streams["entries"]["absent"]
    assert [each["what"] for each in stream_report.bars(streams)] == ["group / offline"]
    assert cells_of(stream_report.table(streams), competitor="absent")["note"] == \
        "took no part: not installed"


def test_frames_of_a_stream_that_differ_too_much_are_found(results):
    results["streams"]["entries"]["peer"]["difference"] = agreeing(0.5, 1e-2)
    assert report.disagreements(results) == ["stream: peer by 0.5, 0.01 is allowed"]


# Encoder.

def encoder_bar(results, start):
    return next(each for each in encoder_report.bars(results["encoder"])
                if each["what"].startswith(start))


@pytest.mark.parametrize("what, value, holds, stretch", [
    ("one window after the other", 2.3, True, True),
    ("best of ONNX Runtime's own ways", 1.1, True, False),
    ("ONNX Runtime's time for Ossicle's calls", 0.98, True, False),
    ("memory of 4 workers", 82 - 60 - 3 * 5, True, False),
    ("22 live streams", 1.5, True, False),
    ("one live stream", 1.2, True, False),
    ("queue", 1.0, True, False)])
def test_each_bar_of_the_encoder(results, what, value, holds, stretch):
    found = encoder_bar(results, what)
    assert found["value"] == pytest.approx(value)
    assert (found["holds"], found["reaches_stretch"]) == (holds, stretch)


def test_the_median_session_stands_beside_the_best(results):
    assert encoder_bar(results, "22 live streams")["median"] == pytest.approx((2.0 + 1.5) / 2)


def test_only_onnx_runtimes_own_ways_are_its_best(results):
    results["encoder"]["requests"][0]["entries"]["2 copies"] = way(5)
    assert encoder_bar(results, "best of")["value"] == pytest.approx(1.1)


def test_embeddings_that_differ_are_found(results):
    entries = results["encoder"]["requests"][0]["entries"]
    entries["loop"]["difference"] = agreeing(1e-6, 0)
    assert report.disagreements(results) == ["encoder: 25 windows, loop by 1e-06, 0 is allowed"]


def test_claims_are_answered_by_what_was_measured(results):
    answers = dict(encoder_report.claims(results["encoder"])[1:])
    assert answers["four copies"] == "1.95 times"
    assert answers["without copies: one session, two threads"] == "1.92 times"
    assert answers["the same in batches: Ossicle, from samples"] == "2.30 times"
    assert answers["features are faster in parallel: two threads"] == \
        "1.25 times; all features are 0.50 % of a request"
    assert answers["memory of three more copies, requests of 64"] == "59.0 MiB"
    assert answers["memory of three more workers of one session, batches of 16"] == "22.0 MiB"


@pytest.mark.parametrize("planned, words", [
    (24, "24 would be too many for this machine"), (22, "69 % of what ONNX Runtime encodes")])
def test_fewer_streams_than_planned_are_told(results, planned, words):
    results["encoder"]["live"]["planned_streams"] = planned
    text = encoder_report.load_text(results["encoder"]["live"])
    assert words in text
    assert ("too many" in text) == (planned == 24)


def test_activations_are_the_most_that_is_needed_at_once(tmp_path):
    maker = BENCH.parent / "tests" / "models" / "make_wav2lip_encoder.py"
    subprocess.run([sys.executable, maker, tmp_path / "model.onnx"], check=True)
    one_layer = 32 * 80 * 16 * 4  # the widest: its input and its output
    assert encoding.activation_bytes(tmp_path / "model.onnx", 3) == 3 * 2 * one_layer
