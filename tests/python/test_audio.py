"""extract, read_audio, resample and compare: what the command gives."""

import os
import re

import command
import numpy as np
import pytest
import soundfile
from bits import same_bits
from children import python

import ossicle


@pytest.fixture(scope="module")
def stereo(speech, tmp_path_factory):
    """A file of two channels at 44.1 kHz, 16 bits."""
    path = tmp_path_factory.mktemp("stereo") / "stereo.flac"
    soundfile.write(path, np.stack([speech, np.roll(speech, 5000)], 1), 44100, subtype="PCM_16")
    return path


@pytest.mark.parametrize("precision", ["float", "double"])
@pytest.mark.parametrize("name", ["whisper-128", "kaldi-fbank-80", "wav2lip"])
def test_extract_gives_the_commands_bits(name, precision, stereo):
    found = ossicle.extract(stereo, name, precision=precision, workers=2)
    same_bits(found, command.extract(name, stereo, "--precision", precision))


def test_extract_takes_one_channel(stereo):
    same_bits(ossicle.extract(stereo, "kaldi-fbank-80", channel=1),
              command.extract("kaldi-fbank-80", stereo, "--channel", 1))


def test_extract_takes_raw_audio(speech, tmp_path, fbank):
    (tmp_path / "talk.s16").write_bytes((speech * 32768).astype("<i2").tobytes())
    same_bits(ossicle.extract(tmp_path / "talk.s16", fbank, raw="s16le:16000:1"), fbank(speech))


def test_extract_takes_whatever_names_a_spec(wav, speech, fbank):
    spec = ossicle.preset("kaldi-fbank-80")
    for form in ("kaldi-fbank-80", spec, spec.to_dict(), fbank):
        same_bits(ossicle.extract(wav, form), fbank(speech))
    double = ossicle.Frontend("kaldi-fbank-80", precision="double")
    same_bits(ossicle.extract(str(wav), double), double(speech))


def test_read_audio_gives_the_samples(wav, speech, stereo):
    samples, rate_hz = ossicle.read_audio(wav)
    assert rate_hz == 16000
    same_bits(samples, speech)
    both = soundfile.read(stereo, dtype="float32")[0]
    for channel in (0, 1):
        samples, rate_hz = ossicle.read_audio(stereo, channel=channel)
        assert rate_hz == 44100
        same_bits(samples, np.ascontiguousarray(both[:, channel]))
    assert ossicle.read_audio(stereo)[0] == pytest.approx(both.mean(1), abs=1e-7)
    mixed = ossicle.read_audio(stereo, downmix="ffmpeg")[0]
    assert not np.array_equal(mixed, ossicle.read_audio(stereo)[0])


@pytest.mark.parametrize("resampler", [info.name for info in ossicle.resamplers()])
def test_resample_gives_the_commands_bits(resampler, wav, speech, tmp_path):
    out = tmp_path / "out.npy"
    command.run("resample", "--resampler", resampler, "--rate", 22050, "--encoding", "float32", wav,
                "-o", out)
    found = ossicle.resample(speech, 16000, 22050, resampler=resampler)
    if resampler == "swr-s16":  # the file is of floats, which ffmpeg rounds once, at the end
        found = ossicle.resample(speech, 16000, 22050, resampler="swr-float-s16")
    same_bits(found, np.load(out).reshape(-1))


def test_resample_to_the_same_rate_changes_nothing(speech):
    same_bits(ossicle.resample(speech, 16000, 16000), speech)
    assert ossicle.resample(speech[:0], 8000, 16000).shape == (0,)


def test_resample_refuses_what_it_does_not_know(speech):
    with pytest.raises(ossicle.SpecError, match='"sinc"'):
        ossicle.resample(speech, 8000, 16000, resampler="sinc")
    with pytest.raises(ossicle.SpecError, match="to_hz=0.*1..768000"):
        ossicle.resample(speech, 8000, 0)
    with pytest.raises(ossicle.SpecError, match="767999"):
        ossicle.resample(speech, 767999, 768000)


FILES = {
    "not there": (lambda folder: folder / "nothing.wav", {}, "nothing.wav.*no such file"),
    "a folder": (lambda folder: folder, {}, "director|folder"),
    "empty": (lambda folder: written(folder / "empty.wav", b""), {}, "empty.wav"),
    "no audio": (lambda folder: written(folder / "text.wav", b"text" * 100), {}, "text.wav"),
    "half a sample": (lambda folder: written(folder / "half.s16", b"123"),
                      {"raw": "s16le:16000:1"}, "half.s16"),
    "no such channel": (lambda folder: written(folder / "one.s16", bytes(64)),
                        {"raw": "s16le:16000:1", "channel": 3}, "channel"),
}


def written(path, data):
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_cannot_be_read_is_named(case, tmp_path, fbank):
    make, options, words = FILES[case]
    path = make(tmp_path)
    for read in (lambda: ossicle.extract(path, fbank, **options),
                 lambda: ossicle.read_audio(path, **options)):
        with pytest.raises(ossicle.AudioError, match=words):
            read()


def test_a_sample_that_is_not_finite_is_named_with_its_file(speech, tmp_path, fbank):
    bad = speech.copy()
    bad[1234] = np.nan
    bad.tofile(tmp_path / "bad.f32")
    with pytest.raises(ossicle.NotFiniteError, match="bad.f32.*1234"):
        ossicle.extract(tmp_path / "bad.f32", fbank, raw="f32le:16000:1")


def test_wrong_arguments_of_a_file_are_refused(wav, fbank):
    for raw, words in (("s16le", '"s16le"'), ("s16le:0:1", 'rate="0".*1..768000'),
                       ("s16le:1:0", '"0"'), ("u7:16000:1", '"u7"')):
        with pytest.raises(ossicle.SpecError, match=f"{words}.*FORMAT:RATE:CHANNELS"):
            ossicle.extract(wav, fbank, raw=raw)
    with pytest.raises(ossicle.SpecError, match='downmix="sum", but it must be one of mean, ffmpeg'):
        ossicle.read_audio(wav, downmix="sum")


def test_names_of_files_need_not_be_unicode(wav, speech, tmp_path, fbank):
    path = os.fsencode(tmp_path) + b"/\xff\xe4.wav"
    with open(path, "wb") as file:
        file.write(wav.read_bytes())
    same_bits(ossicle.extract(os.fsdecode(path), fbank), fbank(speech))
    with pytest.raises(ossicle.AudioError, match=r"\\xfe.wav"):
        ossicle.extract(os.fsdecode(os.fsencode(tmp_path) + b"/\xfe.wav"), fbank)


def test_extract_stops_at_a_signal():
    script = """
import resource, signal, ossicle
resource.setrlimit(resource.RLIMIT_DATA, (4 << 30,) * 2)
signal.setitimer(signal.ITIMER_REAL, 0.2)
signal.signal(signal.SIGALRM, signal.default_int_handler)
try: ossicle.extract("/dev/zero", "wav2lip", raw="s16le:16000:1")
except KeyboardInterrupt: print("stopped")
"""
    assert python(script) == "stopped\n"


@pytest.mark.parametrize("name", ["kaldi-fbank-40", "whisper-80"])
def test_compare_finds_presets(name, speech):
    features = ossicle.Frontend(name)(speech)
    for given, deviating in ((features, []), (features.T.astype(np.float64), ["layout"])):
        found = ossicle.compare(given, audio=speech, presets=[name, "librosa-mfcc"])
        assert (found.nearest_preset, found.certainty) == (name, "exact")
        assert [each.field for each in found.deviations] == deviating
        assert (found.best == ossicle.preset(name)) == (not deviating)
        assert found.ranking[0].preset == name


def test_compare_names_what_deviates(speech):
    spec = {**ossicle.preset("kaldi-fbank-80").to_dict(), "remove_dc": False}
    features = ossicle.Frontend(spec)(speech)
    found = ossicle.compare(features, audio=speech, presets=["kaldi-fbank-80"])
    assert [(each.field, each.found) for each in found.deviations] == [("remove_dc", "false")]
    assert found.best == ossicle.FrontendSpec.from_dict(spec)


def test_compare_starts_from_a_preset_or_several(speech, fbank):
    features = fbank(speech)
    for presets in ("kaldi-fbank-80", ["kaldi-fbank-80"], ("kaldi-fbank-80",)):
        found = ossicle.compare(features, audio=speech, presets=presets)
        assert [each.preset for each in found.ranking] == ["kaldi-fbank-80"]
    for presets in (None, 5, ["kaldi-fbank-80", 5]):
        with pytest.raises(TypeError, match="presets is .*; give a list of names"):
            ossicle.compare(features, audio=speech, presets=presets)


def test_compare_refuses_features_of_other_shapes(speech):
    for shape in ((), (5,), (80,), (1, 98, 80), (0, 0, 0)):
        with pytest.raises(ossicle.ShapeError, match=re.escape(str(shape)) + ".*frames x bands"):
            ossicle.compare(np.zeros(shape), audio=speech)
    few = np.random.default_rng(1).standard_normal((8, 8))
    for wrong in (few[:7, :7], np.zeros((1025, 1025)), np.zeros((0, 80))):
        with pytest.raises(ossicle.ShapeError):
            ossicle.compare(wrong, audio=speech)
    with pytest.raises(ossicle.ShapeError, match="half a second apart"):
        ossicle.compare(few, audio=np.tile(speech, 10))


def test_compare_of_too_many_frames_for_the_audio_is_certain_of_nothing(speech):
    features = np.random.default_rng(1).standard_normal((80, 200))
    found = ossicle.compare(features, audio=speech[:10], presets="wav2lip", most_evaluations=100)
    assert found.certainty == "none"


def test_compare_refuses_what_are_no_features(speech, fbank):
    for wrong in (None, "features", [[1.0]], np.zeros((2, 2), object),
                  np.zeros((9, 9), complex)):
        with pytest.raises(TypeError, match="features are a .*frames x bands"):
            ossicle.compare(wrong, audio=speech)
    features = fbank(speech)
    with pytest.raises(ossicle.ShapeError):
        ossicle.compare(features[:5, :5], audio=speech)
    with pytest.raises(TypeError, match="samples are a NoneType"):
        ossicle.compare(features, audio=None)
    with pytest.raises(ossicle.SpecError, match='"nothing"'):
        ossicle.compare(features, audio=speech, presets=["nothing"])
    with pytest.raises(ossicle.SpecError, match="most_evaluations"):
        ossicle.compare(features, audio=speech, most_evaluations=5)
    features[3, 4] = np.nan
    with pytest.raises(ossicle.Error):
        ossicle.compare(features, audio=speech)
