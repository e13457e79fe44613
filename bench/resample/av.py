"""AudioResampler, given frames of a fixed length, and read as faster-whisper reads it.

One call takes the whole signal to a resampler that stays open: each new one makes its tables again.
"""

import av
import numpy as np

PACKAGE = "av"


def frames(samples, rate_hz, sample_format, frame_samples):
    values = samples if sample_format == "fltp" else np.rint(samples * 32768).astype(np.int16)
    for start in range(0, len(values), frame_samples):
        piece = np.ascontiguousarray(values[np.newaxis, start:start + frame_samples])
        frame = av.AudioFrame.from_ndarray(piece, format=sample_format, layout="mono")
        frame.sample_rate = rate_hz
        yield frame


def make(samples, task):
    sample_format = task["settings"]["format"]
    given = list(frames(samples, task["from_hz"], sample_format, task["settings"]["frame_samples"]))

    def resampler():
        return av.AudioResampler(format=sample_format, layout="mono", rate=task["to_hz"])

    def resample(opened, pieces):
        return [frame.to_ndarray()[0] for piece in pieces for frame in opened.resample(piece)]

    def output():
        made = np.concatenate(resample(resampler(), [*given, None]))
        return made if sample_format == "fltp" else made.astype(np.float32) / 32768

    opened = resampler()
    return (lambda: resample(opened, given)), output
