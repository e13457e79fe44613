"""ossicle.compat.whisper beside what openai-whisper gave (tests/parity/goldens), what transformers'
NumPy gives, and what ffmpeg decodes."""

import functools
import json
import pathlib
import shutil
import subprocess

import ffmpeg
import numpy as np
import ossicle
import pytest
import signals
import soundfile
from ossicle.compat import whisper
from transformers.audio_utils import mel_filter_bank, spectrogram, window_function

GOLDENS = pathlib.Path(__file__).parents[1] / "parity" / "goldens"
# Both compute in float32; a band may lie 8 decades below the loudest one.
MEAN, LARGEST = 2e-6, 1e-3


def golden(preset):
    return np.load(GOLDENS / f"{preset}.openai-whisper.npz")


def inputs():
    spec = ossicle.preset("whisper-80")
    return {**signals.short_speech(16000), **signals.made(16000),
            **signals.of_lengths(spec.window_samples, spec.fft_size)}


def assert_near(found, wanted, largest=LARGEST):
    assert (found.shape, found.dtype) == (wanted.shape, np.float32)
    difference = np.abs(found - wanted)
    assert difference.mean() <= MEAN and difference.max() <= largest


@pytest.mark.parametrize(("preset", "arguments"), [
    ("whisper-80", {}), ("whisper-80", {"n_mels": 80, "padding": 0, "device": None}),
    ("whisper-128", {"n_mels": 128}), ("whisper-80@transcribe", {"padding": 480000}),
    ("whisper-128@transcribe", {"n_mels": 128, "padding": 480000})])
def test_it_gives_what_openai_whisper_gave(preset, arguments):
    wanted = golden(preset)
    raised = json.loads(str(wanted["about"]))["raised"]
    for name, samples in inputs().items():
        if name in raised:
            with pytest.raises(RuntimeError):
                whisper.log_mel_spectrogram(samples, **arguments)
        elif name in wanted:
            assert_near(whisper.log_mel_spectrogram(samples, **arguments), wanted[name].T)


@functools.lru_cache(maxsize=None)
def bank():
    return mel_filter_bank(201, 80, 0.0, 8000.0, 16000, norm="slaney", mel_scale="slaney")


def in_double(batch):
    """Several signals, whose floor is 8 below the loudest of all."""
    logs = np.stack([spectrogram(each, window_function(400, "hann"), 400, 160, power=2.0,
                                 mel_filters=bank(), log_mel="log10")[:, :-1] for each in batch])
    return (np.maximum(logs, logs.max() - 8.0) + 4.0) / 4.0


@pytest.mark.parametrize("padding", [0, 1000, -5])
def test_the_loudest_of_several_signals_sets_the_floor_of_all(padding):
    speech = signals.short_speech(16000)["speech"]
    batch = np.stack([speech, np.float32(0.01) * speech[::-1], np.zeros_like(speech)])
    found = whisper.log_mel_spectrogram(batch, padding=padding)
    assert_near(found, in_double(np.pad(batch, ((0, 0), (0, max(padding, 0))))))
    assert_near(whisper.log_mel_spectrogram(batch[:1]), in_double(batch[:1]))


def test_float64_and_16_bits_are_the_same_samples():
    speech = signals.short_speech(16000)["speech"]
    wanted = whisper.log_mel_spectrogram(speech)
    for samples in (speech.astype(np.float64), (speech * 32768).astype(np.int16), speech.tolist()):
        found = whisper.log_mel_spectrogram(np.asarray(samples))
        assert np.array_equal(found, wanted)


@pytest.mark.parametrize(("samples", "padding"), [(0, 200), (200, 0), (1, 199)])
def test_fewer_than_201_samples_are_refused(samples, padding):
    with pytest.raises(RuntimeError, match=f"{samples + padding} samples"):
        whisper.log_mel_spectrogram(np.ones(samples, np.float32), padding=padding)


@pytest.mark.parametrize(("samples", "padding"), [(0, 201), (201, 0), (1, 200), (0, 480000)])
def test_with_201_there_are_features(samples, padding):
    clip = np.full(samples, 0.1, np.float32)
    found = whisper.log_mel_spectrogram(clip, padding=padding)
    assert_near(found, in_double([np.pad(clip, (0, padding))])[0])


def test_what_is_not_served_is_refused():
    speech = signals.short_speech(16000)["speech"]
    with pytest.raises(AssertionError, match="Unsupported n_mels: 64"):
        whisper.log_mel_spectrogram(speech, n_mels=64)
    with pytest.raises(ValueError, match=r"\(1, 1, \d+\)"):
        whisper.log_mel_spectrogram(speech[None, None])
    with pytest.raises(TypeError):
        whisper.log_mel_spectrogram(speech.astype(np.int32))
    with pytest.raises(ossicle.NotFiniteError):
        whisper.log_mel_spectrogram(speech * np.float32(np.nan))


@pytest.mark.parametrize("shape", [(7,), (2, 7), (7, 2)])
@pytest.mark.parametrize("length", [0, 3, 7, 10])
def test_pad_or_trim_cuts_or_adds_zeros(shape, length):
    array = np.arange(np.prod(shape), dtype=np.float32).reshape(shape) + 1
    axis = shape.index(7)
    found = whisper.pad_or_trim(array, length, axis=axis)
    widths = [(0, max(length - 7, 0) if each == axis else 0) for each in range(array.ndim)]
    wanted = np.pad(array.take(range(min(length, 7)), axis=axis), widths)
    assert found.dtype == wanted.dtype and np.array_equal(found, wanted)
    assert found is array if length == 7 else not np.shares_memory(found, array)


def test_pad_or_trim_makes_30_seconds_of_the_last_axis():
    assert whisper.pad_or_trim(np.ones((2, 5))).shape == (2, 480000)
    assert whisper.pad_or_trim(np.ones(500000)).shape == (480000,)


@pytest.fixture
def recording(tmp_path):
    def of(rate_hz, channels, subtype):
        speech = signals.at_rate(signals.short_speech(16000)["speech"], rate_hz)
        path = tmp_path / f"{rate_hz}-{channels}-{subtype}.wav"
        soundfile.write(path, np.stack([speech, speech[::-1]][:channels], axis=1), rate_hz, subtype)
        return str(path)
    return of


@pytest.mark.parametrize("rate_hz", [16000, 44100])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("subtype", ["PCM_16", "FLOAT"])
@pytest.mark.parametrize("sr", [16000, 8000])
def test_load_audio_decodes_as_ffmpeg(recording, rate_hz, channels, subtype, sr):
    if not shutil.which("ffmpeg"):
        pytest.skip("there is no ffmpeg")
    path = recording(rate_hz, channels, subtype)
    command = ["ffmpeg", "-nostdin", "-i", path, *ffmpeg.arguments(), str(sr), "-"]
    decoded = subprocess.run(command, capture_output=True, check=True).stdout
    wanted = np.frombuffer(decoded, np.int16).astype(np.float32) / 32768.0
    found = whisper.load_audio(path, sr)
    assert found.dtype == np.float32 and found.shape == wanted.shape
    # Of samples that are not integers ffmpeg's last bit is its machine's.
    assert np.max(np.abs(found - wanted)) <= (1 / 32768 if subtype == "FLOAT" else 0)


def test_a_path_gives_the_features_of_its_samples(recording):
    path = recording(44100, 2, "PCM_16")
    found = whisper.log_mel_spectrogram(path, 128, padding=3000)
    wanted = whisper.log_mel_spectrogram(whisper.load_audio(path), 128, padding=3000)
    assert np.array_equal(found, wanted)


def test_a_file_that_is_no_audio_is_refused(tmp_path):
    (tmp_path / "page.html").write_text("<html>")
    for name in ("page.html", "missing.wav"):
        with pytest.raises(RuntimeError, match=f"Failed to load audio: .*{name}"):
            whisper.load_audio(str(tmp_path / name))


def test_the_constants_are_those_of_openai_whisper():
    assert (whisper.SAMPLE_RATE, whisper.N_FFT, whisper.HOP_LENGTH) == (16000, 400, 160)
    assert (whisper.CHUNK_LENGTH, whisper.N_SAMPLES, whisper.N_FRAMES) == (30, 480000, 3000)
    assert (whisper.N_SAMPLES_PER_TOKEN, whisper.FRAMES_PER_SECOND) == (320, 100)
    assert whisper.TOKENS_PER_SECOND == 50
