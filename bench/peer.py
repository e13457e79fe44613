"""Serves bench/run.py for a competitor in Python, as bench/programs/server.h says.

    peer.py COMPETITOR.py --audio FILE.f32 --task TASK.json

COMPETITOR.py has `PACKAGE`, the name of the package that it shows, and `make(samples, task)`, which
gives a function without arguments: one whole call, from the samples (mono float32) to the features
of all frames as an array. It may give a pair of functions instead: what is timed, and what gives
the array.
"""

import argparse
import importlib.metadata
import importlib.util
import json
import os
import pathlib
import sys
import time

# Before any library is imported that reads them.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
                 "NUMEXPR_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"
os.environ["TRANSFORMERS_NO_ADVISORY_WARNINGS"] = "1"
os.environ["HF_HUB_OFFLINE"] = "1"

# A competitor's file bears the name of its package: it must not be found in the package's place.
sys.path.pop(0)

import numpy as np


def load(path):
    spec = importlib.util.spec_from_file_location(f"competitor_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_for(budget, call):
    seconds = []
    while not seconds or sum(seconds) < budget:
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return seconds


def answer(values):
    print(json.dumps(values), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("competitor", type=pathlib.Path)
    parser.add_argument("--audio", type=pathlib.Path, required=True)
    parser.add_argument("--task", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    module = load(arguments.competitor)
    made = module.make(np.fromfile(arguments.audio, dtype="<f4"),
                       json.loads(arguments.task.read_text()))
    call, output = made if isinstance(made, tuple) else (made, made)
    call()
    answer({"ready": True, "package": module.PACKAGE,
            "version": importlib.metadata.version(module.PACKAGE)})
    for line in sys.stdin:
        command, value = line.rstrip("\n").split(" ", 1)
        if command == "run":
            answer(run_for(float(value), call))
        elif command == "output":
            np.save(value, np.asarray(output()))
            answer({"written": True})
        else:
            sys.exit(f"{line!r} is no command; there are run and output")


if __name__ == "__main__":
    main()
