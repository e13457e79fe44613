"""torchaudio.compliance 2.11.0: kaldi."""

from ossicle.compat.torchaudio.compliance import kaldi

__all__ = ["kaldi"]
