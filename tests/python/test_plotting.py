"""What ossicle.plot draws, and where."""

import dataclasses
import subprocess
import sys

import numpy as np
import ossicle
import pytest

matplotlib = pytest.importorskip("matplotlib", reason="pip install 'ossicle[plot]'")
from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402
from ossicle import _picture as picture  # noqa: E402

RATE_HZ = 16000
PRESETS = ["whisper-80", "kaldi-fbank-80", "icefall-fbank-80", "hifigan", "nemo-80@2.5", "yamnet",
           "vggish"]


def spectrogram(spec, samples):
    """(frames, bands) of samples at the spec's rate, before any step."""
    plain = dataclasses.replace(spec, steps=(), layout="frames-first", dither=0.0)
    return ossicle.Frontend(plain)(samples)


def noise(spec, seconds=1):
    random = np.random.default_rng(1)
    return random.uniform(-0.5, 0.5, seconds * spec.sample_rate_hz).astype(np.float32)


@pytest.fixture
def ax():
    return Figure(figsize=(6, 4), dpi=100).add_subplot()


def mesh_of(ax):
    (mesh,) = ax.collections
    return mesh


def cells(ax, bands=80):
    """What is drawn, (bands, columns): flat in matplotlib before 3.8."""
    return mesh_of(ax).get_array().reshape(bands, -1)


def color_bar(ax):
    return mesh_of(ax).colorbar


def pixels(ax):
    canvas = FigureCanvasAgg(ax.figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[:, :, :3]


@pytest.mark.parametrize("name", PRESETS)
def test_a_click_lies_in_the_column_of_its_time(name):
    spec = ossicle.preset(name)
    for hop in (20, 21, 30):
        click = round((hop + 0.5) * spec.hop_samples)
        samples = np.zeros(60 * spec.hop_samples, np.float32)
        samples[click] = 1.0
        frames = spectrogram(dataclasses.replace(spec, preemphasis="none"), samples)
        edges_s = picture.time_edges_s(spec, len(frames), len(frames))
        brightest = int(np.argmax(frames.sum(axis=1)))
        off_s = abs(0.5 * (edges_s[brightest] + edges_s[brightest + 1]) - click / spec.sample_rate_hz)
        assert off_s <= (0.5 * spec.hop_samples + 1) / spec.sample_rate_hz


@pytest.mark.parametrize("hz", [1000, 2500, 5000])
@pytest.mark.parametrize("name", PRESETS)
def test_a_tone_lies_in_the_band_of_its_frequency(name, hz):
    spec = ossicle.preset(name)
    tone = np.sin(2 * np.pi * hz * np.arange(spec.sample_rate_hz) / spec.sample_rate_hz)
    loudest = int(np.argmax(spectrogram(spec, tone).mean(axis=0)))
    edges_hz = picture.band_edges(spec)
    bin_hz = spec.sample_rate_hz / spec.fft_size
    assert edges_hz[loudest] - bin_hz <= hz <= edges_hz[loudest + 1] + bin_hz


@pytest.mark.parametrize("scale", ["slaney", "htk", "kaldi"])
def test_the_mel_scales_go_both_ways_and_upwards(scale):
    hz = np.linspace(0, 24000, 1000)
    mel = picture.hz_to_mel(scale, hz)
    assert np.all(np.diff(mel) > 0)
    np.testing.assert_allclose(picture.mel_to_hz(scale, mel), hz, rtol=1e-12, atol=1e-9)


def test_ticks_are_round_and_apart():
    spec = ossicle.preset("whisper-80")
    ticks = picture.frequency_ticks(spec, 0.05)
    assert {0, 1000, 2000, 4000, 8000} <= set(ticks)
    low, high = picture.hz_to_mel("slaney", [0, 8000])
    assert np.diff(picture.hz_to_mel("slaney", ticks) / (high - low)).min() >= 0.05


@pytest.mark.parametrize("name", PRESETS)
def test_the_axes_say_what_the_spec_says(name, ax):
    spec = ossicle.preset(name)
    assert ossicle.plot(ossicle.Frontend(spec)(noise(spec)), spec, ax=ax, title="talk.wav") is ax
    assert ax.get_xlabel() == "Time (s)"
    assert ax.get_ylabel() == "Frequency (Hz, mel scale)"
    assert ax.get_ylim() == (spec.low_hz, spec.high_hz)
    assert color_bar(ax).ax.get_ylabel() == spec.unit
    assert ax.get_title("left") == "talk.wav"
    assert ax.get_title("right") == name
    pixels(ax)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert "1000" in labels and "4000" in labels


def test_of_a_cepstrum_the_coefficients_are_numbered_and_the_first_does_not_count(ax):
    features = np.random.default_rng(1).uniform(-1, 1, (50, 13)).astype(np.float32)
    features[:, 0] = 100
    ossicle.plot(features, "kaldi-mfcc-13", ax=ax)
    assert ax.get_ylabel() == "Coefficient number"
    assert ax.get_ylim() == (-0.5, 12.5)
    assert -1 <= mesh_of(ax).get_clim()[0] < mesh_of(ax).get_clim()[1] <= 1
    assert color_bar(ax).extend == "max"


def test_both_layouts_give_the_same_picture():
    spec = ossicle.preset("kaldi-fbank-80")
    turned = dataclasses.replace(spec, layout="bands-first")
    frames = ossicle.Frontend(spec)(noise(spec))
    figure = Figure()
    one, other = figure.subplots(1, 2)
    ossicle.plot(frames, spec, ax=one)
    ossicle.plot(frames.T, turned, ax=other)
    assert np.array_equal(cells(one), cells(other))
    assert np.array_equal(cells(one), frames.T)


def test_one_click_in_an_hour_is_seen(ax):
    features = np.zeros((360000, 80), np.float32)
    features[123456, 40] = 1.0
    ossicle.plot(features, "kaldi-fbank-80", ax=ax)
    brightness = pixels(ax).astype(int).sum(axis=2)
    left, right = int(ax.bbox.x0) + 3, int(ax.bbox.x1) - 3
    inside = brightness[int(400 - ax.bbox.y1) + 3 : int(400 - ax.bbox.y0) - 3, left:right]
    column = np.argmax(inside.max(axis=0))
    assert inside.max() > np.median(inside) + 300
    assert abs((column + left - ax.bbox.x0) / ax.bbox.width - 123456 / 360000) < 0.01


def test_an_outlier_does_not_wash_out_the_rest(ax):
    features = np.random.default_rng(1).uniform(0, 1, (200, 80)).astype(np.float32)
    features[3, 3] = 1e6
    ossicle.plot(features, "kaldi-fbank-80", ax=ax)
    assert mesh_of(ax).get_clim()[1] <= 1
    assert color_bar(ax).extend == "max"


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_at_an_end_of_the_scale(value, ax):
    features = np.random.default_rng(1).uniform(0, 1, (20, 80)).astype(np.float32)
    features[3, 3] = value
    ossicle.plot(features, "kaldi-fbank-80", ax=ax)
    low, high = mesh_of(ax).get_clim()
    assert cells(ax)[3, 3] == (high if value == np.inf else low)


def test_a_difference_is_white_at_zero_and_reaches_as_far_both_ways(ax):
    one = np.random.default_rng(1).uniform(0, 1, (20, 80)).astype(np.float32)
    other = one.copy()
    other[5, 5] += 0.25
    ossicle.plot_difference(one[:18], other, "kaldi-fbank-80", ax=ax, title="mine minus theirs")
    low, high = mesh_of(ax).get_clim()
    assert low == -high == -0.25
    assert min(mesh_of(ax).cmap(0.5)[:3]) > 0.95
    assert cells(ax).shape == (80, 18)
    assert cells(ax)[5, 5] == -0.25
    assert color_bar(ax).ax.get_ylabel() == "difference (ln power)"
    assert ax.get_title("right") == f"mean {0.25 / (18 * 80):.3g}, max 0.25"


def test_equal_features_differ_nowhere(ax):
    one = np.ones((20, 80), np.float32)
    ossicle.plot_difference(one, one, "kaldi-fbank-80", ax=ax)
    assert mesh_of(ax).get_clim() == (-1, 1)
    assert ax.get_title("right") == "mean 0, max 0"


def test_a_difference_shows_of_each_pixel_what_is_farthest_from_zero():
    frames = np.array([[0.0], [1.0], [-2.0], [0.5], [3.0], [-1.0]])
    assert picture.reduced(frames, 2, diverging=True).tolist() == [[-2.0], [3.0]]
    assert picture.reduced(frames, 2, diverging=False).tolist() == [[1.0], [3.0]]
    assert picture.reduced(frames, 6, diverging=True).tolist() == frames.tolist()


@pytest.mark.parametrize("ending, magic", [(".png", b"\x89PNG"), (".svg", b"<?xml"), (".PDF", b"%PDF")])
def test_a_picture_is_written_whole_and_replaces_none_unless_asked(ending, magic, tmp_path):
    path = tmp_path / f"talk{ending}"
    features = np.random.default_rng(1).uniform(0, 1, (20, 80)).astype(np.float32)
    ossicle.plot(features, "kaldi-fbank-80", path=path)
    before = path.read_bytes()
    assert before.startswith(magic)
    with pytest.raises(ossicle.OutputError, match="overwrite=True"):
        ossicle.plot(2 * features, "kaldi-fbank-80", path=path)
    assert path.read_bytes() == before
    ossicle.plot(features[:10], "kaldi-fbank-80", path=path, overwrite=True)
    assert path.read_bytes() != before
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_what_fails_leaves_no_picture(tmp_path):
    with pytest.raises(ossicle.ShapeError):
        ossicle.plot_difference(np.ones((9, 80)), np.ones((9, 79)), "kaldi-fbank-80",
                                path=tmp_path / "a.png")
    with pytest.raises(ossicle.OutputError, match="No such file"):
        ossicle.plot(np.ones((9, 80)), "kaldi-fbank-80", path=tmp_path / "nothing" / "a.png")
    with pytest.raises(ossicle.SpecError, match=r"\.png"):
        ossicle.plot(np.ones((9, 80)), "kaldi-fbank-80", path=tmp_path / "a.xyz")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("features, spec, error, text", [
    (np.ones((80, 9)), "kaldi-fbank-80", ossicle.ShapeError, r"9 bands.*gives 80, \(frames, bands\)"),
    (np.ones((9, 80)), "whisper-80", ossicle.ShapeError, r"9 bands.*gives 80, \(bands, frames\)"),
    (np.ones(80), "kaldi-fbank-80", ossicle.ShapeError, r"shape \(80,\)"),
    (np.ones((2, 9, 80)), "kaldi-fbank-80", ossicle.ShapeError, r"one signal's"),
    (np.ones((0, 80)), "kaldi-fbank-80", ossicle.ShapeError, "no frame to draw"),
    (np.ones((9, 1)), "wav2vec2", ossicle.SpecError, "the waveform itself"),
    (np.ones((9, 80)), "kaldi-fbank-81", ossicle.SpecError, "kaldi-fbank-80"),
    (np.ones((9, 80)), 80, TypeError, "a preset's name"),
])
def test_what_cannot_be_drawn_is_refused(features, spec, error, text, ax):
    with pytest.raises(error, match=text):
        ossicle.plot(features, spec, ax=ax)


def test_without_matplotlib_the_error_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ImportError, match=r"pip install 'ossicle\[plot\]'"):
        ossicle.plot(np.ones((9, 80)), "kaldi-fbank-80", path=tmp_path / "a.png")


def test_the_import_alone_loads_no_extra():
    program = ("import sys, ossicle\n"
               "assert 'plot' in ossicle.__all__\n"
               "extras = {'matplotlib', 'pyarrow', 'ray', 'onnxruntime', 'ossicle.plotting'}\n"
               "print(sorted(extras & set(sys.modules)))\n"
               "ossicle.plot\n"
               "print('matplotlib' in sys.modules)\n")
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\nFalse\n"
