"""Feature extractors to and from preprocessor_config.json."""

import copy
import importlib
import json
import os
from typing import Any

import numpy as np

from ossicle.compat import _served

_FILE, _PROCESSOR_FILE = "preprocessor_config.json", "processor_config.json"
# What an extractor computes from its arguments and therefore does not save.
_COMPUTED = ("mel_filters", "window")
_IGNORED = ("resume_download", "_from_pipeline", "_from_auto", "user_agent")


class Pretrained:
    """Saves and loads the arguments of an extractor as transformers does."""

    def __init__(self, **kwargs: Any) -> None:
        self._processor_class = kwargs.pop("processor_class", None)
        for name, value in kwargs.items():
            setattr(self, name, value)

    def _set_processor_class(self, processor_class: str) -> None:
        self._processor_class = processor_class

    @classmethod
    def from_pretrained(cls, pretrained_model_name_or_path: str | os.PathLike[str],
                        cache_dir: str | os.PathLike[str] | None = None,
                        force_download: bool = False, local_files_only: bool = False,
                        token: str | bool | None = None, revision: str = "main",
                        **kwargs: Any) -> Any:
        """An extractor from a folder or a file that save_pretrained of this class or of
        transformers' wrote, or from a model's name on the Hugging Face Hub, which needs
        huggingface_hub. `kwargs` replace what is in the file; with return_unused_kwargs=True the
        result is (extractor, those that are not in it). Raises OSError if there is no such file."""
        found, kwargs = cls.get_feature_extractor_dict(
            pretrained_model_name_or_path, cache_dir=cache_dir, force_download=force_download,
            local_files_only=local_files_only, token=token, revision=revision, **kwargs)
        return cls.from_dict(found, **kwargs)

    @classmethod
    def get_feature_extractor_dict(
            cls, pretrained_model_name_or_path: str | os.PathLike[str],
            **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The arguments in a file, and those of `kwargs` that do not say where it is."""
        place = str(pretrained_model_name_or_path)
        for name in _IGNORED:
            kwargs.pop(name, None)
        old_token = kwargs.pop("use_auth_token", None)
        hub = {name: kwargs.pop(name, None)
               for name in ("cache_dir", "force_download", "local_files_only", "token", "revision",
                            "subfolder", "proxies")}
        hub["token"] = old_token if hub["token"] is None else hub["token"]
        if os.path.isfile(place):
            path = place
        elif os.path.isdir(place):
            path = _in_folder(os.path.join(place, hub["subfolder"] or ""))
        else:
            path = _from_hub(place, {name: value for name, value in hub.items() if value})
        return _read(path), kwargs

    @classmethod
    def from_dict(cls, feature_extractor_dict: dict[str, Any], **kwargs: Any) -> Any:
        """An extractor of these arguments; `kwargs` as in from_pretrained."""
        return_unused_kwargs = kwargs.pop("return_unused_kwargs", False)
        known = {name: kwargs.pop(name) for name in list(kwargs) if name in feature_extractor_dict}
        extractor = cls(**{**feature_extractor_dict, **known})
        return (extractor, kwargs) if return_unused_kwargs else extractor

    @classmethod
    def from_json_file(cls, json_file: str | os.PathLike[str]) -> Any:
        with open(json_file, encoding="utf-8") as file:
            return cls(**json.load(file))

    def to_dict(self) -> dict[str, Any]:
        """Every attribute, without what is computed from others."""
        saved = {name: value for name, value in self.__dict__.items() if name not in _COMPUTED}
        return {**copy.deepcopy(saved), "feature_extractor_type": type(self).__name__}

    def to_json_string(self) -> str:
        found = {name: value.tolist() if isinstance(value, np.ndarray) else value
                 for name, value in self.to_dict().items()}
        processor = found.pop("_processor_class", None)
        if processor is not None:
            found["processor_class"] = processor
        return json.dumps(found, indent=2, sort_keys=True) + "\n"

    def to_json_file(self, json_file_path: str | os.PathLike[str]) -> None:
        with open(json_file_path, "w", encoding="utf-8") as file:
            file.write(self.to_json_string())

    def save_pretrained(self, save_directory: str | os.PathLike[str], push_to_hub: bool = False,
                        **kwargs: Any) -> list[str]:
        """Writes preprocessor_config.json into a folder, which is made; gives its path."""
        if push_to_hub:
            raise _served.unserved("save_pretrained", "push_to_hub", True,
                                   "False; huggingface_hub uploads the folder")
        if os.path.isfile(save_directory):
            raise AssertionError(f"{save_directory} is a file; give a folder")
        os.makedirs(save_directory, exist_ok=True)
        path = os.path.join(save_directory, _FILE)
        self.to_json_file(path)
        return [path]

    def __repr__(self) -> str:
        return f"{type(self).__name__} {self.to_json_string()}"


def _in_folder(folder: str) -> str:
    paths = [os.path.join(folder, name) for name in (_FILE, _PROCESSOR_FILE)]
    for path in paths:
        if os.path.isfile(path):
            return path
    raise OSError(f"{folder} holds no {_FILE}; give the folder that save_pretrained wrote")


def _from_hub(name: str, options: dict[str, Any]) -> str:
    try:
        hub: Any = importlib.import_module("huggingface_hub")
    except ImportError as error:
        raise OSError(f"{name} is no folder or file here, and to load it from the Hugging Face Hub "
                      "needs huggingface_hub") from error
    try:
        return str(hub.hf_hub_download(name, _FILE, **options))
    except hub.errors.EntryNotFoundError:
        return str(hub.hf_hub_download(name, _PROCESSOR_FILE, **options))


def _read(path: str) -> dict[str, Any]:
    with open(path, encoding="utf-8") as file:
        try:
            found: dict[str, Any] = json.load(file)
        except json.JSONDecodeError as error:
            raise OSError(f"{path} is no JSON: {error}") from error
    inner: dict[str, Any] = found.get("feature_extractor", found)
    return inner
