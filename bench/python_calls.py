#!/usr/bin/env python3
"""What the Python package adds to the engine: a call from Python beside the same call from C++, one
thread on one core, in turns; the time of an import; the size of the wheel.

    python_calls.py [--programs build/release/bench] [--rounds N]

The C++ side is bench_ossicle, which writes into memory that is used again, as the call with `out=`
does. The features are compared first, bit for bit.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np

import ossicle
import settings
from competitor import Competitor, one_core

PRESETS = ["wav2lip", "whisper-80", "kaldi-fbank-80"]
RATE_HZ = 16000


class PythonCall:
    def __init__(self, call):
        self.call, self.times = call, []

    def run(self, seconds):
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            start = time.perf_counter()
            self.call()
            self.times.append(time.perf_counter() - start)


def measure(preset, seconds, options, folder):
    audio = np.resize(settings.speech(), seconds * RATE_HZ).astype("<f4")
    audio_path = folder / "audio.f32"
    audio_path.write_bytes(audio.tobytes())
    spec_path = folder / "spec.json"
    spec_path.write_text(ossicle.preset(preset).to_json())
    native = Competitor([options.programs / "bench_ossicle", "--spec", spec_path, "--audio", audio_path],
                        folder / "log")
    native.wait_ready()

    frontend = ossicle.Frontend(preset)
    out = frontend(audio)
    wanted = native.output(folder / "out.npy")
    assert np.array_equal(out if out.shape == wanted.shape else out.T, wanted), preset
    into, fresh = PythonCall(lambda: frontend(audio, out=out)), PythonCall(lambda: frontend(audio))
    for _ in range(options.rounds):
        for each in (native, into, fresh):
            each.run(0.1)
    native.stop()
    us = [1e6 * min(times) for times in (sum(native.round_times, []), into.times, fresh.times)]
    print(f"{preset:16} {seconds:3} s {us[0]:10.2f} {us[1]:12.2f} {us[1] - us[0]:+8.2f} us "
          f"{100 * (us[1] / us[0] - 1):+7.2f} % {us[2]:12.2f}", flush=True)


def import_ms(statement, rounds):
    """The least time of an interpreter with the import, less that of one without."""
    def least(code):
        times = []
        for _ in range(rounds):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            times.append(time.perf_counter() - start)
        return min(times)
    return 1e3 * (least(statement) - least("pass"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", type=pathlib.Path, default=settings.ROOT / "build/release/bench")
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    os.sched_setaffinity(0, one_core())
    print(f"{'least time of a call':22} {'C++, us':>9} {'out=, us':>12} {'more':>11} {'':9} {'new array, us':>13}")
    with tempfile.TemporaryDirectory() as folder:
        for seconds in (1, 60):
            for preset in PRESETS:
                measure(preset, seconds, options, pathlib.Path(folder))
    for statement in ("import ossicle", "import numpy", "import ossicle, numpy"):
        print(f"{statement:22} {import_ms(statement, options.rounds):8.1f} ms")
    for wheel in sorted((settings.ROOT / "build/wheel/dist").glob("*.whl")):
        print(f"{wheel.name}: {wheel.stat().st_size / 2**20:.2f} MiB")


if __name__ == "__main__":
    main()
