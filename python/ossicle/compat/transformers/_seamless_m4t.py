"""SeamlessM4TFeatureExtractor."""

from typing import Any, ClassVar

import numpy as np

from ossicle import Standardize

from . import _frontends
from ._base import SequenceFeatureExtractor
from ._batch_feature import BatchFeature
from ._clips import clips_of, flat, refuse_narrow_integers
from ._lookalike import originals

_PER_BAND = (Standardize(ddof=1, epsilon=1e-7, epsilon_in_variance=True),)


class SeamlessM4TFeatureExtractor(SequenceFeatureExtractor):
    """Kaldi's log-mel spectra, standardised per band, `stride` frames side by side.

    feature_size   columns that padding adds; num_mel_bins
    sampling_rate  of the samples, in Hz; frames have 400 samples and are 160 apart at any rate
    num_mel_bins   mel bands
    padding_value  of added frames
    stride         frames that make one row
    Raises NotImplementedError for a number of bands or a rate that is not served.
    """

    _originals = originals("seamless_m4t", "SeamlessM4TFeatureExtractor")
    model_input_names: ClassVar[list[str]] = ["input_features", "attention_mask"]

    def __init__(self, feature_size: int = 80, sampling_rate: int = 16000, num_mel_bins: int = 80,
                 padding_value: float = 0.0, stride: int = 2, **kwargs: Any) -> None:
        self.num_mel_bins = num_mel_bins
        self.stride = stride
        self.mel_filters = _frontends.kaldi_bank(num_mel_bins, sampling_rate)
        self.window = "povey"
        super().__init__(feature_size, sampling_rate, padding_value, **kwargs)
        self._frontend(True)

    def __call__(self, raw_speech: Any, padding: Any = True, pad_to_multiple_of: int | None = 2,
                 max_length: int | None = None, truncation: bool = False,
                 return_tensors: str | None = None, sampling_rate: int | None = None,
                 return_attention_mask: bool | None = None,
                 do_normalize_per_mel_bins: bool | None = True, **kwargs: Any) -> BatchFeature:
        """input_features: (clips, frames // stride, num_mel_bins * stride) float32;
        attention_mask: (clips, frames // stride) int32.

        raw_speech  one clip (n,), or several: see clips_of; of one with channels, (channels, n),
                    the first is taken; at least 240 samples each
        padding, pad_to_multiple_of, max_length, truncation  of frames: see pad
        sampling_rate              of the samples; must be the extractor's
        do_normalize_per_mel_bins  bring each band of a clip to mean 0 and variance 1
        Raises ValueError for another rate, for shorter clips and for clips of different lengths
        that are not padded; OverflowError for an array of 8 or 16-bit integers;
        ossicle.NotFiniteError for a NaN or an infinity.
        """
        self._check_rate(sampling_rate)
        refuse_narrow_integers(raw_speech)
        clips = [flat(np.squeeze(clip[0] if clip.ndim == 2 else clip))
                 for clip in clips_of(raw_speech, max_dimensions=3, tensors=True)]
        frontend = self._frontend(bool(do_normalize_per_mel_bins))
        _frontends.refuse_short(type(self).__name__, clips)
        batch = self.pad({"input_features": frontend(clips)}, padding=padding,
                         max_length=max_length, truncation=truncation,
                         pad_to_multiple_of=pad_to_multiple_of, return_attention_mask=True,
                         return_tensors="np")
        features, mask = batch["input_features"], batch.pop("attention_mask")
        if features.dtype == object:
            raise ValueError(f"clips of different lengths with padding={padding!r}; give "
                             "padding=True")
        count, frames, bands = features.shape
        rows = frames // self.stride
        used = rows * self.stride
        batch["input_features"] = features[:, :used].reshape(count, rows, bands * self.stride)
        if self.return_attention_mask if return_attention_mask is None else return_attention_mask:
            batch["attention_mask"] = mask[:, :used][:, np.arange(used) % self.stride == 1]
        return batch.convert_to_tensors(return_tensors)

    def _frontend(self, normalize: bool) -> Any:
        call = type(self).__name__
        _frontends.window_of(call, self.window, "povey")
        return _frontends.kaldi(call, _frontends.bank_of(call, self.mel_filters),
                                _PER_BAND if normalize else ())
