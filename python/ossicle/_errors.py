"""What goes wrong, by kind. Each message holds the value, the legal range and the cure."""


class Error(Exception):
    """Any error of the engine."""


class SpecError(Error, ValueError):
    """A spec, a rule or an option out of range."""


class ShapeError(Error, ValueError):
    """An array of another shape than is needed, or a signal of another length."""


class AudioError(Error):
    """Audio that cannot be opened, read or decoded."""


class NotFiniteError(AudioError, ValueError):
    """A NaN or an infinity in the audio."""


class OutputError(Error, OSError):
    """A result that cannot be written."""


class ModelError(Error):
    """An ONNX model or runtime that cannot be used."""


class CancelledError(Error):
    """The caller asked to stop."""


class BusyError(Error):
    """Something that is in use; come back later."""


class DeadlineError(Error, TimeoutError):
    """What was not done in time."""
