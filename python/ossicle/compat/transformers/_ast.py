"""ASTFeatureExtractor."""

from typing import Any, ClassVar

import numpy as np

from ossicle import Affine
from ossicle.compat import _served

from . import _frontends
from ._base import SequenceFeatureExtractor
from ._batch_feature import BatchFeature
from ._clips import clips_of, flat
from ._lookalike import originals


class ASTFeatureExtractor(SequenceFeatureExtractor):
    """Log-mel spectra of a fixed number of frames.

    sampling_rate  of the samples, in Hz; frames have 400 samples and are 160 apart at any rate
    num_mel_bins   mel bands
    max_length     frames: more are cut, fewer are followed by zeros
    do_normalize   give (x - mean) / (2 std), of the zeros, too
    Raises NotImplementedError for a number of bands or a rate that is not served.
    """

    _originals = originals("audio_spectrogram_transformer", "ASTFeatureExtractor")
    model_input_names: ClassVar[list[str]] = ["input_values", "attention_mask"]

    def __init__(self, feature_size: int = 1, sampling_rate: int = 16000, num_mel_bins: int = 128,
                 max_length: int = 1024, padding_value: float = 0.0, do_normalize: bool = True,
                 mean: float = -4.2677393, std: float = 4.5689974,
                 return_attention_mask: bool = False, **kwargs: Any) -> None:
        super().__init__(feature_size, sampling_rate, padding_value, **kwargs)
        self.num_mel_bins = num_mel_bins
        self.max_length = max_length
        self.do_normalize = do_normalize
        self.mean = mean
        self.std = std
        self.return_attention_mask = return_attention_mask
        self.mel_filters = _frontends.kaldi_bank(num_mel_bins, sampling_rate)
        self.window = "hann"
        self._frontend()

    def normalize(self, input_values: Any) -> Any:
        return (input_values - self.mean) / (self.std * 2)

    def __call__(self, raw_speech: Any, sampling_rate: int | None = None,
                 return_tensors: str | None = None, **kwargs: Any) -> BatchFeature:
        """input_values: (max_length, num_mel_bins) float32 of each clip, a list of these or a
        tensor.

        raw_speech     one clip (n,) or several: see clips_of; at least 240 samples each
        sampling_rate  of the samples; must be the extractor's
        Raises ValueError for another rate and for shorter clips; ossicle.NotFiniteError for a NaN
        or an infinity.
        """
        self._check_rate(sampling_rate)
        clips = [flat(np.squeeze(clip)) for clip in clips_of(raw_speech)]
        _frontends.refuse_short(type(self).__name__, clips)
        frontend = self._frontend()
        filler = np.zeros((), np.float32)
        values = np.full((len(clips), self.max_length, frontend.bands),
                         self.normalize(filler) if self.do_normalize else filler, np.float32)
        longest = (self.max_length - 1) * _frontends.HOP_SAMPLES + _frontends.FRAME_SAMPLES
        for rows, clip in zip(values, clips, strict=True):
            heard = clip[:longest]
            frontend(heard, out=rows[:frontend.frames(heard.size)])
        if return_tensors is None:
            return BatchFeature({"input_values": list(values)})
        return BatchFeature({"input_values": values}, return_tensors)

    def _frontend(self) -> Any:
        call = type(self).__name__
        bank = _frontends.bank_of(call, self.mel_filters)
        steps: tuple[Affine, ...] = ()
        if self.do_normalize:
            if self.std == 0:
                raise _served.unserved(call, "std", self.std, "other numbers than 0")
            steps = (Affine(scale=0.5 / self.std, offset=-0.5 * self.mean / self.std),)
        return _frontends.kaldi(call, bank, steps, _frontends.window_of(call, self.window, "hann"),
                                1.0)
