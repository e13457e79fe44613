"""WhisperFeatureExtractor."""

from typing import Any, ClassVar

import numpy as np

from . import _frontends
from ._base import SequenceFeatureExtractor
from ._batch_feature import BatchFeature
from ._clips import clips_of, flat
from ._lookalike import originals


class WhisperFeatureExtractor(SequenceFeatureExtractor):
    """Log-mel spectra of clips that are padded with silence or cut to `chunk_length` seconds.

    feature_size   mel bands
    sampling_rate  of the samples, in Hz, even, at least 16000
    hop_length, n_fft  in samples; n_fft is a product of powers of 2, 3 and 5, and even
    padding_value  of the silence
    dither         standard deviation of noise that is added to each frame, from NumPy's global
                   generator
    Raises NotImplementedError for other values.
    """

    _originals = originals("whisper", "WhisperFeatureExtractor")
    model_input_names: ClassVar[list[str]] = ["input_features"]

    def __init__(self, feature_size: int = 80, sampling_rate: int = 16000, hop_length: int = 160,
                 chunk_length: int = 30, n_fft: int = 400, padding_value: float = 0.0,
                 dither: float = 0.0, return_attention_mask: bool = False, **kwargs: Any) -> None:
        super().__init__(feature_size, sampling_rate, padding_value,
                         return_attention_mask=return_attention_mask, **kwargs)
        self.n_fft = n_fft
        self.hop_length = hop_length
        self.chunk_length = chunk_length
        self.n_samples = chunk_length * sampling_rate
        self.nb_max_frames = self.n_samples // hop_length
        self.dither = dither
        self.mel_filters = _frontends.whisper_bank(feature_size, sampling_rate)
        _frontends.whisper(self.mel_filters, n_fft, hop_length)

    def __call__(self, raw_speech: Any, truncation: bool = True,
                 pad_to_multiple_of: int | None = None, return_tensors: str | None = None,
                 return_attention_mask: bool | None = None, padding: Any = "max_length",
                 max_length: int | None = None, sampling_rate: int | None = None,
                 do_normalize: bool | None = None, device: str | None = "cpu",
                 return_token_timestamps: bool | None = None, **kwargs: Any) -> BatchFeature:
        """input_features: (clips, feature_size, frames) float32; attention_mask: (clips, frames).

        raw_speech      one clip (n,) or several: see clips_of
        truncation, padding, pad_to_multiple_of  of the samples: see pad
        max_length      in samples; chunk_length by default
        sampling_rate   of the samples; must be the extractor's
        do_normalize    bring each clip to mean 0 and variance 1 first
        device          changes nothing
        return_token_timestamps  also give num_frames, the frames of each clip before padding
        Raises ValueError for another rate, for clips of different lengths that are not padded and
        for a batch that gives no frame; ossicle.NotFiniteError for a NaN or an infinity.
        """
        self._check_rate(sampling_rate)
        clips = [flat(clip) for clip in clips_of(raw_speech)]
        batch = self.pad({"input_features": clips}, padding=padding,
                         max_length=max_length or self.n_samples, truncation=truncation,
                         pad_to_multiple_of=pad_to_multiple_of,
                         return_attention_mask=return_attention_mask or do_normalize)
        samples = batch["input_features"]
        if samples.dtype == object:
            raise ValueError(f"clips of {sorted({len(clip) for clip in clips})} samples with "
                             f"padding={padding!r}; give padding=\"max_length\" or \"longest\"")
        if do_normalize:
            samples = _normalized(samples, batch["attention_mask"], self.padding_value)
        batch["input_features"] = self._log_mel(samples)
        if return_attention_mask:
            frames = samples.shape[1] // self.hop_length
            batch["attention_mask"] = batch["attention_mask"][:, ::self.hop_length][:, :frames]
        if return_token_timestamps is not None:
            batch["num_frames"] = [len(clip) // self.hop_length for clip in clips]
        return batch.convert_to_tensors(return_tensors)

    def _log_mel(self, samples: Any) -> Any:
        """(clips, bands, frames) of (clips, samples)."""
        bank = _frontends.bank_of(type(self).__name__, self.mel_filters)
        frontend = _frontends.whisper(bank, self.n_fft, self.hop_length)
        if frontend.frames(samples.shape[1]) == 0:
            raise ValueError(f"clips of {samples.shape[1]} samples give no frame; give at least "
                             f"{self.hop_length}, or padding=\"max_length\"")
        if self.dither != 0.0:
            samples = np.stack([self._dithered(clip) for clip in samples])
            frontend = _frontends.whisper(bank, self.n_fft, self.hop_length, framed=True)
        return frontend(samples, axis=-1)

    def _dithered(self, clip: Any) -> Any:
        mirrored = np.pad(clip, self.n_fft // 2, mode="reflect")
        return _frontends.framed(mirrored, self.n_fft, self.hop_length, self.dither)


def _normalized(samples: Any, mask: Any, padding_value: float) -> Any:
    """Mean 0 and variance 1 over each clip's own samples."""
    result = np.empty_like(samples)
    for row, clip, length in zip(result, samples, mask.sum(axis=-1), strict=True):
        own = clip[:length]
        np.divide(clip - own.mean(), np.sqrt(own.var() + 1e-7), out=row)
        row[length:] = padding_value
    return result
