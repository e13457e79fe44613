"""librosa 0.11.0: feature.melspectrogram, feature.mfcc, power_to_db, amplitude_to_db.

    import ossicle.compat.librosa as librosa

float32 samples give float32 features. float64 samples give float64 features, computed in double;
the samples themselves enter as float32, which changes them by at most 6e-8 of their value.
"""

from ossicle.compat.librosa import feature
from ossicle.compat.librosa._decibels import amplitude_to_db, power_to_db
from ossicle.compat.librosa._errors import ParameterError

__all__ = ["ParameterError", "amplitude_to_db", "feature", "power_to_db"]
