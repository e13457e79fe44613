"""ossicle.compat.librosa beside librosa 0.11.0, argument by argument."""

import inspect
import warnings

import librosa
import numpy as np
import ossicle.compat.librosa as ours
import pytest
import signals

RATE_HZ = 16000
# Both round to float32: of the largest band of a frame, and of the largest coefficient of a signal.
ENERGY, CEPSTRUM = 3e-6, 4e-6
# Samples enter as float32.
DOUBLE_ENERGY, DOUBLE_CEPSTRUM = 2e-7, 2e-8
DB = {np.float32: 3e-5, np.float64: 1e-12}  # a few units in the last place of 100 dB

ANALYSES = [
    {}, {"sr": 22050}, {"sr": 8000.0},
    *[{"n_fft": n} for n in (256, 375, 400, 1024)],
    *[{"hop_length": n} for n in (None, 100, 1000)],
    *[{"win_length": n} for n in (1, 400, 1001)],
    *[{"window": w} for w in ("hamming", "boxcar", ("hann",), np.hanning, np.hamming,
                              np.ones(2048), list(np.hanning(2048)))],
    {"center": False}, {"pad_mode": "reflect"}, {"pad_mode": "symmetric"},
    {"center": False, "pad_mode": "wrap"}, {"power": 1}, {"power": 2},
    {"n_mels": 1}, {"n_mels": 40}, {"n_mels": 20.7}, {"n_mels": 300},
    {"fmin": 50}, {"fmax": 7600}, {"fmin": 1000.5, "fmax": 1500.5},
    {"htk": True}, {"dtype": np.float64}, {"dtype": "float32"},
]
NORMS = [None, "slaney", 1, 2, 0.5, 0, np.inf, -np.inf]
CEPSTRA = [
    {}, {"n_mfcc": 1}, {"n_mfcc": 128}, {"n_mfcc": 200}, {"n_mfcc": np.int64(13)},
    *[{"dct_type": kind, "norm": norm}
      for kind in (1, 2, 3, 4) for norm in (None, "ortho", "backward", "forward")],
    {"lifter": 22}, {"lifter": 0.5}, {"lifter": 40, "n_mfcc": 30, "dct_type": 3},
]


@pytest.fixture(autouse=True)
def quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def speech(count=8001):
    return signals.short_speech(RATE_HZ)["speech"][:count]


def both(call, **arguments):
    wanted = getattr(librosa.feature, call)(**arguments)
    found = getattr(ours.feature, call)(**arguments)
    assert (found.shape, found.dtype) == (wanted.shape, wanted.dtype)
    return found.astype(np.float64), wanted.astype(np.float64)


def assert_energies_agree(bound=ENERGY, **arguments):
    found, wanted = both("melspectrogram", **arguments)
    largest = wanted.max(axis=-2, keepdims=True)
    assert np.all(np.abs(found - wanted) <= bound * largest)


def assert_cepstra_agree(bound=CEPSTRUM, **arguments):
    found, wanted = both("mfcc", **arguments)
    assert np.abs(found - wanted).max() <= bound * np.abs(wanted).max()


@pytest.mark.parametrize("name", ["melspectrogram", "mfcc"])
def test_signature_is_that_of_librosa(name):
    def parameters(module):
        signature = inspect.signature(getattr(module.feature, name))
        return [(p.name, p.kind, p.default) for p in signature.parameters.values()]
    assert parameters(ours) == parameters(librosa)


@pytest.mark.parametrize("name", ["power_to_db", "amplitude_to_db"])
def test_signature_of_decibels_is_that_of_librosa(name):
    def parameters(module):
        signature = inspect.signature(getattr(module, name))
        return [(p.name, p.kind, p.default) for p in signature.parameters.values()]
    assert parameters(ours) == parameters(librosa)


@pytest.mark.parametrize("arguments", ANALYSES, ids=str)
def test_each_argument_of_the_analysis_gives_what_librosa_gives(arguments):
    arguments = {"y": speech(), "sr": RATE_HZ, **arguments}
    assert_energies_agree(**arguments)
    assert_cepstra_agree(**arguments)


@pytest.mark.parametrize("norm", NORMS, ids=str)
def test_each_norm_of_the_bands_gives_what_librosa_gives(norm):
    assert_energies_agree(y=speech(), sr=RATE_HZ, norm=norm)
    assert_cepstra_agree(y=speech(), sr=RATE_HZ, mel_norm=norm)


@pytest.mark.parametrize("arguments", CEPSTRA, ids=str)
def test_each_argument_of_the_cepstrum_gives_what_librosa_gives(arguments):
    assert_cepstra_agree(y=speech(), sr=RATE_HZ, **arguments)
    spectrum = librosa.power_to_db(librosa.feature.melspectrogram(y=speech()))
    assert_cepstra_agree(S=spectrum, **arguments)
    assert_cepstra_agree(S=spectrum.astype(np.float64), bound=1e-14, **arguments)


@pytest.mark.parametrize("name", [*signals.made(RATE_HZ), "speech"])
def test_each_signal_gives_what_librosa_gives(name):
    samples = {**signals.made(RATE_HZ), "speech": speech(32123)}[name]
    assert_energies_agree(y=samples, sr=RATE_HZ)
    assert_cepstra_agree(y=samples, sr=RATE_HZ)


@pytest.mark.parametrize("count", [0, 1, 2, 1023, 1024, 1025, 2047, 2048, 2049, 4097])
def test_each_length_gives_what_librosa_gives(count):
    for pad_mode in ("constant", "reflect", "symmetric") if count else ("constant",):
        assert_energies_agree(y=signals.noise(count), pad_mode=pad_mode)
        assert_cepstra_agree(y=signals.noise(count), pad_mode=pad_mode)


def test_each_hop_mirrors_the_end_as_librosa_does():
    for hop_length in (16, 31, 32, 40, 64, 100):
        for count in range(33, 300, 7):
            for pad_mode in ("reflect", "symmetric"):
                # Among these are ends that librosa mirrors from one sample too few.
                assert_energies_agree(y=signals.noise(count), sr=RATE_HZ, n_fft=64, n_mels=10,
                                      hop_length=hop_length, pad_mode=pad_mode)


def test_channels_and_batches_keep_their_axes():
    channels = np.stack([speech(), speech()[::-1] * np.float32(1e-3)])
    for samples in (channels, channels[:, np.newaxis], channels[:1], channels[:0]):
        assert_energies_agree(y=samples)
        if samples.size:
            assert_cepstra_agree(y=samples)


def test_strided_and_read_only_samples_give_what_librosa_gives():
    for samples in (speech()[::-1], speech()[::2], np.broadcast_to(speech(), (2, 8001))):
        assert_energies_agree(y=samples)


def test_float64_samples_give_float64_features():
    for samples in (speech().astype(np.float64), np.random.default_rng(2).standard_normal(9000)):
        assert_energies_agree(y=samples, bound=DOUBLE_ENERGY)
        assert_energies_agree(y=samples, dtype=np.float64, bound=DOUBLE_ENERGY)
        assert_cepstra_agree(y=samples, bound=DOUBLE_CEPSTRUM)
    # These samples are float32 ones: nothing of them is lost.
    assert_energies_agree(y=speech().astype(np.float64), dtype=np.float64, bound=1e-12)


def test_other_floats_give_float32_features():
    assert_energies_agree(y=speech().astype(np.float16))
    assert_energies_agree(y=speech().astype(np.longdouble))


def test_a_spectrum_instead_of_samples_gives_what_librosa_gives():
    spectrum = np.abs(librosa.stft(speech())) ** 2
    for given in (spectrum, np.stack([spectrum, spectrum[::-1]]), spectrum.astype(np.float64),
                  np.ones((1025, 3), int), np.ones((1024, 3))):
        for arguments in ({}, {"n_fft": 512}, {"n_fft": None}, {"htk": True, "norm": 2},
                          {"n_mels": 17, "norm": None, "fmin": 100, "dtype": np.float64}):
            assert_energies_agree(S=given, **arguments)


def test_random_combinations_give_what_librosa_gives():
    rng = np.random.default_rng(8)

    def draw(*choices):
        return choices[rng.integers(len(choices))]

    for _ in range(60):
        n_fft = int(draw(256, 375, 512, 800, 2048))
        frames = {"n_fft": n_fft, "hop_length": int(rng.integers(n_fft // 5, n_fft)),
                  "win_length": draw(None, n_fft - int(rng.integers(n_fft // 2))),
                  "window": draw("hann", "hamming", "boxcar", np.hanning),
                  "center": bool(draw(True, False)), "power": draw(1.0, 2.0),
                  "pad_mode": draw("constant", "reflect", "symmetric")}
        bands = {"n_mels": int(rng.integers(2, 80)), "fmin": draw(0, 30.5),
                 "fmax": draw(None, 7000), "htk": bool(draw(True, False)),
                 "dtype": draw(np.float32, np.float64)}
        samples = draw(speech(), speech(3001), signals.noise(5000)).astype(
            draw(np.float32, np.float64))
        norm = NORMS[rng.integers(len(NORMS))]
        given = {"y": samples, "sr": draw(16000, 22050, 48000), **frames, **bands}
        assert_energies_agree(norm=norm, **given)
        assert_cepstra_agree(mel_norm=norm, n_mfcc=int(rng.integers(1, bands["n_mels"] + 1)),
                             dct_type=draw(2, 3, 4), norm=draw(None, "ortho"),
                             lifter=draw(0, 22), **given)


@pytest.mark.parametrize("call, power", [("power_to_db", 2), ("amplitude_to_db", 1)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("arguments", [
    {}, {"ref": 0.5}, {"ref": -2}, {"ref": np.max}, {"ref": np.median}, {"ref": 0.0},
    {"ref": lambda S: S.mean(axis=-1, keepdims=True)}, {"amin": 1e-3}, {"top_db": None},
    {"top_db": 0}, {"top_db": 30}, {"top_db": 60.5, "ref": np.max, "amin": 1e-6},
], ids=str)
def test_decibels_are_those_of_librosa(call, power, dtype, arguments):
    spectrum = np.abs(librosa.stft(speech())) ** power
    spectrum[:, :2] = 0
    for values in (spectrum, np.ascontiguousarray(spectrum), spectrum[::2, ::3],
                   np.stack([spectrum, spectrum]), spectrum[:0 + 1, :1]):
        values = values.astype(dtype)
        given = values.copy()
        found = getattr(ours, call)(values, **arguments)
        wanted = getattr(librosa, call)(values, **arguments)
        assert (found.shape, found.dtype) == (wanted.shape, wanted.dtype)
        assert np.abs(found - wanted).max() <= DB[dtype]
        assert np.array_equal(values, given)


@pytest.mark.parametrize("call", ["power_to_db", "amplitude_to_db"])
@pytest.mark.parametrize("values", [3.0, 0, [1, 2, 300], np.arange(5), np.float64(2),
                                    np.array([3 + 4j, 0]), np.float32(0.25)], ids=str)
def test_decibels_of_numbers_lists_and_complex_values_are_those_of_librosa(call, values):
    found, wanted = getattr(ours, call)(values), getattr(librosa, call)(values)
    assert (np.shape(found), np.asarray(found).dtype) == (np.shape(wanted),
                                                          np.asarray(wanted).dtype)
    assert np.abs(found - wanted).max() <= DB[np.float32]


def test_decibels_relative_to_the_peak_end_at_0_and_at_top_db_exactly():
    decibels = ours.power_to_db(np.abs(librosa.stft(speech())) ** 2, ref=np.max)
    assert (decibels.max(), decibels.min()) == (0, -80)


@pytest.mark.parametrize("arguments", [
    {"y": None}, {"y": [0.5]}, {"y": np.zeros(9, int)}, {"y": np.float32(1)},
    {"y": np.array([0.5, np.nan], np.float32)}, {"y": np.array([0.5, np.inf])},
    {"n_fft": None}, {"hop_length": 0}, {"hop_length": -5}, {"hop_length": 512.0},
    {"win_length": 3000}, {"center": False, "n_fft": 16000}, {"window": np.ones(5)},
    *[{"pad_mode": mode} for mode in ("wrap", "maximum", "mean", "median", "minimum")],
    {"norm": "area"}, {"norm": -1}, {"fmox": 1},
    {"y": np.zeros(0, np.float32), "pad_mode": "reflect"},
], ids=str)
def test_what_librosa_refuses_is_refused(arguments):
    arguments = {"y": speech(), **arguments}
    with pytest.raises(Exception) as wanted:
        librosa.feature.melspectrogram(**arguments)
    with pytest.raises(Exception) as found:
        ours.feature.melspectrogram(**arguments)
    assert found.type.__name__ == wanted.type.__name__


@pytest.mark.parametrize("arguments", [
    {"lifter": -1}, {"dct_type": 5}, {"dct_type": 0}, {"norm": "slaney"}, {"fmox": 1},
    {"lifter": 22, "n_mfcc": 200}], ids=str)
def test_what_librosa_refuses_of_a_cepstrum_is_refused(arguments):
    with pytest.raises(Exception) as wanted:
        librosa.feature.mfcc(y=speech(), **arguments)
    with pytest.raises(Exception) as found:
        ours.feature.mfcc(y=speech(), **arguments)
    assert found.type.__name__ == wanted.type.__name__


@pytest.mark.parametrize("arguments", [{"amin": 0}, {"top_db": -1}], ids=str)
def test_what_librosa_refuses_of_decibels_is_refused(arguments):
    for call in ("power_to_db", "amplitude_to_db"):
        with pytest.raises(librosa.ParameterError):
            getattr(librosa, call)(np.ones(3), **arguments)
        with pytest.raises(ours.ParameterError):
            getattr(ours, call)(np.ones(3), **arguments)


@pytest.mark.parametrize("arguments", [
    {"power": 3}, {"power": 0.5}, {"window": "blackman"}, {"window": ("kaiser", 4.0)},
    {"window": 3.0}, {"window": np.blackman}, {"pad_mode": "edge"}, {"pad_mode": "linear_ramp"},
    {"pad_mode": np.pad}, {"n_fft": 2038}, {"n_fft": 1}, {"win_length": 0}, {"sr": 22050.5},
    {"fmax": 20000}, {"fmin": -5}, {"fmin": 12000}, {"n_mels": 0}, {"n_mels": 1025},
    {"dtype": np.float16},
], ids=str)
def test_what_is_not_served_is_named(arguments):
    for call in (ours.feature.melspectrogram, ours.feature.mfcc):
        with pytest.raises(NotImplementedError, match=f"does not serve {next(iter(arguments))}="):
            call(y=speech(), **arguments)


@pytest.mark.parametrize("arguments, warning", [
    ({"n_fft": 16000}, "n_fft=16000 is too large for input signal of length=8001"),
    ({"n_mels": 900}, "Empty filters detected in mel frequency basis"),
], ids=str)
def test_what_librosa_warns_of_is_warned_of(arguments, warning):
    for module in (librosa, ours):
        with pytest.warns(UserWarning, match=warning):
            module.feature.melspectrogram(y=speech(), **arguments)


@pytest.mark.parametrize("call", ["power_to_db", "amplitude_to_db"])
def test_a_lost_phase_is_warned_of(call):
    for module in (librosa, ours):
        with pytest.warns(UserWarning, match=f"{call} was called on complex input"):
            getattr(module, call)(np.ones(3, complex))
