"""librosa's melspectrogram and power_to_db with their defaults."""

import librosa

PACKAGE = "librosa"


def make(samples, task):
    return lambda: librosa.power_to_db(librosa.feature.melspectrogram(y=samples, sr=22050))
