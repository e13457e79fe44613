"""ossicle.compat.lhotse beside what lhotse itself answered: goldens/lhotse.npz."""

import pathlib
import pickle
import subprocess
import sys
import types

import calls
import lhotse_calls
import numpy as np
import ossicle
import ossicle.compat.lhotse as ours
import pytest

GOLDENS = np.load(pathlib.Path(__file__).parent / "goldens" / "lhotse.npz")
CALLS = lhotse_calls.calls()
# Both compute in float32: of logarithms of energies, of 300 narrow bands and of cepstra.
TOLERANCE, NARROW = 1e-3, 2e-3
# lhotse raises a bare Exception.
REPLACED = {"raises Exception": "raises ValueError"}

warned = pytest.mark.filterwarnings("ignore:with snip_edges=True")


@warned
@pytest.mark.parametrize("name", CALLS)
def test_a_call_gives_what_lhotse_gives(name):
    tolerance = NARROW if "=300" in name or name.startswith("Mfcc") else TOLERANCE
    calls.assert_as_stored(GOLDENS, name, CALLS[name], ours, tolerance=tolerance, replaced=REPLACED)


def test_no_golden_is_left_over():
    assert {key.rpartition("/")[0] for key in GOLDENS.files} - {""} == set(CALLS)
    assert str(GOLDENS["version"]) == "1.33.0" and "lhotse 1.33.0" in ours.__doc__


@pytest.mark.parametrize("kind, values, named", [
    ("Fbank", {"window_type": "blackman"}, "window_type='blackman'"),
    ("Fbank", {"torchaudio_compatible_mel_scale": False}, "torchaudio_compatible_mel_scale=False"),
    ("Fbank", {"use_energy": True, "raw_energy": False}, "raw_energy=False"),
    ("Fbank", {"preemph_coeff": 1.5}, "preemph_coeff=1.5"),
    ("Fbank", {"frame_shift": 0.03}, "frame_shift=0.03"),
    ("Fbank", {"frame_length": 370 / 16000, "round_to_power_of_two": False}, "=370"),
    ("Mfcc", {"use_energy": True}, "use_energy=True"),
    ("Mfcc", {"num_ceps": 24}, "num_ceps=24"),
])
def test_what_is_not_served_is_named(kind, values, named):
    with pytest.raises(NotImplementedError) as raised:
        getattr(ours, kind)(getattr(ours, f"{kind}Config")(**values))
    assert named in str(raised.value)


def test_a_nan_is_an_error():
    with pytest.raises(ossicle.NotFiniteError):
        ours.Fbank().extract(np.full(4000, np.nan, np.float32), 16000)


def test_dither_is_noise_of_its_deviation():
    silence = np.zeros(80000, np.float32)
    features = [ours.Fbank(ours.FbankConfig(dither=dither)).extract(silence, 16000)
                for dither in (1e-2, 1e-1)]
    difference = features[1] - features[0]
    assert abs(difference.mean() - 2 * np.log(10)) < 1e-3
    assert features[1].std() > 0.3


def test_a_shorter_clip_of_a_batch_ends_in_zeros():
    short, long = lhotse_calls.noise(2000), lhotse_calls.noise(4000)
    extractor = ours.Fbank()
    found = extractor.extract_batch([short, long], 16000)
    padded = np.concatenate([short, np.zeros(2000, np.float32)])
    np.testing.assert_array_equal(found[0], extractor.extract(padded, 16000)[:len(found[0])])


def test_snip_edges_warns():
    with pytest.warns(UserWarning, match="snip_edges"):
        ours.FbankConfig(snip_edges=True)


@pytest.mark.parametrize("kind", ["Fbank", "Mfcc"])
def test_an_extractor_pickles_and_converts(kind):
    extractor = getattr(ours, kind)()
    samples = lhotse_calls.noise()
    wanted = extractor.extract(samples, 16000)
    for copy in (pickle.loads(pickle.dumps(extractor)),
                 type(extractor).from_dict(extractor.to_dict())):
        np.testing.assert_array_equal(copy.extract(samples, 16000), wanted)


# A stand-in for torch, which the tests' environment lacks.


class Tensor:
    def __init__(self, array):
        self.array, self.shape, self.ndim = array, array.shape, array.ndim

    def detach(self):
        return self

    cpu = detach

    def numpy(self):
        return self.array

    def to(self, device):
        self.device = device
        return self

    def squeeze(self):
        return Tensor(self.array.squeeze())

    def __len__(self):
        return len(self.array)

    def __iter__(self):
        return map(Tensor, self.array)


@pytest.fixture
def torch(monkeypatch):
    module = types.SimpleNamespace(Tensor=Tensor, from_numpy=Tensor)
    monkeypatch.setitem(sys.modules, "torch", module)


def test_a_tensor_gives_a_tensor(torch):
    extractor = ours.Fbank()
    extractor.to("cuda:1")
    samples = lhotse_calls.noise()
    found = extractor.extract(Tensor(samples), 16000)
    assert isinstance(found, Tensor) and found.device == extractor.device == "cuda:1"
    np.testing.assert_array_equal(found.array, extractor.extract(samples, 16000))
    batch = extractor.extract_batch([Tensor(samples), samples[:2000]], 16000)
    assert [type(each) for each in batch] == [Tensor, Tensor]


def test_lengths_go_with_a_tensor_and_give_arrays(torch):
    rows = lhotse_calls.noise(6000).reshape(2, 3000)
    found = ours.Fbank().extract_batch(Tensor(rows), 16000, lengths=[3000, 1000])
    assert [type(each) for each in found] == [np.ndarray, np.ndarray]
    for row, count, features in zip(rows, (19, 6), found):
        np.testing.assert_array_equal(features, ours.Fbank().extract(row, 16000)[:count])


# A stand-in for lhotse, which needs torch.

REGISTERS = """
import lhotse.features.base as base
import ossicle.compat.lhotse as ours
for kind, name in ((ours.Fbank, "kaldi-fbank"), (ours.Mfcc, "kaldi-mfcc")):
    assert base.REGISTERED[name] is kind
    assert issubclass(kind, base.FeatureExtractor)
assert ours.Fbank().inherited() == 80
"""
BASE = """
REGISTERED = {}
class FeatureExtractor:
    def __init__(self, config=None):
        self.config = self.config_type() if config is None else config
    def inherited(self):
        return self.feature_dim(16000)
def register_extractor(kind):
    REGISTERED[kind.name] = kind
    return kind
"""


def test_the_extractors_register_where_lhotse_is(tmp_path):
    folder = tmp_path / "lhotse" / "features"
    folder.mkdir(parents=True)
    (tmp_path / "lhotse" / "__init__.py").touch()
    (folder / "__init__.py").touch()
    (folder / "base.py").write_text(BASE)
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r})" + REGISTERS
    subprocess.run([sys.executable, "-c", code], check=True)
