"""kaldi-native-fbank 1.23.0: OnlineFbank, OnlineMfcc, OnlineWhisperFbank and their options.

    import ossicle.compat.kaldi_native_fbank as knf

Frames come out while samples come in, the same number ready at each moment as of the original.
What is popped is freed, in blocks of 16384 samples at most.

Another result than the original's:

- dither adds noise of the same deviation, but other numbers: one for each sample, by its index, so
  that two runs give the same frames. The original draws anew for each frame.
- a NaN or an infinity is RuntimeError already where no frame is complete yet.
- options that can give no frame are refused when the extractor is made: the original refuses a
  preemph_coeff outside 0..1 at the first frame, and ends the process for a shift of 0 samples.

NotImplementedError: the windows "sine" and "blackman", htk_mode, debug_mel, floor_to_int_bin, with
use_energy raw_energy=False, a sample rate that is no whole number, and what no FrontendSpec can
hold: eps outside 1e-37..1, a cepstral_lifter below 0, with round_to_power_of_two=False a frame of
a length with other factors than 2, 3 and 5. vtln_low and vtln_high change nothing, as there.
"""

from ._online import OnlineFbank, OnlineMfcc, OnlineWhisperFbank
from ._options import (
    FbankOptions,
    FrameExtractionOptions,
    MelBanksOptions,
    MfccOptions,
    WhisperFeatureOptions,
)

__all__ = [
    "FbankOptions",
    "FrameExtractionOptions",
    "MelBanksOptions",
    "MfccOptions",
    "OnlineFbank",
    "OnlineMfcc",
    "OnlineWhisperFbank",
    "WhisperFeatureOptions",
]
