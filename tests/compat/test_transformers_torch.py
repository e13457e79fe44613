"""ossicle.compat.transformers beside what transformers gave with PyTorch and torchaudio, which
compute then; and so the stand-in for PyTorch that the other tests use."""

import types

import numpy as np
import ossicle.compat.transformers as ours
import pytest
from extractor_cases import ALL, BARS
from ossicle.compat import whisper
from transformers_golden import CASES, PATH, answer, batch
from transformers_originals import original

pytestmark = pytest.mark.filterwarnings("ignore:At least one mel filter has all zero")


def originals():
    return types.SimpleNamespace(**{name: original(name) for name in ALL})


def assert_near(case, found):
    wanted = np.load(PATH)[case]
    assert (found.dtype, found.shape) == (wanted.dtype, wanted.shape)
    # PyTorch computes in float32, as Ossicle does.
    bars = BARS[CASES[case][0]] if case in CASES else BARS["WhisperFeatureExtractor"]
    difference = np.abs(found - wanted)
    assert difference.mean() <= 2 * bars[0] and difference.max() <= 2 * bars[1]


@pytest.mark.parametrize("case", CASES)
def test_features_are_those_that_pytorch_gave(case):
    assert_near(case, answer(ours, case))


@pytest.mark.parametrize("case", CASES)
def test_the_originals_without_pytorch_give_what_they_gave_with_it(case):
    assert_near(case, answer(originals(), case))


def test_signals_together_are_those_that_openai_whisper_gave():
    assert_near("openai-whisper", whisper.log_mel_spectrogram(batch()))
