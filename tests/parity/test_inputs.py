"""However the same sound comes in, the same features go out."""

import re
import subprocess

import command
import librosa
import numpy as np
import pytest
import signals
import soundfile
import soxr

PRESETS = command.presets()
# Features of what Ossicle resamples against those of what librosa gives, in mean and at most: the
# noise of soxr's single precision.
MEAN_RESAMPLED_ERROR = 3e-6
MAX_RESAMPLED_ERROR = 2e-4


def pcm16(samples):
    return np.rint(samples * 32768).astype("<i2")


@pytest.mark.parametrize("preset", PRESETS)
def test_the_layout_is_the_librarys_unless_it_is_named(preset, speech):
    own = command.extract(preset, speech[0].path)
    frames_first = command.extract(preset, speech[0].path, "--layout", "frames-first")
    bands_first = command.extract(preset, speech[0].path, "--layout", "bands-first")
    assert frames_first.shape[0] != frames_first.shape[1]
    assert np.array_equal(frames_first, bands_first.T)
    assert np.array_equal(own, {"frames-first": frames_first, "bands-first": bands_first}[
        command.spec(preset)["layout"]])


@pytest.mark.parametrize("preset", PRESETS)
def test_features_are_the_same_bytes_for_every_number_of_workers(preset, speech):
    outputs = {command.extract_bytes(preset, speech[0].path, "--workers", workers)
               for workers in (1, 2, 3)}
    assert len(outputs) == 1


def test_raw_pcm_from_a_pipe_gives_the_bytes_that_the_wav_gives(speech):
    for signal in speech:
        pcm = pcm16(signal.samples).tobytes()
        piped = command.extract_bytes("kaldi-fbank-80", "-", "--raw", "s16le:16000:1", stdin=pcm)
        assert piped == command.extract_bytes("kaldi-fbank-80", signal.path), str(signal)


def test_flac_gives_the_bytes_that_the_wav_gives(speech, tmp_path):
    for signal in speech:
        flac = tmp_path / "speech.flac"
        soundfile.write(flac, pcm16(signal.samples), signals.SAMPLE_RATE_HZ)
        assert soundfile.info(flac).format == "FLAC"
        for preset in ("whisper-80", "kaldi-fbank-80"):
            assert (command.extract_bytes(preset, flac)
                    == command.extract_bytes(preset, signal.path)), str(signal)


def test_float_wav_gives_the_bytes_that_16_bit_wav_gives(speech, tmp_path):
    wav = signals.written(tmp_path / "speech.wav", speech[0].samples)
    assert (command.extract_bytes("wav2lip", wav.path)
            == command.extract_bytes("wav2lip", speech[0].path))


@pytest.fixture
def stereo(speech, tmp_path):
    """Two recordings at once, (samples, 2), as a 16-bit WAV."""
    length = min(len(speech[0].samples), len(speech[1].samples))
    both = np.stack([each.samples[:length] for each in speech[:2]], axis=1)
    path = tmp_path / "stereo.wav"
    soundfile.write(path, pcm16(both), signals.SAMPLE_RATE_HZ)
    return path, both


def test_channels_are_averaged(stereo, tmp_path):
    path, both = stereo
    mean = signals.written(tmp_path / "mean.wav", both.mean(axis=1))
    assert (command.extract_bytes("wav2lip", path)
            == command.extract_bytes("wav2lip", mean.path))


@pytest.mark.parametrize("channel", [0, 1])
def test_one_channel_can_be_chosen(stereo, channel, tmp_path):
    path, both = stereo
    alone = signals.written(tmp_path / "alone.wav", both[:, channel])
    assert (command.extract_bytes("whisper-80", path, "--channel", channel)
            == command.extract_bytes("whisper-80", alone.path))


RATES_HZ = [8000, 22050, 44100, 48000]


@pytest.fixture(params=[1, 2], ids=["mono", "stereo"])
def recorded(request, stereo, tmp_path):
    """A function that writes the recordings, or the first one, at another rate: (path, samples)."""
    def write(rate_hz, subtype):
        there = soxr.resample(stereo[1], signals.SAMPLE_RATE_HZ, rate_hz)[:, :request.param]
        path = tmp_path / "there.wav"
        soundfile.write(path, there, rate_hz, subtype=subtype)
        return path, there

    return write


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_wav2lip_resamples_as_librosa_does(rate_hz, recorded, tmp_path):
    path, there = recorded(rate_hz, "FLOAT")
    samples = librosa.resample(librosa.to_mono(there.T), orig_sr=rate_hz,
                               target_sr=signals.SAMPLE_RATE_HZ)
    back = signals.written(tmp_path / "back.wav", samples)
    found, wanted = command.extract("wav2lip", path), command.extract("wav2lip", back.path)
    assert found.shape == wanted.shape
    errors = np.abs(found - wanted)
    print(f"{rate_hz} Hz: mean {errors.mean():.2g}, maximum {errors.max():.2g}")
    assert errors.mean() <= MEAN_RESAMPLED_ERROR
    assert errors.max() <= MAX_RESAMPLED_ERROR


def from_ffmpeg(path):
    """What Whisper's load_audio makes of a file. ffmpeg 6.1 and newer do this in float."""
    version = subprocess.run(["ffmpeg", "-version"], capture_output=True, text=True, check=True)
    numbers = re.search(r"version \D?(\d+)\.(\d+)", version.stdout).groups()
    if tuple(map(int, numbers)) >= (6, 1):
        pytest.skip(f"ffmpeg {'.'.join(numbers)} resamples 16-bit samples in float")
    return subprocess.run(["ffmpeg", "-nostdin", "-threads", "0", "-i", path, "-f", "s16le", "-ac",
                           "1", "-acodec", "pcm_s16le", "-ar", "16000", "-"], capture_output=True,
                          check=True).stdout


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_U8", "ULAW"])
@pytest.mark.parametrize("rate_hz", [signals.SAMPLE_RATE_HZ, *RATES_HZ])
def test_whisper_gives_the_bytes_that_it_gives_of_what_ffmpeg_loads(rate_hz, subtype, recorded):
    path, _ = recorded(rate_hz, subtype)
    loaded = command.extract_bytes("whisper-80", "-", "--raw", "s16le:16000:1",
                                   stdin=from_ffmpeg(path))
    assert command.extract_bytes("whisper-80", path) == loaded


def test_the_resampler_and_the_mix_can_be_chosen(recorded):
    path, there = recorded(44100, "PCM_16")
    own = command.extract_bytes("whisper-80", path)
    librosas = command.extract_bytes("whisper-80", path, "--resampler", "soxr-hq@librosa")
    assert librosas != own
    assert command.extract_bytes("whisper-80", path, "--resampler", "swr-s16") == own
    mean = command.extract_bytes("whisper-80", path, "--downmix", "mean")
    assert (mean == own) == (there.shape[1] == 1)
    assert command.extract_bytes("whisper-80", path, "--downmix", "ffmpeg") == own
