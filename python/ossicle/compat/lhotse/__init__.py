"""lhotse 1.33.0: Fbank and Mfcc with their configurations.

    from ossicle.compat.lhotse import Fbank, FbankConfig

Where lhotse is installed, they are its FeatureExtractors, under the names of its own, "kaldi-fbank"
and "kaldi-mfcc": manifests stay the same, and a configuration that is loaded after this import
gives these. Without lhotse, they compute all the same.

Another result than lhotse's:

- a NaN or an infinity is NotFiniteError, not NaN features; float64 samples are taken
- dither adds noise of the same deviation, but the same for each call
- cepstral_lifter=0 lifts by nothing, where lhotse raises AttributeError
- the torch module `extractor` is not there

NotImplementedError: window_type="blackman", torchaudio_compatible_mel_scale=False (and with it
norm_filters, which changes nothing otherwise), use_energy in Mfcc, where lhotse fails, with
use_energy in Fbank raw_energy=False, preemph_coeff outside 0..1, num_ceps above num_filters, a
frame_shift above frame_length unless snip_edges, with round_to_power_of_two=False a frame of a
length with other factors than 2, 3 and 5. `device` says where tensors are given back; the
features are computed on the CPU.
"""

from ._config import FbankConfig, MfccConfig
from ._extractors import Fbank, Mfcc

__all__ = ["Fbank", "FbankConfig", "Mfcc", "MfccConfig"]
