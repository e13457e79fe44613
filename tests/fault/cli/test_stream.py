"""`ossicle stream`: what comes out, when, and that it equals the same from a file."""

import json

import numpy as np
import pytest

from command import expect, finish, presets, run, start
from live import EXACT, FITTING, KALDI, RAW, arrays, listing, stream


@pytest.fixture
def raw_file(tmp_path, raw_speech):
    path = tmp_path / "talk.s16"
    path.write_bytes(raw_speech)
    return path


@pytest.fixture
def stereo_file(tmp_path):
    """Two seconds of two channels at 44100 Hz."""
    path = tmp_path / "stereo.s16"
    samples = np.random.default_rng(1).integers(-20000, 20000, (88200, 2))
    path.write_bytes(samples.astype("<i2").tobytes())
    return path


def extracted(tmp_path, *arguments):
    path = tmp_path / "extracted.npy"
    expect(run("extract", "--layout", "frames-first", "--overwrite", "-o", path, *arguments))
    return np.load(path)


@pytest.mark.parametrize("preset", presets())
def test_frames_are_those_of_extract(tmp_path, raw_file, stereo_file, preset):
    for path, raw in ((raw_file, "s16le:16000:1"), (stereo_file, "s16le:44100:2")):
        arguments = ("--frontend", preset, "--raw", raw)
        whole = extracted(tmp_path, *arguments, path)
        live = stream(*arguments, "--statistics", "exact", "--format", "raw", "-",
                      stdin=path.read_bytes())
        assert live == whole.tobytes(), raw


@pytest.mark.parametrize("preset", ["kaldi-mfcc-13", "whisper-80", "nemo-80", "librosa-mfcc"])
@pytest.mark.parametrize("choices", [
    ["--precision", "double"], ["--channel", 1], ["--downmix", "ffmpeg"],
    ["--resampler", "torchaudio-hann6"]])
def test_choices_mean_what_they_mean_to_extract(tmp_path, stereo_file, preset, choices):
    arguments = ("--frontend", preset, "--raw", "s16le:44100:2", *choices)
    whole = extracted(tmp_path, *arguments, stereo_file)
    live = stream(*arguments, "--statistics", "exact", "--format", "raw", stereo_file)
    assert live == whole.tobytes()


def test_a_file_runs_through(tmp_path, speech):
    live = stream(*KALDI, "--format", "raw", speech)
    assert live == extracted(tmp_path, *KALDI, speech).tobytes()


@pytest.mark.parametrize("tail", ["drop", "align", "pad"])
def test_embeddings_are_those_of_encode(out, model, raw_file, stereo_file, tail):
    for path, raw in ((raw_file, "s16le:16000:1"), (stereo_file, "s16le:44100:2")):
        arguments = ("--model", model, *FITTING, "--tail", tail, "--raw", raw)
        expect(run("encode", *arguments, path, "-o", out, "--overwrite"))
        live = stream(*arguments, *EXACT, "--format", "raw", "-", stdin=path.read_bytes())
        assert live == np.load(out).tobytes(), raw


def test_packed_model_needs_nothing_else(tmp_path, model, raw_file):
    packed = tmp_path / "packed.onnx"
    expect(run("pack", model, *FITTING, "-o", packed))
    assert stream("--model", packed, *EXACT, *RAW, raw_file) == \
        stream("--model", model, *FITTING, *EXACT, *RAW, raw_file)


def test_npy_stream_on_a_pipe_is_one_array_after_the_other(tmp_path, raw_file):
    found = arrays(stream(*KALDI, *RAW, raw_file))
    assert len(found) > 1
    assert {each.shape[1:] for each in found} == {(80,)}
    assert np.array_equal(np.concatenate(found), extracted(tmp_path, *KALDI, *RAW, raw_file))


@pytest.mark.parametrize("before", [b"", b"words before"])
def test_npy_stream_in_a_file_is_one_array_that_grows(tmp_path, raw_file, before):
    path = tmp_path / "frames.npy"
    with open(path, "wb") as file:
        file.write(before)
        file.flush()
        expect(finish(start("stream", *KALDI, *RAW, raw_file, "--quiet", stdout=file)))
    with open(path, "rb") as file:
        file.seek(len(before))
        whole = np.load(file)
        assert file.read() == b""
    assert np.array_equal(whole, extracted(tmp_path, *KALDI, *RAW, raw_file))


def test_npy_stream_appended_to_a_file_is_one_array_after_the_other(tmp_path, raw_file):
    path = tmp_path / "frames.npy"
    with open(path, "ab") as file:
        expect(finish(start("stream", *KALDI, *RAW, raw_file, "--quiet", stdout=file)))
    assert path.read_bytes() == stream(*KALDI, *RAW, raw_file)


def test_jsonl_has_each_frame_with_its_time_and_its_bits(tmp_path, raw_file):
    lines = stream(*KALDI, *RAW, raw_file, "--format", "jsonl").decode().splitlines()
    rows = [json.loads(line) for line in lines]
    assert [list(row) for row in rows] == [["frame", "time_s", "values"]] * len(rows)
    assert [row["frame"] for row in rows] == list(range(len(rows)))
    assert [row["time_s"] for row in rows] == [t * 160 / 16000 for t in range(len(rows))]
    values = np.array([row["values"] for row in rows], np.float32)
    assert values.tobytes() == extracted(tmp_path, *KALDI, *RAW, raw_file).tobytes()


def test_jsonl_in_double_has_the_bits_of_double(tmp_path, raw_file):
    arguments = (*KALDI, *RAW, raw_file, "--precision", "double")
    rows = stream(*arguments, "--format", "jsonl").splitlines()
    values = np.array([json.loads(row)["values"] for row in rows])
    assert values.tobytes() == extracted(tmp_path, *arguments).tobytes()
    assert arrays(stream(*arguments))[0].dtype == np.float64


def test_jsonl_has_each_window_with_its_times(model, raw_file):
    arguments = ("--model", model, *FITTING, *EXACT, *RAW, raw_file)
    rows = [json.loads(line) for line in stream(*arguments, "--format", "jsonl").splitlines()]
    assert [list(row) for row in rows] == [["window", "start_s", "end_s", "values"]] * len(rows)
    for i, row in enumerate(rows):
        assert row["window"] == i
        assert row["start_s"] == pytest.approx(8 * i * 0.01)
        assert row["end_s"] == pytest.approx((8 * i + 76) * 0.01)
    values = np.array([row["values"] for row in rows], np.float32)
    assert values.tobytes() == stream(*arguments, "--format", "raw")


def test_no_frame_at_all_is_an_empty_array(tmp_path):
    found = arrays(stream(*KALDI, *RAW, "-", stdin=bytes(2 * 100)))
    assert [each.shape for each in found] == [(0, 80)]
    for kind in ("raw", "jsonl"):
        assert stream(*KALDI, *RAW, "-", "--format", kind, stdin=bytes(2 * 100)) == b""


@pytest.mark.parametrize("preset", ["whisper-80", "nemo-80", "wav2vec2"])
def test_what_was_seen_can_be_frozen(tmp_path, raw_file, preset):
    path = tmp_path / "statistics.json"
    arguments = ("--frontend", preset, *RAW, raw_file, "--format", "raw")
    exact = stream(*arguments, "--statistics", "exact", "--save-statistics", path)
    frozen = stream(*arguments, "--statistics", f"frozen:{path}")
    difference = np.frombuffer(exact, "<f4") - np.frombuffer(frozen, "<f4")
    assert len(exact) > 0 and np.abs(difference).max() < 1e-5
    running = stream(*arguments, "--statistics", "running", "--save-statistics", path, "--overwrite")
    assert len(running) == len(exact) and running != exact
    last = 4 * listing(preset)["bands"]
    assert stream(*arguments, "--statistics", f"frozen:{path}")[-last:] == running[-last:]


def test_statistics_by_segments_are_those_of_each(raw_file):
    arguments = ("--frontend", "nemo-80", *RAW, "--format", "raw")
    whole = np.frombuffer(stream(*arguments, raw_file, "--statistics", "segment:1"), "<f4")
    first = whole.reshape(-1, 80)[:100]
    assert np.abs(first.mean(axis=0)).max() < 1e-4
    assert np.abs(first.std(axis=0, ddof=1) - 1).max() < 1e-3


def test_statistics_count_for_nothing_where_none_are_needed(raw_file):
    plain = stream(*KALDI, *RAW, raw_file)
    for mode in ("exact", "running", "segment:2"):
        assert stream(*KALDI, *RAW, raw_file, "--statistics", mode) == plain


def test_summary(raw_file):
    result = expect(run("stream", *KALDI, *RAW, raw_file))
    assert f"{raw_file}: 7.10 s, 16000 Hz, 1 channel, raw s16le" in result.stderr
    assert "(708, 80) float32, kaldi-fbank-80" in result.stderr
    assert "25.00 ms: 400 samples at 16000 Hz" in result.stderr


def test_summary_for_programs(stereo_file, model):
    result = expect(run("stream", "--model", model, *FITTING, *EXACT, "--raw", "s16le:44100:2",
                        stereo_file, "--json"))
    summary = json.loads(result.stderr)
    done = summary["inputs"][0]
    assert (summary["done"], done["kind"], done["type"]) == (1, "embeddings", "float32")
    assert done["shape"] == list(np.concatenate(arrays(result.stdout)).shape)
    assert (done["sample_rate_hz"], done["channels"]) == (44100, 2)
    assert done["duration_s"] == pytest.approx(2.0)
    assert (done["not_finite"], done["interrupted"]) == (0, False)
    assert done["lookahead_ms"] == pytest.approx(done["lookahead_samples"] / 44.1)


def test_frontends_say_how_far_they_look_ahead():
    words = expect(run("frontends", "kaldi-fbank-80")).stderr
    assert words == "look-ahead  25.00 ms: 400 samples at 16000 Hz\n"
    words = expect(run("frontends", "whisper-80")).stderr
    assert words == ("look-ahead  12.50 ms: 200 samples at 16000 Hz; "
                     "`ossicle stream` needs --statistics\n")
    assert listing("whisper-80")["needs_statistics"] and not listing("wav2lip")["needs_statistics"]
    assert listing("kaldi-fbank-80")["lookahead_ms"] == 25.0
