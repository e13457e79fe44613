"""`ossicle compare` names what brought the audio of real libraries' features to another rate."""

import json

import command
import ffmpeg
import librosa
import numpy as np
import pyav
import pytest
import references
import resampler_judges
import resampy
import signals
import soundfile
import soxr

MODEL_HZ = 16000
SECONDS = 4.0


def by_ffmpeg(samples, from_hz, to_hz):
    if not ffmpeg.version():
        pytest.skip("there is no ffmpeg")
    return ffmpeg.resample([(pcm16(samples), from_hz, to_hz)])[0] / np.float32(32768)


def by_pyav(samples, from_hz, to_hz):
    found = pyav.resample("s16", "s16")(pcm16(samples), from_hz, to_hz)
    return found / np.float32(32768)


def by_librosa(samples, from_hz, to_hz):
    return librosa.resample(samples, orig_sr=from_hz, target_sr=to_hz)


def whisper(samples):
    return references.whisper(80, samples)


def kaldi(samples):
    return references.kaldi_fbank(80, samples)


# What resampled, what computed, the preset that this is, and all resamplers that it could have been.
OUTPUTS = {
    "ffmpeg, Whisper": (by_ffmpeg, whisper, "whisper-80", ["swr-s16"]),
    "PyAV, Whisper": (by_pyav, whisper, "whisper-80", ["swr-float-s16"]),
    "soxr, Whisper": (soxr.resample, whisper, "whisper-80", ["soxr-hq", "soxr-hq@librosa"]),
    "SciPy, Whisper": (resampler_judges.resample_poly, whisper, "whisper-80", ["scipy-poly"]),
    "SciPy, Kaldi": (resampler_judges.resample_poly, kaldi, "kaldi-fbank-80", ["scipy-poly"]),
    "resampy, Kaldi": (resampy.resample, kaldi, "kaldi-fbank-80", ["resampy-0.3-best"]),
    "librosa, Wav2Lip": (by_librosa, references.wav2lip, "wav2lip@librosa-0.9",
                         ["soxr-hq@librosa", "soxr-hq"]),
}


def pcm16(samples):
    return np.rint(samples * 32768).astype(np.int16)


@pytest.fixture(scope="module", params=[44100, 48000])
def sound(request, tmp_path_factory):
    """(path, samples, rate) of speech played faster: what lies up to 8 kHz lies up to 22 or 24."""
    samples = np.concatenate([each.samples for each in signals.recordings()])
    samples = samples[:int(SECONDS * request.param)]
    path = tmp_path_factory.mktemp("sound") / "talk.wav"
    soundfile.write(path, pcm16(samples), request.param)
    return path, samples, request.param


def identify(array, sound_path, folder):
    path = folder / "mine.npy"
    np.save(path, array)
    result = json.loads(command.run("compare", path, "--audio", sound_path, "--json"))
    return result["mine"]["identification"], result["mine"]["spec"]


def names(found, as_well):
    return [each["resampler"] for each in found["resamplers"] if each["fits_as_well"] == as_well]


@pytest.mark.parametrize("output", OUTPUTS)
def test_the_resampler_of_real_outputs_is_named_and_no_other(output, sound, tmp_path):
    resample, compute, preset, resamplers = OUTPUTS[output]
    path, samples, rate_hz = sound
    array = compute(resample(samples, rate_hz, MODEL_HZ)).astype(np.float32)
    found, spec = identify(array, path, tmp_path)
    # A band's edge may move by a millionth where kaldi-native-fbank rounds in float32.
    in_float = compute is kaldi
    assert found["certainty"] in (["exact", "likely"] if in_float else ["exact"])
    assert found["nearest_preset"] == preset
    assert ({each["field"] for each in found["deviations"]}
            <= {"resampler", "layout"} | ({"low_hz", "high_hz"} if in_float else set()))
    assert spec["resampler"] == names(found, True)[0]
    assert resamplers[0] in names(found, True)
    assert set(names(found, True)) <= set(resamplers)
    # The runner-up is far behind.
    nearest, other = (next(each for each in found["resamplers"] if each["fits_as_well"] == as_well)
                      for as_well in (True, False))
    assert other["relative_error"] > 10 * nearest["relative_error"]


@pytest.mark.parametrize("resampler", ["kaldi", "julius"])
def test_a_resampler_that_needs_pytorch_is_named(resampler, sound, tmp_path):
    path, _, rate_hz = sound
    array = command.extract("kaldi-fbank-80", path, "--resampler", resampler)
    found, _ = identify(array, path, tmp_path)
    same = {"kaldi": ["kaldi", "kaldi@online", "torchaudio-hann6", "torchaudio-functional"],
            "julius": ["julius"]}[resampler]
    assert found["certainty"] == "exact"
    assert names(found, True)[0] == resampler
    assert set(names(found, True)) <= set(same)


def test_a_resampler_is_named_beside_another_difference(sound, tmp_path):
    """Whisper without the step that raises what is quiet, loaded by PyAV."""
    path, samples, rate_hz = sound
    array = 4 * whisper(by_pyav(samples, rate_hz, MODEL_HZ)) - 4
    found, spec = identify(array.astype(np.float32), path, tmp_path)
    assert names(found, True) == ["swr-float-s16"]
    assert spec["resampler"] == "swr-float-s16"
    assert [each["text"] for each in found["deviations"] if each["field"] == "steps[1]"]


def test_no_resampler_is_named_where_there_was_none(speech, tmp_path):
    array = whisper(speech[0].samples).astype(np.float32)
    found, spec = identify(array, speech[0].path, tmp_path)
    assert found["certainty"] == "exact"
    assert "resamplers" not in found
    assert spec["resampler"] == command.spec("whisper-80")["resampler"]
