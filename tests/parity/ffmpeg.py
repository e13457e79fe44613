"""The command ffmpeg, as whisper/audio.py calls it."""

import functools
import pathlib
import re
import shutil
import subprocess
import tempfile

import numpy as np

# From libswresample 4.12 on (ffmpeg 6.1), 16-bit samples are resampled in float unless told.
FLOAT_SWRESAMPLE = (4, 12)
IN_INTEGERS = ["-af", "aresample=internal_sample_fmt=s16p"]


@functools.lru_cache(maxsize=None)
def about():
    """What the command says of itself; nothing if there is none."""
    if not shutil.which("ffmpeg"):
        return ""
    return subprocess.run(["ffmpeg", "-version"], capture_output=True, check=True).stdout.decode()


def version():
    return about().split()[2] if about() else ""


def arguments():
    """What stands before the rate."""
    swresample = tuple(map(int, re.search(r"libswresample\s+(\d+)\.\s*(\d+)", about()).groups()))
    return [*(IN_INTEGERS if swresample >= FLOAT_SWRESAMPLE else []),
            "-f", "s16le", "-ac", "1", "-acodec", "pcm_s16le", "-ar"]


def resample(inputs):
    """inputs: [(int16 samples, from_hz, to_hz)]. One call of the command for all, which is slow to
    start."""
    with tempfile.TemporaryDirectory() as name:
        folder, sources, outputs = pathlib.Path(name), [], []
        for index, (samples, from_hz, to_hz) in enumerate(inputs):
            source = folder / f"{index}.in"
            source.write_bytes(samples.tobytes())
            sources += ["-f", "s16le", "-ac", "1", "-ar", str(from_hz), "-i", source]
            outputs += ["-map", f"{index}:a", *arguments(), str(to_hz), folder / f"{index}.out"]
        subprocess.run(["ffmpeg", "-nostdin", "-loglevel", "error", *sources, *outputs],
                       capture_output=True, check=True)
        return [np.fromfile(folder / f"{index}.out", "<i2") for index in range(len(inputs))]
