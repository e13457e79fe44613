"""Inputs that cannot be used: exit code 3, the path and the reason, nothing written."""

import numpy as np
import pytest

from command import INPUT, USAGE, refused, run

SECOND = 16000


def extract(path, out, *more, stdin=b""):
    result = run("extract", "--frontend", "wav2lip", *more, path, "-o", out, stdin=stdin)
    assert not out.exists()
    return result


def noise(samples, channels=1):
    shape = samples if channels == 1 else (samples, channels)
    return np.random.default_rng(1).uniform(-0.5, 0.5, shape)


def cut_in_half(path):
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    return path


def test_missing_file(out, tmp_path):
    path = tmp_path / "missing.wav"
    refused(extract(path, out), INPUT, path, "no such file", "check the path")


def test_path_below_a_file(out, speech):
    path = speech / "talk.wav"
    refused(extract(path, out), INPUT, path, "no such file")


def test_directory(out, tmp_path):
    refused(extract(tmp_path, out), INPUT, tmp_path, "is a directory", "name the files in it")


def test_empty_file(out, tmp_path):
    path = tmp_path / "empty.wav"
    path.touch()
    refused(extract(path, out), INPUT, path, "0 bytes", "record it again")


def test_text_named_wav(out, tmp_path):
    path = tmp_path / "notes.wav"
    path.write_text("not a sound at all\n" * 100)
    refused(extract(path, out), INPUT, path, "not an audio file", "WAV, FLAC", "MP3")


def test_truncated_wav(out, make_wav):
    path = cut_in_half(make_wav("talk.wav", noise(SECOND)))
    refused(extract(path, out), INPUT, path, "cut off", "32000 bytes", "get the whole file")


def test_truncated_flac(out, make_wav):
    path = cut_in_half(make_wav("talk.flac", noise(SECOND)))
    refused(extract(path, out), INPUT, path, "damaged")


def test_wav_without_samples(out, make_wav):
    path = make_wav("silent.wav", np.zeros(0))
    refused(extract(path, out), INPUT, path, "0 samples")


@pytest.mark.parametrize("value, name", [(np.nan, "a NaN"), (-np.inf, "an infinity")])
def test_sample_that_is_no_number(out, make_wav, value, name):
    samples = noise(2 * SECOND)
    samples[20000] = value
    path = make_wav("talk.wav", samples, "FLOAT")
    refused(extract(path, out), INPUT, path, name, "1.250000 s", "sample 20000")


def test_96_channels(out, make_wav):
    path = make_wav("array.wav", noise(100, channels=96))
    refused(extract(path, out), INPUT, path, "96 channels", "1..64")


def test_more_channels_than_ffmpeg_mixes(out, make_wav):
    path = make_wav("nine.wav", noise(SECOND, channels=9))
    refused(extract(path, out, "--downmix", "ffmpeg"), INPUT, path, "9 channels", "1..8",
            "channel=N", "downmix=mean")


def test_rate_without_a_ratio(out, make_wav):
    path = make_wav("odd.wav", noise(SECOND), rate_hz=44101)
    refused(extract(path, out), INPUT, path, "44101", "16000")


def test_channel_that_is_not_there(out, make_wav):
    path = make_wav("stereo.wav", noise(SECOND, channels=2))
    refused(extract(path, out, "--channel", 2), INPUT, "channel=2", "0..1")


def test_raw_stream_that_ends_in_the_middle_of_a_sample(out, raw_speech):
    result = extract("-", out, "--raw", "s16le:16000:1", stdin=raw_speech[:-1])
    refused(result, INPUT, "standard input", "middle of a sample", "1 bytes")


def test_raw_stream_without_a_sample(out):
    result = extract("-", out, "--raw", "s16le:16000:1")
    refused(result, INPUT, "standard input", "0 samples")


def test_raw_nan(out):
    samples = np.zeros(SECOND, "<f4")
    samples[8000] = np.nan
    result = extract("-", out, "--raw", "f32le:16000:1", stdin=samples.tobytes())
    refused(result, INPUT, "standard input", "a NaN", "0.500000 s")


@pytest.mark.parametrize("text, part", [
    ("s16le", "three parts"),
    ("s16le:16000", "three parts"),
    ("s16:16000:1", "s16le, s24le, s32le, f32le, f64le, u8"),
    ("s16le:0:1", "1..768000"),
    ("s16le:16k:1", '"16k"'),
    ("s16le:16000:0", "1..64"),
    ("s16le:16000:65", "1..64"),
    ("s16le:16000:1:1", '"1:1"'),
])
def test_raw_format(out, text, part):
    refused(extract("-", out, "--raw", text), USAGE, part, "such as s16le:16000:1")


def test_bad_raw_format_is_told_once_before_anything_is_made(tmp_path, recordings):
    folder = tmp_path / "features"
    result = run("extract", "--frontend", "wav2lip", "--raw", "s16:16000:1", *recordings, "-o",
                 folder)
    refused(result, USAGE, "s16le")
    assert result.stderr.count("\n") == 1
    assert not folder.exists()


def test_standard_input_without_raw(out):
    refused(extract("-", out), USAGE, "--raw", "s16le:16000:1")


def test_standard_input_without_raw_among_files(tmp_path, speech):
    folder = tmp_path / "features"
    result = run("extract", "--frontend", "wav2lip", speech, "-", "-o", folder)
    refused(result, USAGE, "--raw")
    assert not folder.exists()
