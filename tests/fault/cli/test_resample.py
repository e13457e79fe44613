"""`ossicle resample`: what cannot be done is told, and nothing half written is left."""

import json
import os
import re
import signal
import subprocess

import numpy as np
import pytest
import soundfile

from command import (COMMAND, INPUT, OUTPUT, SOME_FAILED, USAGE, Result, expect, finish, refused, run,
                     start)
from test_interrupt import (MORE_THAN_A_PIPE_HOLDS, PART_OF_A_BLOCK, RAW, SIGNALS, bytes_in,
                            wait_until)
from test_memory import MIB, peak_bytes, sparse_wav
from test_output import OLD, run_on_full_disk

SECOND = 16000
RATES = ("--rate", 8000)


@pytest.fixture
def wav(out):
    """A name for a WAV file, in a folder where nothing but it may appear."""
    return out.with_suffix(".wav")


def noise(samples=SECOND, channels=1):
    shape = samples if channels == 1 else (samples, channels)
    return np.random.default_rng(1).uniform(-0.5, 0.5, shape)


def resample(path, out, *more, stdin=b""):
    return run("resample", path, "-o", out, *more, stdin=stdin)


def nothing_in(out):
    return list(out.parent.iterdir()) == []


@pytest.mark.parametrize("rate", ["0", "-1", "768001", "2147483648", "abc", "16k", "16000.5", ""])
def test_rate(wav, speech, rate):
    refused(resample(speech, wav, "--rate", rate), USAGE, "--rate", f'"{rate}"', "1..768000",
            "such as 16000")
    assert nothing_in(wav)


@pytest.mark.parametrize("from_hz, to_hz", [(16001, 16000), (16000, 16001), (4097, 1), (1, 4097)])
def test_ratio_that_no_table_holds(wav, make_wav, from_hz, to_hz):
    path = make_wav("talk.wav", noise(), rate_hz=from_hz)
    refused(resample(path, wav, "--rate", to_hz), USAGE, path, "4096", "nearest")
    assert nothing_in(wav)


@pytest.mark.parametrize("name, nearest", [("soxr-h", "soxr-hq"), ("swr16", "swr-s16")])
def test_unknown_resampler_offers_the_nearest(wav, speech, name, nearest):
    refused(resample(speech, wav, *RATES, "--resampler", name), USAGE, f'"{name}"', f'"{nearest}"')
    assert nothing_in(wav)


def test_unknown_resampler_is_told_before_a_folder_is_made(out, recordings):
    folder = out.parent / "folder"
    result = run("resample", *recordings, *RATES, "--resampler", "sox", "-o", folder)
    refused(result, USAGE, '"sox"')
    assert result.stderr.count("\n") == 1
    assert not folder.exists()


@pytest.mark.parametrize("value, name", [(np.nan, "a NaN"), (np.inf, "an infinity")])
@pytest.mark.parametrize("precision", ["float", "double"])
def test_sample_that_is_no_number(wav, make_wav, value, name, precision):
    samples = noise(10 * SECOND, channels=2)
    samples[120000, 1] = value
    path = make_wav("talk.wav", samples, "FLOAT")
    refused(resample(path, wav, *RATES, "--precision", precision), INPUT, path, name, "7.500000 s",
            "sample 120000")
    assert nothing_in(wav)


def test_sample_that_is_no_number_in_a_channel_that_is_not_taken(wav, make_wav):
    samples = noise(SECOND, channels=2)
    samples[8000, 1] = np.nan
    path = make_wav("talk.wav", samples, "FLOAT")
    expect(resample(path, wav, *RATES, "--channel", 0))


def test_input_without_a_sample(wav, make_wav, tmp_path):
    refused(resample(make_wav("silent.wav", np.zeros(0)), wav, *RATES), INPUT, "0 samples")
    empty = tmp_path / "empty.wav"
    empty.touch()
    refused(resample(empty, wav, *RATES), INPUT, empty, "0 bytes")
    refused(resample("-", wav, *RATES, "--raw", "s16le:16000:1"), INPUT, "standard input",
            "0 samples")
    assert nothing_in(wav)


def test_stream_that_ends_in_the_middle_of_a_sample(wav, raw_speech):
    result = resample("-", wav, *RATES, "--raw", "s16le:16000:2", stdin=raw_speech[:4001])
    refused(result, INPUT, "standard input", "middle of a sample")
    assert nothing_in(wav)


def test_directory(wav, tmp_path):
    refused(resample(tmp_path, wav, *RATES), INPUT, tmp_path, "is a directory")
    assert nothing_in(wav)


def test_output_that_is_a_directory(out, speech):
    expect(resample(speech, out.parent, *RATES))
    assert [path.name for path in out.parent.iterdir()] == [speech.name]


def test_missing_folder(wav, speech):
    path = wav.parent / "missing" / wav.name
    refused(resample(speech, path, *RATES), OUTPUT, path, "does not exist", "mkdir -p")
    assert nothing_in(wav)


def test_existing_output_is_kept(wav, speech):
    wav.write_bytes(OLD)
    refused(resample(speech, wav, *RATES), OUTPUT, wav, "it exists", "--overwrite")
    assert wav.read_bytes() == OLD
    expect(resample(speech, wav, *RATES, "--overwrite"))
    assert soundfile.info(wav).samplerate == 8000


def test_failed_input_keeps_the_old_output_despite_overwrite(wav, make_wav):
    wav.write_bytes(OLD)
    samples = noise(20 * SECOND)
    samples[-1] = np.nan
    path = make_wav("talk.wav", samples, "FLOAT")
    refused(resample(path, wav, *RATES, "--overwrite"), INPUT, path)
    assert [path.name for path in wav.parent.iterdir()] == [wav.name]
    assert wav.read_bytes() == OLD


def test_input_is_never_overwritten(make_wav):
    path = make_wav("talk.wav", noise())
    before = path.read_bytes()
    refused(resample(path, path, *RATES, "--overwrite"), USAGE, path, "is the input")
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["talk.mp3", "talk", "talk.wave", ".wav"])
def test_ending_that_says_nothing(out, speech, name):
    path = out.with_name(name)
    refused(resample(speech, path, *RATES), USAGE, path, ".wav", ".npy", "--format", "raw")
    assert nothing_in(out)


def test_format_that_the_name_contradicts(out, speech):
    refused(resample(speech, out, *RATES, "--format", "wav"), USAGE, "--format wav", out, ".npy")
    assert nothing_in(out)


@pytest.mark.parametrize("option, value, legal", [
    ("--format", "mp3", "npy"),
    ("--encoding", "pcm8", "pcm16"),
    ("--precision", "half", "double"),
    ("--channel", "-1", "-1"),
    ("--raw", "s16le", "s16le:16000:1"),
])
def test_option_value(wav, speech, option, value, legal):
    refused(resample(speech, wav, *RATES, option, value), USAGE, value, legal)
    assert nothing_in(wav)


def test_array_of_integers(out, speech):
    refused(resample(speech, out, *RATES, "--encoding", "pcm16"), USAGE, "pcm16", ".npy",
            "float32 and float64")
    assert nothing_in(out)


def test_array_on_standard_output(speech):
    refused(resample(speech, "-", *RATES, "--format", "npy"), OUTPUT, "standard output", ".npy",
            "raw")


def test_channel_that_is_not_there(wav, make_wav):
    path = make_wav("stereo.wav", noise(channels=2))
    refused(resample(path, wav, *RATES, "--channel", 2), INPUT, "channel=2", "0..1")
    assert nothing_in(wav)


def test_full_device(speech):
    refused(resample(speech, "/dev/full", *RATES), OUTPUT, "/dev/full", "no space left")


def test_full_standard_output(speech):
    with open("/dev/full", "wb") as full:
        process = subprocess.run([COMMAND, "resample", speech, "--rate", "8000", "-o", "-"],
                                 stdout=full, stderr=subprocess.PIPE)
    refused(Result(process.returncode, b"", process.stderr), OUTPUT, "standard output", "no space")


def test_full_disk_leaves_nothing(tmp_path, speech):
    result = run_on_full_disk(
        tmp_path, f'"$1" resample "{speech}" --rate 96000 -o talk.wav; echo $?; ls -A')
    assert result.stdout == f"{OUTPUT}\n", result
    assert "no space left" in result.stderr and "talk.wav" in result.stderr


def test_reader_that_has_gone(speech):
    read_end, write_end = os.pipe()
    os.close(read_end)
    process = start("resample", speech, *RATES, "-o", "-", stdout=write_end, stderr=subprocess.PIPE)
    os.close(write_end)
    refused(finish(process), OUTPUT, "standard output", "broken pipe")


def test_several_inputs_of_which_one_fails(out, tmp_path, recordings):
    missing = tmp_path / "missing.wav"
    result = expect(run("resample", *recordings, missing, *RATES, "-o", out.parent), SOME_FAILED)
    assert str(missing) in result.stderr and "1 failed" in result.stderr
    assert {path.name for path in out.parent.iterdir()} == {path.name for path in recordings}


def test_existing_outputs_of_many_are_kept_and_counted(out, recordings):
    kept = out.with_name(recordings[0].name)
    kept.write_bytes(OLD)
    result = expect(run("resample", *recordings, *RATES, "-o", out.parent))
    assert kept.read_bytes() == OLD
    assert f"{len(recordings) - 1} done, 1 kept" in result.stderr


@pytest.mark.parametrize("number, code", SIGNALS)
def test_signal_while_a_stream_stands_still(wav, number, code):
    process = start("resample", *RAW, *RATES, "-o", wav, stdin=subprocess.PIPE,
                    stderr=subprocess.PIPE, bufsize=0)
    pipe, process.stdin = process.stdin, None
    pipe.write(MORE_THAN_A_PIPE_HOLDS + PART_OF_A_BLOCK)
    wait_until(lambda: bytes_in(pipe) == 0)
    assert len(list(wav.parent.glob(".*.part"))) == 1  # what must not stay
    process.send_signal(number)
    result = expect(finish(process), code)
    pipe.close()
    assert nothing_in(wav)
    assert "ossicle: interrupted" in result.stderr


def test_signal_amid_a_long_file(wav, tmp_path):
    path = sparse_wav(tmp_path / "long.wav")
    process = start("resample", path, "--rate", 44100, "-o", wav, stderr=subprocess.PIPE)
    wait_until(lambda: list(wav.parent.glob(".*.part")))
    process.send_signal(signal.SIGINT)
    result = expect(finish(process), 130)
    assert nothing_in(wav)
    assert "ossicle: interrupted" in result.stderr


@pytest.mark.parametrize("rate_hz", [8000, 16000])
def test_three_hours_take_64_mib(tmp_path, rate_hz):
    path = sparse_wav(tmp_path / "long.wav")
    process = start("resample", "--quiet", path, "--rate", rate_hz, "-o", "/dev/null")
    assert peak_bytes(process) <= 64 * MIB


def test_summary_says_what_was_done(wav, make_wav):
    path = make_wav("talk.wav", noise(44100, channels=2), rate_hz=44100)
    result = expect(resample(path, wav, "--rate", 16000))
    lines = result.stderr.splitlines()
    assert re.match(rf"input +{path}: 1\.00 s, 44100 Hz, 2 channels", lines[0])
    assert re.match(rf"samples +{wav}: \(16000, 2\) float32, soxr-hq from 44100 to 16000 Hz$",
                    lines[1])
    assert re.match(r"time +decode .*, resample .*, write .* times real time", lines[2])


def test_summary_says_what_was_done_to_16_bits_that_are_none(wav, make_wav):
    path = make_wav("talk.wav", noise(44100), "FLOAT", rate_hz=44100)
    result = expect(resample(path, wav, "--rate", 16000, "--resampler", "swr-s16"))
    assert "swr-float-s16 from 44100 to 16000 Hz" in result.stderr


def test_summary_says_how_channels_were_mixed(wav, make_wav):
    path = make_wav("talk.wav", noise(SECOND, channels=2))
    result = expect(resample(path, wav, *RATES, "--downmix", "mean"))
    assert "(8000) float32, soxr-hq from 16000 to 8000 Hz, mixed down: mean" in result.stderr
    result = expect(resample(path, wav, "--rate", SECOND, "--downmix", "mean", "--overwrite"))
    assert "not resampled: the rate is the input's, mixed down: mean" in result.stderr


def test_nine_channels_that_ffmpeg_does_not_mix(wav, make_wav):
    path = make_wav("array.wav", noise(100, channels=9))
    refused(resample(path, wav, *RATES, "--downmix", "ffmpeg"), INPUT, path, "9 channels", "1..8")
    assert nothing_in(wav)


def test_summary_says_that_nothing_was_done(wav, speech):
    result = expect(resample(speech, wav, "--rate", SECOND, "--json"))
    assert "untouched" in result.stderr
    assert json.loads(result.stdout)["inputs"][0]["resampler"] is None


def test_summary_counts_what_was_clipped(out, make_wav):
    samples = np.zeros(SECOND)
    samples[100:107] = [1.0, 1.5, -1.5, -1.0, 0.99, 2.0, -2.0]
    path = make_wav("loud.wav", samples, "FLOAT")
    arguments = ("--rate", SECOND, "--encoding", "pcm16", "--overwrite")
    result = expect(resample(path, out.with_suffix(".wav"), *arguments, "--json"))
    assert re.search(r"^clipped +5 samples .*--encoding float32", result.stderr, re.M)
    assert json.loads(result.stdout)["inputs"][0]["clipped"] == 5
    assert "clipped" not in expect(resample(path, out.with_suffix(".wav"), "--rate", SECOND,
                                            "--overwrite")).stderr


def test_json_summary(wav, make_wav):
    path = make_wav("talk.wav", noise(44100, channels=2), rate_hz=44100)
    summary = json.loads(expect(resample(path, wav, "--rate", 16000, "--json", "--quiet")).stdout)
    done = summary["inputs"][0]
    assert (summary["done"], done["state"], done["output"]) == (1, "done", str(wav))
    assert (done["sample_rate_hz"], done["output_sample_rate_hz"]) == (44100, 16000)
    assert (done["samples_in"], done["samples_out"], done["channels"]) == (44100, 16000, 2)
    assert (done["resampler"], done["type"], done["clipped"]) == ("soxr-hq", "float32", 0)
    assert done["shape"] == [16000, 2]
    assert set(done["seconds"]) == {"decode", "resample", "write"}


def test_quiet(wav, speech):
    assert expect(resample(speech, wav, *RATES, "--quiet")).stderr == ""


def test_resamplers_lists_each_with_its_source():
    listing = expect(run("resamplers")).stdout.decode()
    resamplers = json.loads(expect(run("resamplers", "--json")).stdout)["resamplers"]
    assert "soxr-hq" in [each["name"] for each in resamplers]
    assert max(map(len, listing.splitlines())) <= 120
    for each in resamplers:
        details = expect(run("resamplers", each["name"])).stdout.decode()
        assert details.startswith(f"{each['name']}\n")
        for text in ("name", "summary", "source"):
            assert each[text] in listing and each[text] in details
        lookahead = json.loads(expect(run("resamplers", each["name"], "--json")).stdout)["lookahead"]
        for delay in lookahead:
            assert delay["ms"] == pytest.approx(1000 * delay["samples"] / delay["from_hz"])
            assert 0 <= delay["ms"] < 500


def test_resamplers_of_an_unknown_name():
    refused(run("resamplers", "soxr-h"), USAGE, '"soxr-h"', '"soxr-hq"')
