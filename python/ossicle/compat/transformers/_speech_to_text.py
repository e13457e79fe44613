"""Speech2TextFeatureExtractor."""

import operator
from typing import Any, ClassVar

import numpy as np

from ossicle import Standardize, SubtractMean
from ossicle.compat import _served

from . import _frontends, _padding
from ._base import SequenceFeatureExtractor
from ._batch_feature import BatchFeature
from ._clips import clips_of, flat, refuse_narrow_integers
from ._lookalike import originals

_MEANS, _MEANS_AND_VARS = (SubtractMean(),), (Standardize(ddof=0, epsilon=0.0),)


class Speech2TextFeatureExtractor(SequenceFeatureExtractor):
    """Kaldi's log-mel spectra, each band of a clip brought to mean 0 and variance 1.

    feature_size   columns that padding adds; num_mel_bins
    sampling_rate  of the samples, in Hz; frames have 400 samples and are 160 apart at any rate
    num_mel_bins   mel bands
    padding_value  of added frames
    dither         standard deviation of noise that is added to each frame, on the scale of 16 bits,
                   from NumPy's global generator
    do_ceptral_normalize, normalize_means, normalize_vars  whether, and which of both
    Raises NotImplementedError for a number of bands or a rate that is not served.
    """

    _originals = originals("speech_to_text", "Speech2TextFeatureExtractor")
    model_input_names: ClassVar[list[str]] = ["input_features", "attention_mask"]

    def __init__(self, feature_size: int = 80, sampling_rate: int = 16000, num_mel_bins: int = 80,
                 padding_value: float = 0.0, dither: float = 0.0,
                 do_ceptral_normalize: bool = True, normalize_means: bool = True,
                 normalize_vars: bool = True, **kwargs: Any) -> None:
        super().__init__(feature_size, sampling_rate, padding_value, **kwargs)
        self.num_mel_bins = num_mel_bins
        self.dither = dither
        self.do_ceptral_normalize = do_ceptral_normalize
        self.normalize_means = normalize_means
        self.normalize_vars = normalize_vars
        self.return_attention_mask = True
        self.mel_filters = _frontends.kaldi_bank(num_mel_bins, sampling_rate)
        self.window = "povey"
        self._frontend()

    def __call__(self, raw_speech: Any, padding: Any = False, max_length: int | None = None,
                 truncation: bool = False, pad_to_multiple_of: int | None = None,
                 return_tensors: str | None = None, sampling_rate: int | None = None,
                 return_attention_mask: bool | None = None, **kwargs: Any) -> BatchFeature:
        """input_features: (frames, num_mel_bins) float32 of each clip; attention_mask: (frames,)
        int32; both lists, or tensors.

        raw_speech  one clip (n,) or several: see clips_of; at least 240 samples each
        padding, pad_to_multiple_of, max_length, truncation  of frames: see pad
        sampling_rate  of the samples; must be the extractor's
        Raises ValueError for another rate and for shorter clips; OverflowError for an array of 8 or
        16-bit integers; ossicle.NotFiniteError for a NaN or an infinity.
        """
        self._check_rate(sampling_rate)
        refuse_narrow_integers(raw_speech)
        clips = [flat(np.squeeze(clip)) for clip in clips_of(raw_speech)]
        limit = _padding.truncated_length(max_length, pad_to_multiple_of, truncation)
        features = self._features(clips, limit)
        batch = self.pad({"input_features": features}, padding=padding, max_length=max_length,
                         truncation=truncation, pad_to_multiple_of=pad_to_multiple_of,
                         return_attention_mask=return_attention_mask, **kwargs)
        if self.do_ceptral_normalize:
            batch["input_features"] = list(batch["input_features"])
            self._refuse_padding(features, batch["input_features"], padding)
        if "attention_mask" in batch:
            batch["attention_mask"] = list(batch["attention_mask"])
        return batch.convert_to_tensors(return_tensors)

    def _frontend(self) -> Any:
        steps: tuple[Any, ...] = ()
        if self.do_ceptral_normalize and self.normalize_means:
            steps = _MEANS_AND_VARS if self.normalize_vars else _MEANS
        call = type(self).__name__
        _frontends.window_of(call, self.window, "povey")
        return _frontends.kaldi(call, _frontends.bank_of(call, self.mel_filters), steps,
                                framed=self.dither != 0.0)

    def _features(self, clips: list[Any], limit: int | None) -> list[Any]:
        """(frames, bands) of each clip, at most `limit` frames."""
        _frontends.refuse_short(type(self).__name__, clips)
        hop = _frontends.HOP_SAMPLES
        if self.dither != 0.0:
            hop = _frontends.FRAME_SAMPLES
            clips = [_frontends.framed(clip, _frontends.FRAME_SAMPLES, _frontends.HOP_SAMPLES,
                                       self.dither / _frontends.FULL_SCALE) for clip in clips]
        if limit is not None:
            clips = [clip[:(limit - 1) * hop + _frontends.FRAME_SAMPLES] for clip in clips]
        features: list[Any] = self._frontend()(clips)
        if self.do_ceptral_normalize and self.normalize_vars and not self.normalize_means:
            for values in features:
                values /= values.std(axis=0)
        return features

    def _refuse_padding(self, features: list[Any], padded: list[Any], padding: Any) -> None:
        """What transformers cannot normalise, or does with the padding as part of the clip."""
        if padding not in (False, _padding.DO_NOT_PAD) and len(set(map(len, padded))) > 1:
            raise ValueError("clips are longer than max_length; give truncation=True, too")
        lengths = (list(map(len, rows)) for rows in (features, padded))
        if self.padding_side == "left" and any(map(operator.lt, *lengths)):
            raise _served.unserved(type(self).__name__, "padding_side", "left",
                                   "'right' with do_ceptral_normalize=True")
