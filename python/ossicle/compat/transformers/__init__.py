"""Feature extractors with the calls, results and files of transformers 4.57.6, as its NumPy code
computes them.

    from ossicle.compat.transformers import WhisperFeatureExtractor

needs NumPy only; transformers itself is not imported. Once it is, an extractor here passes
isinstance(x, transformers.WhisperFeatureExtractor), so that processors and pipelines take it, and
what it gives passes for a transformers.BatchFeature.

Keyword arguments that a call there takes and ignores are ignored here, too.

What differs:
- return_tensors is None, "np" or "pt"; "tf", "jax" and "mlx" raise NotImplementedError.
- A NaN or an infinity raises ossicle.NotFiniteError; there it becomes part of the features.
- mel_filters and window say what the bank and the window are made from; arrays put in their place
  raise NotImplementedError.
- Samples become float32 before anything else, those of CLAP too, which stay float64 there.
- A band that never changes, as in silence or in a single frame, is 0 where it is divided by its
  deviation. There it is what rounding leaves or, in Speech2Text and in a single frame, NaN or
  infinite.
- AST and Speech2Text have frames of 400 samples, 160 apart, at any sampling_rate, as without
  torchaudio there.
- from_pretrained with a name on the Hub needs huggingface_hub; push_to_hub raises
  NotImplementedError.
- Warnings, such as that of a missing sampling_rate, go to the logger of this module's name.
"""

from ._ast import ASTFeatureExtractor
from ._batch_feature import BatchFeature
from ._clap import ClapFeatureExtractor
from ._seamless_m4t import SeamlessM4TFeatureExtractor
from ._speech_to_text import Speech2TextFeatureExtractor
from ._whisper import WhisperFeatureExtractor

__all__ = [
    "ASTFeatureExtractor",
    "BatchFeature",
    "ClapFeatureExtractor",
    "SeamlessM4TFeatureExtractor",
    "Speech2TextFeatureExtractor",
    "WhisperFeatureExtractor",
]
