"""What the feature extractors have in common."""

import logging
from typing import Any, ClassVar

import numpy as np

from . import _padding
from ._batch_feature import BatchFeature
from ._lookalike import Lookalike
from ._pretrained import Pretrained

_logger = logging.getLogger("ossicle.compat.transformers")
_logger.addHandler(logging.NullHandler())


class SequenceFeatureExtractor(Lookalike, Pretrained):
    """Pads, saves and loads; its subclasses compute.

    feature_size   values per frame
    sampling_rate  of the samples, in Hz
    padding_value  of what is added to short sequences
    kwargs         padding_side ("right" or "left"), return_attention_mask; others become attributes
    """

    model_input_names: ClassVar[list[str]] = []

    def __init__(self, feature_size: int, sampling_rate: int, padding_value: float,
                 **kwargs: Any) -> None:
        self.feature_size = feature_size
        self.sampling_rate = sampling_rate
        self.padding_value = padding_value
        self.padding_side = kwargs.pop("padding_side", "right")
        self.return_attention_mask = kwargs.pop("return_attention_mask", True)
        super().__init__(**kwargs)

    def pad(self, processed_features: Any, padding: Any = True, max_length: int | None = None,
            truncation: bool = False, pad_to_multiple_of: int | None = None,
            return_attention_mask: bool | None = None,
            return_tensors: str | None = None) -> BatchFeature:
        """One batch of sequences of different lengths.

        processed_features  a mapping that holds model_input_names[0], or a list of such
        padding             True or "longest", "max_length", False or "do_not_pad"
        max_length          what "max_length" pads to and truncation cuts to
        pad_to_multiple_of  rounds those lengths up
        return_attention_mask  also give 1 where a sequence is and 0 where it was padded, int32
        return_tensors      "np" or "pt"; None: as the sequences are
        """
        name = self.model_input_names[0]
        columns = dict(_padding.columns_of(processed_features, name))
        if return_attention_mask is None:
            return_attention_mask = self.return_attention_mask
        if len(columns[name]) == 0:
            return BatchFeature({**columns, **({"attention_mask": []} if return_attention_mask
                                               else {})})
        tensors = return_tensors or _padding.tensor_type_of(columns[name])
        columns = {key: [np.asarray(each) for each in value] for key, value in columns.items()}
        if any(len(value) != len(columns[name]) for value in columns.values()):
            raise ValueError("the columns have different numbers of sequences: " + ", ".join(
                f"{key} {len(value)}" for key, value in columns.items()))

        strategy = _padding.strategy_of(padding, max_length, self.padding_value)
        limit = _padding.truncated_length(max_length, pad_to_multiple_of, truncation)
        for key in {name, "attention_mask"} & set(columns):
            columns[key] = [each[:limit] for each in columns[key]]
        if return_attention_mask and "attention_mask" not in columns:
            columns["attention_mask"] = [np.ones(len(each), np.int32) for each in columns[name]]
        if strategy != _padding.DO_NOT_PAD:
            longest = max(map(len, columns[name])) if strategy == _padding.LONGEST else max_length
            length = _padding.rounded_up(longest or 0, pad_to_multiple_of)
            fills = {name: self.padding_value}
            if return_attention_mask:
                fills["attention_mask"] = 0
            for key, value in fills.items():
                columns[key] = [_padding.padded(each, length, value, self.padding_side)
                                for each in columns[key]]
        return BatchFeature({key: [_narrow(each) for each in value]
                             for key, value in columns.items()}, tensors)

    def _check_rate(self, sampling_rate: int | None) -> None:
        if sampling_rate is None:
            _logger.warning("%s: give sampling_rate, so that audio of another rate is noticed",
                            type(self).__name__)
        elif sampling_rate != self.sampling_rate:
            raise ValueError(
                f"sampling_rate={sampling_rate}, but this {type(self).__name__} needs "
                f"{self.sampling_rate}; resample first: ossicle.resample(samples, {sampling_rate}, "
                f"{self.sampling_rate})")


def _narrow(values: Any) -> Any:
    return values.astype(np.float32) if values.dtype == np.float64 else values
