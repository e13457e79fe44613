"""A competitor as seen from outside: a running program that programs/server.h describes."""

import json
import os
import statistics
import subprocess

import numpy as np

ALL_CORES = os.sched_getaffinity(0)


class Skip(Exception):
    """Why a competitor does not take part."""


def one_core():
    """The last one: the first is where most interrupts go."""
    return {max(ALL_CORES)}


def two_cores():
    return set(sorted(ALL_CORES)[-2:])


class Competitor:
    """Starts the program; wait_ready() must be called next. It sleeps unless it is asked."""

    def __init__(self, command, log, cores=None):
        self.log = log
        self.ready = None  # what the program said of itself
        self.round_times = []  # seconds of each call, a list a round
        with open(log, "wb") as errors:
            self.process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=errors, text=True,
                preexec_fn=lambda: os.sched_setaffinity(0, cores or one_core()))

    def _read(self):
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            words = self.log.read_text(errors="replace").strip().splitlines()
            raise Skip(f"ended with exit code {self.process.returncode}: "
                       f"{words[-1] if words else 'no message'}")
        return json.loads(line)

    def _ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self._read()

    def wait_ready(self):
        self.ready = self._read()

    def output(self, path):
        self._ask(f"output {path}")
        return np.load(path)

    def run(self, seconds):
        self.round_times.append(self._ask(f"run {seconds}"))

    def stages(self):
        """Ossicle's alone: shares of the time by the stage's name; empty where it does not know."""
        return self._ask("stages")

    def stop(self):
        self.process.stdin.close()
        self.process.wait()

    def measured(self):
        calls = [seconds for times in self.round_times for seconds in times]
        frames = self.ready["frames"]
        return {
            "package": self.ready["package"], "version": self.ready["version"], "frames": frames,
            "calls": len(calls), "seconds": min(calls),
            "median_seconds": statistics.median(calls),
            "round_seconds": [min(times) for times in self.round_times],
            "us_per_frame": 1e6 * min(calls) / frames,
        }


def run_rounds(competitors, rounds, slice_seconds):
    for _ in range(rounds):
        for competitor in competitors:
            competitor.run(slice_seconds)
