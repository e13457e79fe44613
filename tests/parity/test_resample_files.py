"""`ossicle resample`: however samples come in and go out, they are the same."""

import io
import json

import command
import numpy as np
import pytest
import soundfile

RATE_HZ = 44100
NEW_RATE_HZ = 16000
RESAMPLERS = [each["name"] for each in
              json.loads(command.run("resamplers", "--json"))["resamplers"]]
each_resampler = pytest.mark.parametrize("resampler", RESAMPLERS)


def resample(source, output, *options, rate_hz=NEW_RATE_HZ, stdin=None):
    return command.run("resample", source, "-o", output, "--rate", rate_hz, *options, stdin=stdin)


def pcm16(samples):
    return np.rint(samples * 32768).astype("<i2")


@pytest.fixture(scope="module")
def both(speech):
    """Two recordings at once: (samples, 2), on the grid of 16 bits, called 44.1 kHz."""
    length = min(len(speech[0].samples), len(speech[1].samples)) - 1
    return np.stack([each.samples[:length] for each in speech[:2]], axis=1)


@pytest.fixture(scope="module")
def stereo(both, tmp_path_factory):
    path = tmp_path_factory.mktemp("stereo") / "stereo.wav"
    soundfile.write(path, pcm16(both), RATE_HZ)
    return path


@pytest.fixture(scope="module")
def mono(both, tmp_path_factory):
    """A file for each channel alone."""
    folder = tmp_path_factory.mktemp("mono")
    paths = [folder / f"{channel}.wav" for channel in (0, 1)]
    for channel, path in enumerate(paths):
        soundfile.write(path, pcm16(both[:, channel]), RATE_HZ)
    return paths


@pytest.fixture
def array(tmp_path):
    """array(source, *options): what comes out, as an array."""

    def of(source, *options, **more):
        path = tmp_path / "array.npy"
        resample(source, path, "--overwrite", *options, **more)
        return np.load(path, allow_pickle=False)

    return of


@each_resampler
def test_wav_and_npy_hold_the_same_numbers(resampler, stereo, array, tmp_path):
    for precision, dtype in (("float", "float32"), ("double", "float64")):
        options = ("--resampler", resampler, "--precision", precision)
        values = array(stereo, *options)
        assert values.dtype == dtype
        wav = tmp_path / f"{precision}.wav"
        resample(stereo, wav, *options, "--encoding", dtype)
        read, rate_hz = soundfile.read(wav, dtype=dtype)
        assert rate_hz == NEW_RATE_HZ
        assert soundfile.info(wav).subtype == {"float32": "FLOAT", "float64": "DOUBLE"}[dtype]
        assert read.shape == values.shape and np.array_equal(read, values)


@each_resampler
def test_stereo_is_two_monos(resampler, stereo, mono, array):
    options = ("--resampler", resampler)
    together = array(stereo, *options)
    for channel, path in enumerate(mono):
        alone = array(path, *options)
        assert alone.ndim == 1 and len(alone) > 0
        assert np.array_equal(together[:, channel], alone)
        assert np.array_equal(array(stereo, "--channel", channel, *options), alone)


@each_resampler
def test_repeated_runs_give_the_same_bytes(resampler, stereo, tmp_path):
    paths = [tmp_path / name for name in ("a.wav", "b.wav")]
    for path in paths:
        resample(stereo, path, "--resampler", resampler)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_pipe_gives_what_the_file_gives(both, stereo, array):
    pcm = pcm16(both).tobytes()
    assert np.array_equal(array("-", "--raw", f"s16le:{RATE_HZ}:2", stdin=pcm), array(stereo))


def test_standard_output_holds_what_the_file_holds(stereo, array):
    values = array(stereo)
    wav = resample(stereo, "-")
    assert np.array_equal(soundfile.read(io.BytesIO(wav), dtype="float32")[0], values)
    assert resample(stereo, "-", "--format", "raw") == values.astype("<f4").tobytes()
    raw = resample(stereo, "-", "--format", "raw", "--encoding", "pcm16")
    assert np.array_equal(np.frombuffer(raw, "<i2").reshape(-1, 2), pcm16(values))


def test_what_it_writes_it_reads(stereo, array, tmp_path):
    values = array(stereo)
    piped = tmp_path / "piped.wav"
    piped.write_bytes(resample(stereo, "-"))
    assert np.array_equal(array(piped), values)
    raw = resample(stereo, "-", "--format", "raw")
    assert np.array_equal(array("-", "--raw", f"f32le:{NEW_RATE_HZ}:2", stdin=raw), values)


def test_several_inputs_give_what_each_gives_alone(mono, tmp_path):
    folder = tmp_path / "folder"
    resample(mono[0], folder / "", mono[1])
    for path in mono:
        resample(path, tmp_path / path.name)
        assert (folder / path.name).read_bytes() == (tmp_path / path.name).read_bytes()
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("encoding, subtype, bits", [("pcm16", "PCM_16", 16), ("pcm24", "PCM_24", 24)])
def test_pcm_is_the_float_rounded(stereo, array, tmp_path, encoding, subtype, bits):
    wav = tmp_path / "pcm.wav"
    resample(stereo, wav, "--encoding", encoding)
    assert soundfile.info(wav).subtype == subtype
    scale = 1 << (bits - 1)
    integers = np.rint(array(stereo).astype(np.float64) * scale)
    assert np.array_equal(soundfile.read(wav, dtype="float64")[0], integers / scale)


@pytest.mark.parametrize("resampler", ["swr-s16", "swr-float-s16"])
def test_what_gives_16_bit_integers_is_written_as_such(resampler, stereo, array, tmp_path):
    wav = tmp_path / "pcm.wav"
    resample(stereo, wav, "--resampler", resampler)
    assert soundfile.info(wav).subtype == "PCM_16"
    assert np.array_equal(soundfile.read(wav, dtype="float32")[0],
                          array(stereo, "--resampler", resampler))


@each_resampler
def test_the_mean_is_taken_before_resampling(resampler, both, stereo, array, tmp_path):
    soundfile.write(tmp_path / "mean.wav", both.astype(np.float32).mean(axis=1), RATE_HZ, "FLOAT")
    mixed = array(stereo, "--downmix", "mean", "--resampler", resampler)
    assert mixed.ndim == 1
    assert np.array_equal(mixed, array(tmp_path / "mean.wav", "--resampler", resampler))


def test_ffmpegs_mix_weighs_channels_that_are_resampled(stereo, array):
    left, right = array(stereo).T
    mixed = array(stereo, "--downmix", "ffmpeg")
    assert np.abs(mixed - (left + right) / 2).max() < 1e-7
    double = array(stereo, "--downmix", "ffmpeg", "--precision", "double")
    left, right = array(stereo, "--precision", "double").T
    assert np.abs(double - (left + right) / 2).max() < 1e-16


@pytest.mark.parametrize("downmix", ["mean", "ffmpeg"])
@pytest.mark.parametrize("resampler", ["swr-s16", "swr-float", "swr-float-s16", "soxr-hq"])
def test_extract_hears_the_same(resampler, downmix, stereo, array):
    choices = ("--resampler", resampler, "--downmix", downmix)
    # Its only step takes the mean of all samples and their variance: it gives 1 band of samples.
    heard = command.extract("wav2vec2", stereo, *choices)
    samples = array(stereo, *choices)
    assert heard.size == samples.size
    wanted = (samples - samples.mean(dtype=np.float64)) / np.sqrt(samples.var(dtype=np.float64) + 1e-7)
    assert np.abs(heard.reshape(-1) - wanted).max() < 1e-4


def test_samples_that_have_the_rate_already_are_not_touched(both, stereo, array, tmp_path):
    assert np.array_equal(array(stereo, rate_hz=RATE_HZ), both.astype(np.float32))
    exact = np.random.default_rng(1).uniform(-2, 2, 1000)
    soundfile.write(tmp_path / "double.wav", exact, RATE_HZ, subtype="DOUBLE")
    assert np.array_equal(
        array(tmp_path / "double.wav", "--precision", "double", rate_hz=RATE_HZ), exact)


def test_float_is_double_but_for_the_rounding_of_its_own_arithmetic(stereo, array):
    exact = array(stereo, "--precision", "double")
    difference = np.abs(array(stereo) - exact).max()
    assert 0 < difference < 2e-6
