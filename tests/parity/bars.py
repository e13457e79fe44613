"""What is promised of every front end on speech."""

FLOAT_MEAN_LN = 5e-6  # of natural logarithms of energies, in float, from the definition
FLOAT_P999_LN = 1e-4
FLOAT_ENERGY = 1e-6   # of energies in float, of the largest one of the frame
DOUBLE_MAX = 1e-9     # of features in double, from the definition
# A judge that is further off does not compute what the definition says: of energies, and of
# features from which no energies can be computed back.
JUDGE_ENERGY, JUDGE_MAX = 3e-5, 2e-3

# Front ends whose logarithm no floor bounds soon enough, so that quiet bands exceed the bars of the
# logarithm: how quiet a band that does must be, of the energy (or the magnitude) of its frame's
# loudest.
QUIET_BANDS = {"torchaudio-mel-db": 1e-6, "clap-htk": 1e-6, "clap-slaney": 1e-6, "hifigan": 1e-4}

# From one machine to another, a judge's last digits differ.
TOLERANCE = 2.0
NOTHING = 1e-11  # differences below this are rounding in double
