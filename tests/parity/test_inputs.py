"""However the same sound comes in, the same features go out."""

import command
import numpy as np
import pytest
import signals
import soundfile
import soxr

PRESETS = command.presets()
# Features of what Ossicle resamples against those of what soxr's VHQ gives, in mean and at most.
# They were equal; builds of libsoxr may differ in the last bits.
MEAN_RESAMPLED_ERROR = 1e-6
MAX_RESAMPLED_ERROR = 1e-4


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
    assert (command.extract_bytes("whisper-80", path)
            == command.extract_bytes("whisper-80", mean.path))


@pytest.mark.parametrize("channel", [0, 1])
def test_one_channel_can_be_chosen(stereo, channel, tmp_path):
    path, both = stereo
    alone = signals.written(tmp_path / "alone.wav", both[:, channel])
    assert (command.extract_bytes("whisper-80", path, "--channel", channel)
            == command.extract_bytes("whisper-80", alone.path))


def resampled(samples, rate_hz):
    """soxr's VHQ, but ceil(n * 16000 / rate) samples, where soxr itself rounds to the nearest: the
    signal is taken to be followed by silence."""
    count = -(-len(samples) * signals.SAMPLE_RATE_HZ // rate_hz)
    longer = np.concatenate([samples, np.zeros(rate_hz, np.float32)])
    return soxr.resample(longer, rate_hz, signals.SAMPLE_RATE_HZ, quality="VHQ")[:count]


@pytest.mark.parametrize("rate_hz", [8000, 22050, 44100, 48000])
@pytest.mark.parametrize("preset", ["wav2lip", "whisper-80"])
def test_other_rates_are_resampled_as_soxr_does_at_very_high_quality(preset, rate_hz, stereo,
                                                                     tmp_path):
    there = soxr.resample(stereo[1], signals.SAMPLE_RATE_HZ, rate_hz, quality="VHQ")
    path = tmp_path / "speech.wav"
    soundfile.write(path, there, rate_hz, subtype="FLOAT")
    back = signals.written(tmp_path / "back.wav", resampled(there.mean(axis=1), rate_hz))
    found, wanted = command.extract(preset, path), command.extract(preset, back.path)
    assert found.shape == wanted.shape
    errors = np.abs(found - wanted)
    print(f"{preset}, {rate_hz} Hz: mean {errors.mean():.2g}, maximum {errors.max():.2g}")
    assert errors.mean() <= MEAN_RESAMPLED_ERROR
    assert errors.max() <= MAX_RESAMPLED_ERROR
