"""torchaudio 2.11.0: compliance.kaldi.fbank, compliance.kaldi.mfcc, transforms.MelSpectrogram,
transforms.MFCC and transforms.AmplitudeToDB.

    import ossicle.compat.torchaudio as torchaudio

Tensors give tensors, arrays give arrays. PyTorch is not imported unless a tensor came in. Tensors
that need a gradient, or lie on another device than the CPU, raise NotImplementedError.
"""

from ossicle.compat.torchaudio import compliance, transforms

__all__ = ["compliance", "transforms"]
