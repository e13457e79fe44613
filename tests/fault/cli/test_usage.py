"""Wrong arguments (exit code 2, told before any work), help, and what is printed on request."""

import json
import re

import pytest

from command import INPUT, USAGE, expect, presets, refused, run


def extract(out, *more):
    result = run("extract", *more, "-o", out)
    assert not out.exists()
    return result


@pytest.mark.parametrize("name, nearest", [
    ("wav2lop", "wav2lip"), ("whisper80", "whisper-80"), ("kaldi-fbank-8", "kaldi-fbank-80")])
def test_unknown_preset_offers_the_nearest(out, speech, name, nearest):
    refused(extract(out, "--frontend", name, speech), USAGE, f'"{name}"', f'"{nearest}"',
            "ossicle frontends")


@pytest.mark.parametrize("name, nearest", [
    ("soxr-h", "soxr-hq"), ("swr_s16", "swr-s16"), ("torchaudio-hann", "torchaudio-hann6")])
def test_unknown_resampler_offers_the_nearest(out, speech, name, nearest):
    refused(extract(out, "--frontend", "wav2lip", speech, "--resampler", name), USAGE,
            f'"{name}"', f'"{nearest}"')


@pytest.mark.parametrize("name", ["qqq", "gibberish", ""])
def test_what_is_near_no_preset_gets_no_offer(out, speech, name):
    result = extract(out, "--frontend", name, speech)
    refused(result, USAGE, f'"{name}"', "ossicle frontends")
    assert "nearest" not in result.stderr


@pytest.mark.parametrize("text, words", [
    ('{"resampler": "soxr"}', ["resampler", '"soxr"', "soxr-hq"]),
    ('{"resampler": 1}', ["resampler=1", "string"]),
    ('{"downmix": "left"}', ["downmix", '"left"', "mean, ffmpeg"]),
    ('{"hop_samples": 0}', ["hop_samples=0", "1.."]),
    ('{"hop_samples": "160"}', ["hop_samples", "integer"]),
    ('{"hops": 160}', ['"hops"', "unknown", "hop_samples, "]),
    ('{"mel_band": 80}', ['"mel_band"', 'the nearest is "mel_bands"']),
    ('{"steps": [{"step": "affine", "scala": 1}]}', ["steps[0]", '"scala"', '"scale"']),
    ('{"steps": [{"step": "affine", "q": 1}]}', ["steps[0]", '"q"', "step, scale, offset"]),
    ('{"hop_samples": 160, "hop_samples": 80}', ['"hop_samples"', "twice"]),
    ('{"steps": [{"step": "affine", "scale": 1, "scale": 2}]}', ['"scale"', "twice"]),
    ('{"hop_samples": 160', ["not valid JSON", "line 1"]),
    ("[]", ["object"]),
    ("", ["not valid JSON"]),
])
def test_bad_spec(out, tmp_path, speech, text, words):
    path = tmp_path / "mine.json"
    path.write_text(text)
    refused(extract(out, "--frontend", path, speech), USAGE, path, *words)


def test_missing_spec(out, tmp_path, speech):
    path = tmp_path / "missing.json"
    result = extract(out, "--frontend", path, speech)
    refused(result, USAGE, path, "no such file")
    assert result.stderr.count(str(path)) == 1


@pytest.mark.parametrize("option, value, legal", [
    ("--layout", "sideways", "bands-first"),
    ("--precision", "half", "double"),
    ("--workers", "0", "1"),
    ("--workers", "257", "256"),
    ("--workers", "many", "many"),
    ("--channel", "-1", "-1"),
    ("--downmix", "loudest", "ffmpeg"),
])
def test_bad_option_value(out, speech, option, value, legal):
    result = extract(out, "--frontend", "wav2lip", speech, option, value)
    refused(result, USAGE, option, value, legal, "ossicle extract --help")


@pytest.mark.parametrize("windows, words", [
    ("76", ["LENGTH:STEP"]),
    ("0:8", ['"0"', "1.."]),
    ("76:0", ['"0"', "1.."]),
    ("76:8/0", ["denominator"]),
    ("76:8:-1", ['"-1"']),
    ("a:b", ['"a"']),
])
def test_bad_windows(out, speech, model, windows, words):
    result = run("encode", "--model", model, "--frontend", "openwakeword-embedding", "--windows",
                 windows, speech, "-o", out)
    refused(result, USAGE, f'"{windows}"', *words)
    assert not out.exists()


def test_plot_of_an_unknown_kind(out, speech):
    path = out.with_suffix(".jpg")
    refused(run("plot", "--frontend", "wav2lip", speech, "-o", path), USAGE, path, ".png", ".svg")
    assert not path.exists()


def test_two_inputs_with_one_output_name(tmp_path, speech):
    folder = tmp_path / "features"
    other = tmp_path / speech.name
    other.write_bytes(speech.read_bytes())
    result = run("extract", "--frontend", "wav2lip", speech, other, "-o", folder)
    refused(result, USAGE, speech, other, folder / speech.with_suffix(".npy").name)
    assert not folder.exists()


def test_several_inputs_to_standard_output(recordings):
    result = run("extract", "--frontend", "wav2lip", *recordings, "-o", "-")
    refused(result, USAGE, "-o -", "folder")


def test_no_command():
    refused(run(), USAGE, "extract", "encode", "stream", "pack", "inspect", "plot", "compare", "frontends",
            "resample", "resamplers", "bench", "ossicle --help")


def test_unknown_command():
    refused(run("extrct", "talk.wav"), USAGE, "extrct", "extract", "ossicle --help")


def test_unknown_option():
    refused(run("--frontends"), USAGE, "--frontends", "ossicle --help")


def test_unknown_option_of_a_command(out, speech):
    result = extract(out, "--frontend", "wav2lip", speech, "--preset", "wav2lip")
    refused(result, USAGE, "--preset", "ossicle extract --help")


def test_unknown_option_is_named_whatever_else_is_wrong(out):
    for command in ["stream", "plot", "encode"]:
        refused(run(command, "--frontend", "wav2lip", "a.wav", "--into", out), USAGE, "--into",
                f"ossicle {command} --help")


@pytest.mark.parametrize("missing", ["--frontend", "--output"])
def test_missing_option(speech, missing):
    arguments = {"--frontend": "wav2lip", "--output": "talk.npy"}
    del arguments[missing]
    words = [word for pair in arguments.items() for word in pair]
    refused(run("extract", speech, *words), USAGE, missing, "ossicle extract --help")


@pytest.mark.parametrize("command", [
    [], ["extract"], ["encode"], ["stream"], ["pack"], ["inspect"], ["plot"], ["compare"], ["frontends"],
    ["resample"], ["resamplers"], ["bench"]])
def test_help_starts_with_an_example(command):
    result = expect(run(*command, "--help"))
    lines = result.stdout.decode().splitlines()
    assert lines[0] in ("Example:", "Examples:")
    assert lines[1].lstrip().startswith("ossicle ")
    assert max(map(len, lines)) <= 100
    assert result.stderr == ""


def test_version():
    text = expect(run("--version")).stdout.decode()
    assert re.search(r"^ossicle \d+\.\d+\.\d+ \(git \w+", text)
    assert re.search(r"instruction set.*compiled: .*\bSCALAR\b.*here: ", text)
    assert re.search(r"ONNX Runtime +1\.\d+\.\d+, \S*libonnxruntime", text)


def test_version_without_onnx_runtime_says_how_to_get_it(tmp_path):
    text = expect(run("--version", OSSICLE_ONNXRUNTIME=tmp_path / "none.so")).stdout.decode()
    assert "none" in text and "pip install" in text


def test_frontends_lists_every_preset_with_its_family_and_source():
    listing = expect(run("frontends")).stdout.decode()
    for preset in json.loads(expect(run("frontends", "--json")).stdout)["frontends"]:
        for text in ("name", "alias", "family", "summary", "source"):
            assert preset[text] in listing
        spec = json.loads(expect(run("frontends", preset["alias"] or preset["name"])).stdout)
        assert spec["name"] == preset["name"]
        assert spec["sample_rate_hz"] == preset["sample_rate_hz"]
    assert max(len(line) for line in listing.splitlines()) <= 120


def test_printed_spec_fed_back_gives_the_same_bytes(out, tmp_path, speech):
    for preset in presets():
        printed = expect(run("frontends", preset)).stdout
        assert json.loads(printed)["name"] == preset
        path = tmp_path / "mine.json"
        path.write_bytes(printed)
        assert expect(run("frontends", path)).stdout == printed
        by_name = expect(run("extract", "--frontend", preset, speech, "-o", "-")).stdout
        by_file = expect(run("extract", "--frontend", path, speech, "-o", "-")).stdout
        assert by_name == by_file


def test_plot_of_a_waveform(speech, tmp_path):
    refused(run("plot", "--frontend", "wav2vec2", speech, "-o", tmp_path / "talk.png"), USAGE,
            "wav2vec2", "waveform", "spectrum")
    assert not list(tmp_path.iterdir())


def test_short_audio_that_the_reference_refuses(make_wav, out):
    short = make_wav("short.wav", [0.0] * 200)
    refused(extract(out, "--frontend", "whisper-80", short), INPUT, short, "200 samples",
            "whisper-80", "at least 201", "min_samples")


def test_frontends_of_an_unknown_name():
    refused(run("frontends", "wav2lop"), USAGE, '"wav2lop"', '"wav2lip"')
