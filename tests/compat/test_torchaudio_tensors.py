"""ossicle.compat.torchaudio beside torchaudio itself, of tensors; skipped where there is none."""

import copy
import pickle

import numpy as np
import ossicle.compat.torchaudio as ours
import pytest
import torchaudio_cases

torch = pytest.importorskip("torch")
torchaudio = pytest.importorskip("torchaudio")

from test_torchaudio import assert_agrees  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore")
WINDOWS = {name: getattr(torch, name) for name in torchaudio_cases.WINDOW_FUNCTIONS}
TRANSFORMS = [name for name in torchaudio_cases.CALLS if not name.islower()]


def speech():
    return torch.from_numpy(torchaudio_cases.inputs()["speech"])


@pytest.mark.parametrize("case", torchaudio_cases.cases(), ids=str)
def test_each_call_of_a_tensor_gives_what_torchaudio_gives(case):
    tensor = torch.from_numpy(case.samples())
    wanted = case.result(torchaudio, tensor, WINDOWS)
    found = case.result(ours, tensor, WINDOWS)
    assert isinstance(found, torch.Tensor)
    assert_agrees(case, found.numpy(), wanted.numpy())


@pytest.mark.parametrize("call", ["fbank", "mfcc"])
def test_float64_tensors_agree_as_near_as_torchaudio_s_float32_bank_allows(call):
    case = torchaudio_cases.Case(call, {})
    tensor = torch.from_numpy(case.samples()).double()
    found, wanted = case.result(ours, tensor, {}), case.result(torchaudio, tensor, {})
    assert_agrees(case, found.numpy(), wanted.numpy())


def test_transforms_are_modules():
    both = [torch.nn.Sequential(kind.MelSpectrogram(), kind.AmplitudeToDB(top_db=80)).eval()
            for kind in (ours.transforms, torchaudio.transforms)]
    assert (both[0](speech()) - both[1](speech())).abs().max() < 1e-2
    for name in TRANSFORMS:
        made = getattr(ours.transforms, name)()
        assert isinstance(made, torch.nn.Module)
        assert isinstance(made, getattr(ours.transforms, name))
        assert not made.state_dict()
    assert list(dict(ours.transforms.MFCC().named_children())) == ["amplitude_to_DB",
                                                                   "MelSpectrogram"]


@pytest.mark.parametrize("name", TRANSFORMS)
def test_modules_can_be_copied_and_pickled(name):
    transform = getattr(ours.transforms, name)()
    for other in (copy.deepcopy(transform), pickle.loads(pickle.dumps(transform))):
        assert type(other) is type(transform)
        assert torch.equal(other(speech()), transform(speech()))


def test_hooks_of_a_module_are_called():
    called = []
    transform = ours.transforms.MelSpectrogram()
    transform.register_forward_hook(lambda *arguments: called.append(arguments))
    transform(speech())
    assert len(called) == 1


def test_gradients_of_decibels_are_those_of_torchaudio():
    gradients = []
    for kind in (ours.transforms, torchaudio.transforms):
        powers = torch.from_numpy(torchaudio_cases.inputs()["power"]).requires_grad_()
        kind.AmplitudeToDB(top_db=30)(powers).sum().backward()
        gradients.append(powers.grad)
    assert torch.equal(*gradients)


def test_the_tensor_that_came_in_is_left_as_it_was():
    powers = torch.from_numpy(torchaudio_cases.inputs()["power"])
    kept = powers.clone()
    ours.transforms.AmplitudeToDB(top_db=30)(powers)
    assert torch.equal(powers, kept)


def test_what_is_not_served_of_a_tensor_is_named():
    for call in (ours.compliance.kaldi.fbank, ours.compliance.kaldi.mfcc,
                 ours.transforms.MelSpectrogram(), ours.transforms.MFCC()):
        with pytest.raises(NotImplementedError, match="requires_grad"):
            call(speech().requires_grad_())
        with pytest.raises(NotImplementedError, match="device"):
            call(speech().to("meta"))
        with pytest.raises(NotImplementedError, match="dtype"):
            call(speech().bfloat16())
        with torch.no_grad():
            assert np.isfinite(call(speech().requires_grad_()).numpy()).all()


def test_dither_is_distributed_as_torchaudio_s():
    silence = torch.zeros(1, 160000)
    found, wanted = (module.compliance.kaldi.fbank(silence, dither=1.0)
                     for module in (ours, torchaudio))
    assert (found.mean(0) - wanted.mean(0)).abs().max() < 0.2
    assert (found.std(0) - wanted.std(0)).abs().max() < 0.2
