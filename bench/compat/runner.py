"""Times calls of ossicle.compat beside those that they replace: in turns, on 60 seconds of speech,
in one thread, after their results were compared. Times are those of the processor, so that other
programs count little."""

import os

# Before any library is imported that reads them.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
                 "NUMBA_NUM_THREADS"):
    os.environ[variable] = "1"

import argparse
import pathlib
import statistics
import sys
import time
from typing import Any, Callable, NamedTuple

import numpy as np

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))  # settings

SECONDS = 60


class Case(NamedTuple):
    name: str
    ours: Callable[[], Any]
    original: Callable[[], Any]
    largest_difference: float  # of any value, where the results are taken for the same


def speech(sample_rate_hz: int = 16000) -> np.ndarray:
    import settings
    return np.resize(settings.speech(), SECONDS * sample_rate_hz)


def seconds_of(call: Callable[[], Any], budget: float) -> float:
    """Of one call: the median of those that fit into the budget, at least one."""
    took: list[float] = []
    while sum(took) < budget:
        start = time.process_time()
        call()
        took.append(time.process_time() - start)
    return statistics.median(took)


def compare(case: Case) -> float:
    """The largest difference of two results of the same shape."""
    found, wanted = (np.asarray(call(), np.float64) for call in (case.ours, case.original))
    if found.shape != wanted.shape:
        sys.exit(f"{case.name}: {found.shape} is not {wanted.shape}")
    difference = float(np.max(np.abs(found - wanted)))
    if not difference <= case.largest_difference:
        sys.exit(f"{case.name}: {difference:.2g} apart, more than {case.largest_difference:.2g}")
    return difference


def main(original: str, cases: list[Case]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--slice", type=float, default=0.2, help="seconds of a round, at least")
    parser.add_argument("--only", default="", help="cases whose names hold this")
    options = parser.parse_args()
    print(f"{SECONDS} s of speech, one thread, {options.rounds} rounds; original: {original}")
    print(f"{'call':62} {'original ms':>12} {'ossicle ms':>11} {'times':>7}  largest difference")
    for case in cases:
        if options.only in case.name:
            difference = compare(case)
            rounds = [(seconds_of(case.original, options.slice), seconds_of(case.ours,
                                                                           options.slice))
                      for _ in range(options.rounds)]
            theirs, ours = (1e3 * statistics.median(side) for side in zip(*rounds))
            times = statistics.median(one / other for one, other in rounds)
            print(f"{case.name:62} {theirs:12.1f} {ours:11.2f} {times:7.1f}  {difference:.1e}",
                  flush=True)
