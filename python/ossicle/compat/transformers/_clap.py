"""ClapFeatureExtractor."""

from typing import Any, ClassVar

import numpy as np

from ossicle.compat import _served

from . import _frontends
from ._base import SequenceFeatureExtractor
from ._batch_feature import BatchFeature
from ._clips import clips_of, flat
from ._lookalike import originals

_FUSED_BANDS = 64  # of the shrunk spectrum, whatever feature_size is


class ClapFeatureExtractor(SequenceFeatureExtractor):
    """Mel spectra in dB of `max_length_s` seconds.

    feature_size     mel bands
    sampling_rate    of the samples, in Hz, even
    hop_length, fft_window_size  in samples; the latter is a product of powers of 2, 3 and 5, and
                     even
    frequency_min, frequency_max  of the mel bands, in Hz; up to half of sampling_rate
    top_db           is kept and saved, and changes no value
    truncation       of longer clips: "fusion", the whole spectrum, shrunk, and three random cuts of
                     it; or "rand_trunc", that of a random part
    padding          of shorter clips: "repeatpad", "repeat" or "pad"
    Random places come from NumPy's global generator. Raises NotImplementedError for other values.
    """

    _originals = originals("clap", "ClapFeatureExtractor")
    model_input_names: ClassVar[list[str]] = ["input_features", "is_longer"]

    def __init__(self, feature_size: int = 64, sampling_rate: int = 48_000, hop_length: int = 480,
                 max_length_s: int = 10, fft_window_size: int = 1024, padding_value: float = 0.0,
                 return_attention_mask: bool = False, frequency_min: float = 0,
                 frequency_max: float = 14_000, top_db: int | None = None,
                 truncation: str = "fusion", padding: str = "repeatpad", **kwargs: Any) -> None:
        super().__init__(feature_size, sampling_rate, padding_value,
                         return_attention_mask=return_attention_mask, **kwargs)
        self.top_db = top_db
        self.truncation = truncation
        self.padding = padding
        self.fft_window_size = fft_window_size
        self.nb_frequency_bins = (fft_window_size >> 1) + 1
        self.hop_length = hop_length
        self.max_length_s = max_length_s
        self.nb_max_samples = max_length_s * sampling_rate
        self.frequency_min = frequency_min
        self.frequency_max = frequency_max
        if frequency_min > frequency_max:
            raise ValueError(f"frequency_min={frequency_min}, but it must be at most "
                             f"frequency_max={frequency_max}")
        self.mel_filters = self.mel_filters_slaney = _frontends.MelBank(
            feature_size, sampling_rate, float(frequency_min), float(frequency_max))
        self._frontend("fusion")
        self._frontend("rand_trunc")

    def to_dict(self) -> dict[str, Any]:
        found = super().to_dict()
        found.pop("mel_filters_slaney", None)
        return found

    def __call__(self, raw_speech: Any, truncation: str | None = None, padding: str | None = None,
                 max_length: int | None = None, sampling_rate: int | None = None,
                 return_tensors: str | None = None, **kwargs: Any) -> BatchFeature:
        """input_features: (4, frames, feature_size) float32 of each clip with "fusion", otherwise
        (1, frames, feature_size); is_longer: (1,) bool of each; both lists, or tensors.

        raw_speech  one clip (n,) or several: see clips_of
        truncation, padding  those of the extractor by default
        max_length  in samples; max_length_s by default
        sampling_rate  of the samples; must be the extractor's
        Raises ValueError for another rate; ossicle.NotFiniteError for a NaN or an infinity.
        """
        truncation = self.truncation if truncation is None else truncation
        padding = padding or self.padding
        self._check_rate(sampling_rate)
        length = max_length or self.nb_max_samples
        found = [self._spectra(flat(clip), length, truncation, padding)
                 for clip in clips_of(raw_speech)]
        longer = [each for _, each in found]
        if truncation == "fusion" and not any(longer):
            longer[np.random.randint(0, len(longer))] = True
        return BatchFeature({"input_features": [spectra for spectra, _ in found],
                             "is_longer": [[each] for each in longer]}, return_tensors)

    def _spectra(self, clip: Any, length: int, truncation: str, padding: str) -> tuple[Any, bool]:
        """(1 or 4, frames, bands) of a clip, and whether it is longer than `length` samples."""
        frontend = self._frontend(truncation)
        if len(clip) <= length:
            spectrum = frontend(_filled(clip, length, padding))
            return np.stack([spectrum] * (4 if truncation == "fusion" else 1)), False
        if truncation == "rand_trunc":
            start = np.random.randint(0, len(clip) - length + 1)
            return frontend(clip[start:start + length])[np.newaxis], True
        if truncation != "fusion":
            raise _served.unserved(type(self).__name__, "truncation", truncation,
                                   "'fusion' and 'rand_trunc'")
        spectrum = frontend(clip)
        frames = length // self.hop_length + 1
        if frames == len(spectrum):
            return np.stack([spectrum] * 4), False
        return _fused(spectrum, frames), True

    def _frontend(self, truncation: str) -> Any:
        name, preset = (("mel_filters", "clap-htk") if truncation == "fusion" else
                        ("mel_filters_slaney", "clap-slaney"))
        bank = _frontends.bank_of(type(self).__name__, getattr(self, name), name)
        return _frontends.clap(preset, bank, self.fft_window_size, self.hop_length)


def _filled(clip: Any, length: int, padding: str) -> Any:
    """`clip`, repeated or not, with zeros after it, of `length` samples."""
    if len(clip) == length:
        return clip
    if padding in ("repeat", "repeatpad"):
        clip = np.tile(clip, length // len(clip) + (padding == "repeat"))[:length]
    result = np.zeros(length, np.float32)
    result[:len(clip)] = clip
    return result


def _fused(spectrum: Any, frames: int) -> Any:
    """The whole, shrunk to `frames`, and a random cut of each third."""
    if spectrum.shape[1] != _FUSED_BANDS:
        raise ValueError(f"truncation=\"fusion\" of a long clip needs feature_size={_FUSED_BANDS}, "
                         f"but it is {spectrum.shape[1]}; give truncation=\"rand_trunc\"")
    thirds = np.array_split(np.arange(len(spectrum) - frames + 1), 3)
    starts = [np.random.choice(third if len(third) else [0]) for third in thirds]
    return np.stack([_shrunk(spectrum, frames),
                     *(spectrum[start:start + frames] for start in starts)])


def _shrunk(spectrum: Any, frames: int) -> Any:
    """Linear interpolation to `frames`, as PyTorch's "bilinear" without align_corners: the places
    are float32, of a fused multiplication and subtraction, which float64 gives here."""
    scale = float(np.float32(len(spectrum)) / np.float32(frames))
    places = np.maximum(scale * (np.arange(frames) + 0.5) - 0.5, 0.0).astype(np.float32)
    below = np.minimum(places.astype(np.int64), len(spectrum) - 1)
    above = np.minimum(below + 1, len(spectrum) - 1)
    weight = np.minimum(places - below.astype(np.float32), np.float32(1.0))[:, np.newaxis]
    return spectrum[below] * (np.float32(1.0) - weight) + spectrum[above] * weight
