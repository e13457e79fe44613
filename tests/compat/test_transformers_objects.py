"""What ossicle.compat.transformers gives is taken where transformers expects its own."""

import copy
import json
import pickle
import subprocess
import sys
from collections import UserDict
from collections.abc import Mapping

import numpy as np
import ossicle.compat.transformers as ours
import pytest
import transformers
from extractor_cases import ALL, SEAMLESS, assert_close, pair, speech
from transformers.feature_extraction_sequence_utils import SequenceFeatureExtractor
from transformers.utils import PaddingStrategy, TensorType


@pytest.mark.parametrize("name", ALL)
def test_an_extractor_passes_for_that_of_transformers(name):
    found, wanted = pair(name)
    assert isinstance(found, type(wanted)) and isinstance(found, SequenceFeatureExtractor)
    assert isinstance(found, getattr(ours, name))
    assert not any(isinstance(found, type(pair(other)[1])) for other in ALL if other != name)
    assert type(found) is getattr(ours, name)


def test_a_result_passes_for_that_of_transformers():
    batch = ours.BatchFeature({"input_features": [1]})
    assert isinstance(batch, transformers.BatchFeature)
    assert isinstance(batch, ours.BatchFeature) and isinstance(batch, UserDict)
    assert isinstance(batch, Mapping) and type(batch) is ours.BatchFeature


pytestmark = pytest.mark.filterwarnings("ignore:At least one mel filter has all zero")

ALONE = """
import sys
import numpy as np
import ossicle.compat.transformers as ours
import ossicle.compat.whisper
batch = ours.WhisperFeatureExtractor(chunk_length=1)(np.ones(9000, np.float32), return_tensors="np")
assert isinstance(batch, ours.BatchFeature) and batch.input_features.shape == (1, 80, 100)
others = {"transformers", "huggingface_hub", "torch", "librosa", "scipy"} & set(sys.modules)
assert not others, others
"""
AFTERWARDS = """
import transformers
assert isinstance(batch, transformers.BatchFeature)
assert isinstance(ours.WhisperFeatureExtractor(), transformers.WhisperFeatureExtractor)
assert isinstance(ours.ASTFeatureExtractor(), transformers.SequenceFeatureExtractor)
"""


@pytest.mark.parametrize("program", [ALONE, ALONE + AFTERWARDS], ids=["alone", "afterwards"])
def test_transformers_is_not_imported_and_may_be_afterwards(program):
    subprocess.run([sys.executable, "-W", "error::SyntaxWarning", "-c", program], check=True)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy,
                                    lambda each: pickle.loads(pickle.dumps(each))])
def test_a_copy_is_an_extractor_of_the_same_kind(name, copied):
    found, _ = pair(name)
    again = copied(found)
    assert type(again) is type(found) and vars(again) == vars(found)
    one, other = (each(speech("short")[0], sampling_rate=16000) for each in (found, again))
    key = found.model_input_names[0]
    assert np.array_equal(one[key], other[key])
    assert list(copied(one)) == list(one)


def test_a_processor_of_transformers_takes_an_extractor(tmp_path):
    (tmp_path / "vocab.json").write_text(json.dumps({"<|endoftext|>": 0, "a": 1}))
    (tmp_path / "merges.txt").write_text("#version: 0.2\n")
    tokenizer = transformers.WhisperTokenizer(tmp_path / "vocab.json", tmp_path / "merges.txt")
    extractor = ours.WhisperFeatureExtractor(feature_size=96)
    processor = transformers.WhisperProcessor(extractor, tokenizer)
    batch = processor(audio=speech("short")[0], sampling_rate=16000, return_tensors="np")
    assert batch.input_features.shape == (1, 96, 3000)
    processor.save_pretrained(tmp_path / "processor")
    again = transformers.WhisperFeatureExtractor.from_pretrained(tmp_path / "processor")
    assert (again.feature_size, again._processor_class) == (96, "WhisperProcessor")


@pytest.mark.parametrize("tensors", [TensorType.NUMPY, "np"])
@pytest.mark.parametrize("padding", [PaddingStrategy.LONGEST, "longest"])
def test_the_enumerations_of_transformers_are_taken(tensors, padding):
    batch = pair(SEAMLESS)[0](speech(), padding=padding, return_tensors=tensors)
    assert isinstance(batch.input_features, np.ndarray)


def rows(*lengths, columns=80):
    rng = np.random.default_rng(0)
    return [rng.standard_normal((length, columns)) for length in lengths]


@pytest.mark.parametrize("arguments", [
    {}, {"padding": False}, {"padding": "max_length", "max_length": 9},
    {"padding": "max_length", "max_length": 4, "truncation": True}, {"pad_to_multiple_of": 4},
    {"return_attention_mask": False}, {"return_attention_mask": True}, {"return_tensors": "np"},
    {"max_length": 5, "truncation": True, "pad_to_multiple_of": 3}], ids=str)
@pytest.mark.parametrize("features", [
    lambda: {"input_features": rows(3, 7)},
    lambda: {"input_features": [each.astype(np.float32) for each in rows(6, 6)]},
    lambda: [{"input_features": each, "labels": [1, 2]} for each in rows(3, 7)],
    lambda: {"input_features": [each.tolist() for each in rows(3, 7)]},
    lambda: {"input_features": rows(3, 7), "attention_mask": [np.ones(3, int), np.ones(7, int)]},
    lambda: {"input_features": []}, lambda: {"input_features": rows(3, 7), "labels": [1]},
    lambda: {"labels": [1, 2]}])
@pytest.mark.parametrize("side", ["right", "left"])
def test_pad_gives_what_that_of_transformers_gives(arguments, features, side):
    results = []
    for kind in (ours.SeamlessM4TFeatureExtractor, transformers.SeamlessM4TFeatureExtractor):
        extractor = kind(padding_side=side, padding_value=0.5)
        try:
            results.append(dict(extractor.pad(features(), **arguments)))
        except ValueError:
            results.append({})
    found, wanted = results
    assert list(found) == list(wanted)
    for key, value in wanted.items():
        assert_close(found[key], value, (0.0, 0.0), key)


def test_a_batch_is_a_dictionary_with_attributes():
    for kind in (ours.BatchFeature, transformers.BatchFeature):
        batch = kind({"input_features": [[1.0, 2.0]], "labels": [3]}, "np")
        assert np.array_equal(batch.input_features, batch["input_features"])
        assert list(batch.keys()) == ["input_features", "labels"]
        with pytest.raises(KeyError):
            batch[0]
        with pytest.raises(AttributeError):
            batch.missing()
        again = pickle.loads(pickle.dumps(batch))
        assert type(again) is kind and np.array_equal(again.labels, [3])
        assert list({**batch}) == ["input_features", "labels"]


def test_rows_of_different_lengths_make_an_array_of_arrays():
    for kind in (ours.BatchFeature, transformers.BatchFeature):
        values = kind({"values": [[1.0], [1.0, 2.0]]}, "np")["values"]
        assert values.dtype == object and [len(each) for each in values] == [1, 2]


def test_tensors_of_pytorch_need_pytorch():
    for kind in (ours.BatchFeature, transformers.BatchFeature):
        with pytest.raises(ImportError, match="PyTorch"):
            kind({"values": [1.0]}, "pt")
