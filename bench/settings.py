"""What all tasks of bench/run.py share: how to measure, the audio, how competitors are started."""

import dataclasses
import json
import pathlib
import sys
import wave

import numpy as np

from competitor import Competitor, Skip

BENCH = pathlib.Path(__file__).resolve().parent
ROOT = BENCH.parent


class Failure(Exception):
    """What went wrong, for the user."""


@dataclasses.dataclass
class Settings:
    programs: pathlib.Path  # of the bench preset
    mel_spec: pathlib.Path  # None: not built
    heavy_python: pathlib.Path  # None: not installed
    work: pathlib.Path
    audio_seconds: int
    rounds: int
    slice_seconds: float
    peers: bool
    smoke: bool  # shows that it works, no more

    def log(self, *name):
        return self.work / (".".join(name) + ".log")

    def python(self, peer):
        """Which one runs a line of a task.json."""
        python = self.heavy_python if peer.get("heavy") else sys.executable
        if python is None:
            raise Skip("not installed: `PEERS=all make bench` installs it")
        return python


def say(text):
    print(text, file=sys.stderr, flush=True)


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2) + "\n")
    return path


def load_task(name):
    return json.loads((BENCH / name / "task.json").read_text())


def start_ours(command, log, cores=None):
    """A program of ours, ready: it must come up."""
    program = Competitor(command, log, cores)
    try:
        program.wait_ready()
    except Skip as skip:
        raise Failure(f"{command[0].name} {skip}") from None
    return program


def python_command(python, path, audio, task):
    return [python, BENCH / "peer.py", path, "--audio", audio, "--task", task]


def speech():
    """Debian's pocketsphinx-testdata, which scripts/fetch.py checks: mono, 16 kHz, full scale 1."""
    pin = json.loads((ROOT / "scripts" / "pins.json").read_text())["speech"]
    parts = []
    for name in sorted(pin["files"]):
        path = pathlib.Path(pin["folder"], name)
        if not path.is_file():
            raise Failure(f"{path} is not there; Debian, Ubuntu: apt-get install {pin['package']}")
        with wave.open(str(path)) as file:
            parts.append(np.frombuffer(file.readframes(file.getnframes()), dtype="<i2"))
    return (np.concatenate(parts) / 32768).astype("<f4")


def audio_file(settings, sample_rate_hz, seconds):
    """The speech again and again; where the rate is not 16000 Hz it is heard faster, which makes no
    difference to the time."""
    path = settings.work / f"audio-{sample_rate_hz}-{seconds}.f32"
    np.resize(speech(), seconds * sample_rate_hz).tofile(path)
    return path
