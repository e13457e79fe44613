"""libswresample as PyAV carries it."""

import fractions

import av
import numpy as np


def resample(input_format, output_format, internal_format=None):
    """A function of mono samples, from_hz and to_hz. With an internal format, by the filter that
    takes one; else as faster_whisper/audio.py does it."""
    def function(samples, from_hz, to_hz):
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format=input_format,
                                           layout="mono")
        frame.sample_rate = from_hz
        if internal_format:
            found = filtered(frame, input_format, output_format, internal_format, to_hz)
        else:
            resampler = av.AudioResampler(format=output_format, layout="mono", rate=to_hz)
            found = [*resampler.resample(frame), *resampler.resample(None)]
        return np.concatenate([np.zeros(0, samples.dtype),
                               *(each.to_ndarray().ravel() for each in found)])
    return function


def filtered(frame, input_format, output_format, internal_format, to_hz):
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=frame.sample_rate, format=input_format, layout="mono",
                               time_base=fractions.Fraction(1, frame.sample_rate))
    resampler = graph.add("aresample", f"{to_hz}:internal_sample_fmt={internal_format}")
    output = graph.add("aformat", f"sample_fmts={output_format}")
    graph.link_nodes(source, resampler, output, graph.add("abuffersink")).configure()
    graph.push(frame)
    graph.push(None)
    while True:
        try:
            yield graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
