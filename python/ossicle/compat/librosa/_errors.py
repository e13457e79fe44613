"""What librosa raises."""


class ParameterError(ValueError):
    """An argument that librosa refuses, too."""
