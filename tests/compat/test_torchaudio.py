"""ossicle.compat.torchaudio beside the results of torchaudio 2.11.0, argument by argument, of
arrays and without PyTorch. test_torchaudio_tensors.py has the tensors."""

import copy
import json
import pathlib
import pickle
import subprocess
import sys

import numpy as np
import ossicle
import ossicle.compat.torchaudio as ours
import pytest
import signals
import torchaudio_cases

# torchaudio makes its mel banks, and Kaldi's windows, in float32. Of the largest energy of a frame;
# of a mean logarithm of speech; of the largest coefficient of a signal, a sweep's quiet bands
# apart; of decibels, a few units in the last place.
ENERGY, MEAN_LOG, CEPSTRUM, CEPSTRUM_OF_SWEEP, DB = 2e-5, 1e-5, 2e-5, 2e-4, 1e-4
GOLDENS = np.load(pathlib.Path(__file__).parent / "goldens" / torchaudio_cases.GOLDEN)
ABOUT = json.loads(str(GOLDENS["about"]))
CASES = torchaudio_cases.cases()
kaldi, transforms = ours.compliance.kaldi, ours.transforms

pytestmark = pytest.mark.filterwarnings("ignore:At least one mel filterbank",
                                        "ignore:'onesided' is deprecated")


def hann_window(count, periodic=True):
    turns = np.arange(count) / (count if periodic else count - 1)
    return (0.5 - 0.5 * np.cos(2 * np.pi * turns)).astype(np.float32)


WINDOWS = {
    "hann_window": hann_window, "ones": lambda count: np.ones(count, np.float32),
    "blackman": np.blackman,
    "hamming_window": lambda count: (0.08 + 0.92 * hann_window(count)).astype(np.float32)}


def speech(scale=1):
    return torchaudio_cases.inputs()["speech"] * np.float32(scale)


def assert_agrees(case, found, wanted):
    assert (found.shape, found.dtype) == (wanted.shape, wanted.dtype)
    if wanted.size == 0:
        return
    found, wanted = found.astype(np.float64), wanted.astype(np.float64)
    if case.call in ("mfcc", "MFCC"):
        bound = CEPSTRUM_OF_SWEEP if case.signal == "sweep" else CEPSTRUM
        assert np.abs(found - wanted).max() <= bound * np.abs(wanted).max()
    elif case.call == "AmplitudeToDB":
        assert np.abs(found - wanted).max() <= DB
    else:
        if case.call == "fbank" and case.arguments.get("use_log_fbank", True):
            if case.signal == "speech":
                assert np.abs(found - wanted).mean() <= MEAN_LOG
            found, wanted = np.exp(found), np.exp(wanted)
        bands = -2 if case.call == "MelSpectrogram" else -1
        assert np.all(np.abs(found - wanted)
                      <= ENERGY * np.abs(wanted).max(axis=bands, keepdims=True))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_call_gives_what_torchaudio_gives(case):
    assert_agrees(case, case.result(ours, case.samples(), WINDOWS), GOLDENS[str(case)])


def test_the_goldens_are_those_of_the_cases():
    assert set(GOLDENS.files) == {str(case) for case in CASES} | {"about"}
    assert ABOUT["digests"] == {name: signals.digest(samples) for name, samples
                                in torchaudio_cases.inputs().items()}


@pytest.mark.parametrize("name, call", torchaudio_cases.calls(ours).items())
def test_signature_is_that_of_torchaudio(name, call):
    assert [list(each) for each in torchaudio_cases.signature(call)] == ABOUT["signatures"][name]


@pytest.mark.parametrize("case", torchaudio_cases.refused(), ids=str)
def test_what_torchaudio_refuses_is_refused(case):
    with pytest.raises((AssertionError, ArithmeticError, LookupError, RuntimeError,
                        ValueError)) as error:
        case.result(ours, case.samples(), WINDOWS)
    assert error.type.__name__ == ABOUT["raised"][str(case)]


@pytest.mark.parametrize("call, arguments", [
    *[(call, arguments) for call in ("fbank", "mfcc") for arguments in (
        {"window_type": "blackman"}, {"vtln_warp": 1.1}, {"sample_frequency": 16000.5},
        {"frame_length": 26.125, "round_to_power_of_two": False}, {"num_mel_bins": 1025},
        {"raw_energy": False, "use_energy": True})],
    ("mfcc", {"cepstral_lifter": -22.0}),
    *[("MelSpectrogram", arguments) for arguments in (
        {"power": 3.0}, {"power": None}, {"window_fn": "blackman"}, {"n_fft": 375},
        {"n_fft": 398}, {"pad_mode": "replicate"}, {"pad_mode": "circular"}, {"f_max": 8001.0},
        {"f_min": -1.0}, {"n_mels": 1025}, {"win_length": 401}, {"hop_length": 0},
        {"n_mels": 0})],
], ids=str)
def test_what_is_not_served_is_named(call, arguments):
    named = f"does not serve {next(iter(arguments))}="
    with pytest.raises(NotImplementedError, match=named):
        torchaudio_cases.Case(call, arguments).result(ours, speech(), WINDOWS)
    if call == "MelSpectrogram" and "window_fn" not in arguments:
        with pytest.raises(NotImplementedError, match=named):
            transforms.MFCC(melkwargs=arguments)


@pytest.mark.parametrize("samples, error", [
    ([[0.5] * 500], TypeError), (np.zeros((1, 500), np.int16), NotImplementedError),
    (np.zeros((1, 500), np.float16), NotImplementedError),
    (np.full((1, 500), np.nan, np.float32), ossicle.NotFiniteError)])
def test_samples_of_another_kind_are_refused(samples, error):
    for call in (kaldi.fbank, kaldi.mfcc, transforms.MelSpectrogram(), transforms.MFCC()):
        with pytest.raises(error):
            call(samples)


def test_float64_samples_give_float64_features_as_near_to_float32():
    for name, call in torchaudio_cases.calls(ours).items():
        run = call if name.islower() else call()
        wanted = run(speech())
        found = run(speech().astype(np.float64))
        assert found.dtype == np.float64
        assert np.abs(found - wanted).max() <= 1e-5 * np.abs(wanted).max()


def test_dither_is_the_same_at_each_call_and_as_loud_as_it_says():
    silence = np.zeros((1, 64000), np.float32)
    quiet = kaldi.fbank(silence, dither=1.0, use_energy=True, energy_floor=0.0)
    assert np.array_equal(quiet, kaldi.fbank(silence, dither=-1.0, use_energy=True,
                                             energy_floor=0.0))
    assert abs(np.exp(quiet[:, 0]).mean() / 400 - 1) < 0.02  # the variance


def test_strided_samples_give_the_same():
    doubled = np.repeat(speech(), 2, axis=1)
    for call in (kaldi.fbank, transforms.MelSpectrogram()):
        assert np.array_equal(call(doubled[:, ::2]), call(speech()))


def test_transforms_have_the_attributes_of_torchaudio():
    mel = transforms.MelSpectrogram(8000, n_fft=512, f_max=3000.0, norm="slaney")
    found = (mel.sample_rate, mel.n_fft, mel.win_length, mel.hop_length, mel.pad, mel.power,
             mel.normalized, mel.n_mels, mel.f_max, mel.f_min)
    assert found == (8000, 512, 512, 256, 0, 2.0, False, 128, 3000.0, 0.0)
    assert (mel.spectrogram.pad_mode, mel.mel_scale.norm) == ("reflect", "slaney")
    assert transforms.MelSpectrogram(11025).mel_scale.f_max == 5512.0
    mfcc = transforms.MFCC(n_mfcc=13, melkwargs={"n_mels": 23})
    assert (mfcc.n_mfcc, mfcc.dct_type, mfcc.norm, mfcc.top_db, mfcc.log_mels) == (
        13, 2, "ortho", 80.0, False)
    assert (mfcc.MelSpectrogram.n_mels, mfcc.amplitude_to_DB.top_db) == (23, 80.0)
    decibels = transforms.AmplitudeToDB("magnitude")
    assert (decibels.stype, decibels.multiplier, decibels.amin, decibels.ref_value,
            decibels.db_multiplier, decibels.top_db) == ("magnitude", 20.0, 1e-10, 1.0, 0.0, None)


def test_transforms_can_be_copied_and_pickled():
    for transform in (transforms.MelSpectrogram(n_mels=20), transforms.MFCC(n_mfcc=5)):
        for other in (copy.deepcopy(transform), pickle.loads(pickle.dumps(transform))):
            assert type(other) is type(transform)
            assert np.array_equal(other(speech()), transform(speech()))


def test_empty_bands_are_warned_of():
    with pytest.warns(UserWarning, match="At least one mel filterbank has all zero values"):
        transforms.MelSpectrogram(n_mels=300)


def test_an_argument_without_influence_is_warned_of():
    with pytest.warns(UserWarning, match="'onesided' is deprecated"):
        transforms.MelSpectrogram(onesided=True)


def test_pytorch_is_not_imported():
    script = """if True:
        import sys
        import numpy as np
        import ossicle.compat.torchaudio as ours
        ours.compliance.kaldi.fbank(np.ones((1, 500), np.float32))
        ours.transforms.AmplitudeToDB()(ours.transforms.MelSpectrogram()(np.ones((1, 500), "f4")))
        assert not {"torch", "torchaudio", "librosa", "scipy"} & set(sys.modules)
        """
    subprocess.run([sys.executable, "-c", script], check=True)
