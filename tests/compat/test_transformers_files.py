"""Feature extractors of ossicle.compat.transformers and of transformers read each other's files."""

import json

import numpy as np
import ossicle.compat.transformers as ours
import pytest
import transformers
from extractor_cases import ALL, AST, CLAP, SEAMLESS, SPEECH2TEXT, WHISPER
from transformers_originals import original

pytestmark = pytest.mark.filterwarnings("ignore:At least one mel filter has all zero")

FILE = "preprocessor_config.json"
CONFIGURED = [
    *[(name, {}) for name in ALL],
    *[(name, {"processor_class": "AnyProcessor", "my_own": [1, {"a": None}]}) for name in ALL],
    (WHISPER, {"feature_size": 128, "chunk_length": 20, "dither": 0.5, "padding_side": "left"}),
    (AST, {"num_mel_bins": 64, "mean": -1.5, "return_attention_mask": True}),
    (CLAP, {"truncation": "rand_trunc", "top_db": 80, "frequency_max": 8000}),
    (SEAMLESS, {"stride": 3, "return_attention_mask": False}),
    (SPEECH2TEXT, {"normalize_vars": False, "padding_value": 1.0}),
]
configured = pytest.mark.parametrize(("name", "arguments"), CONFIGURED)


def both(name, arguments):
    return getattr(ours, name)(**arguments), original(name)(**arguments)


@configured
def test_a_saved_file_is_that_of_the_original(name, arguments, tmp_path):
    files = []
    for number, extractor in enumerate(both(name, arguments)):
        paths = extractor.save_pretrained(tmp_path / str(number))
        assert paths == [str(tmp_path / str(number) / FILE)]
        files.append((tmp_path / str(number) / FILE).read_bytes())
    assert files[0] == files[1]


@configured
def test_each_loads_what_the_other_saved(name, arguments, tmp_path):
    found, wanted = both(name, arguments)
    found.save_pretrained(tmp_path / "ours")
    wanted.save_pretrained(tmp_path / "theirs")
    ours_again = getattr(ours, name).from_pretrained(tmp_path / "theirs")
    theirs_again = original(name).from_pretrained(tmp_path / "ours")
    assert ours_again.to_json_string() == theirs_again.to_json_string()
    assert ours_again.to_dict() == theirs_again.to_dict()
    assert repr(ours_again) == repr(theirs_again)


@configured
def test_the_attributes_are_those_of_the_original(name, arguments):
    found, wanted = both(name, arguments)
    hidden = {"mel_filters", "mel_filters_slaney", "window"}  # what they are made from, here
    assert set(vars(found)) == set(vars(wanted))
    for key in set(vars(found)) - hidden:
        assert getattr(found, key) == getattr(wanted, key), key
    assert found.model_input_names == wanted.model_input_names


def test_the_automatic_class_of_transformers_loads_a_saved_file(tmp_path):
    ours.SeamlessM4TFeatureExtractor(stride=3).save_pretrained(tmp_path)
    found = transformers.AutoFeatureExtractor.from_pretrained(tmp_path)
    assert type(found) is transformers.SeamlessM4TFeatureExtractor
    assert found.stride == 3


def load_both(place, **arguments):
    return [each.WhisperFeatureExtractor.from_pretrained(place, **arguments)
            for each in (ours, transformers)]


def test_arguments_replace_what_is_in_the_file(tmp_path):
    ours.WhisperFeatureExtractor(feature_size=128).save_pretrained(tmp_path)
    for found, unused in load_both(tmp_path, hop_length=200, other=3, return_unused_kwargs=True):
        assert (found.feature_size, found.hop_length, found.nb_max_frames) == (128, 200, 2400)
        assert unused == {"other": 3}
    for found in load_both(tmp_path, hop_length=200, other=3, token="secret", revision="main"):
        assert not hasattr(found, "other") and not hasattr(found, "token")


def test_a_file_is_found_by_its_own_path_and_in_a_subfolder(tmp_path):
    ours.WhisperFeatureExtractor(feature_size=96).save_pretrained(tmp_path / "inner")
    for place, arguments in ((tmp_path / "inner" / FILE, {}), (tmp_path, {"subfolder": "inner"})):
        assert [each.feature_size for each in load_both(place, **arguments)] == [96, 96]
    found = ours.WhisperFeatureExtractor.from_json_file(tmp_path / "inner" / FILE)
    assert found.feature_size == 96


def test_the_file_of_a_processor_serves_where_there_is_no_other(tmp_path):
    inner = {"feature_size": 96, "feature_extractor_type": "WhisperFeatureExtractor"}
    (tmp_path / "processor_config.json").write_text(json.dumps({"feature_extractor": inner}))
    assert [each.feature_size for each in load_both(tmp_path)] == [96, 96]


def test_a_bank_in_an_old_file_is_made_anew(tmp_path):
    (tmp_path / FILE).write_text(json.dumps({"feature_size": 80, "mel_filters": [[0.0, 1.0]]}))
    for found in load_both(tmp_path):
        assert found(np.ones(16000, np.float32)).input_features.shape == (1, 80, 3000)
        assert "mel_filters" not in found.to_dict()


def test_a_model_of_the_hub_is_found_in_its_cache(tmp_path):
    snapshot = tmp_path / "models--someone--model" / "snapshots" / "0123abcd"
    ours.WhisperFeatureExtractor(feature_size=96).save_pretrained(snapshot)
    refs = tmp_path / "models--someone--model" / "refs"
    refs.mkdir()
    (refs / "main").write_text("0123abcd")
    found = load_both("someone/model", cache_dir=tmp_path, local_files_only=True)
    assert [each.feature_size for each in found] == [96, 96]


def test_what_is_not_there_is_an_os_error(tmp_path):
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / FILE).write_text("{")
    for kind in (ours.WhisperFeatureExtractor, transformers.WhisperFeatureExtractor):
        for place in (tmp_path, tmp_path / "bad"):
            with pytest.raises(OSError):
                kind.from_pretrained(place)
        with pytest.raises(OSError):
            kind.from_pretrained("someone/model", cache_dir=tmp_path, local_files_only=True)
        with pytest.raises(AssertionError):
            kind().save_pretrained(tmp_path / "bad" / FILE)


def test_pushing_to_the_hub_is_not_served(tmp_path):
    with pytest.raises(NotImplementedError, match="push_to_hub=True"):
        ours.WhisperFeatureExtractor().save_pretrained(tmp_path, push_to_hub=True)
