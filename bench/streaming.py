"""Ossicle's streams beside the whole signal at once, and beside kaldi-native-fbank fed with the
same pieces: the task "stream". All that its task.json lists run in turn."""

import numpy as np

import comparison
from competitor import Competitor, Skip, run_rounds
from settings import (BENCH, Failure, audio_file, load_task, python_command, say, start_ours,
                      write_json)

RATE_HZ = 16000  # of all presets here


def piece_samples(line, rate_hz):
    """0 ms stands for one sample."""
    return line["piece_ms"] * rate_hz // 1000 or 1


class Streams:
    def __init__(self, settings):
        self.settings, self.definition = settings, load_task("stream")
        self.ours = {line["name"]: line for line in self.definition["ours"]}
        self.peers = {line["name"]: line for line in
                      (self.definition["peers"] if settings.peers else [])}
        self.running, self.skipped, self.differences = {}, {}, {}

    def measure(self):
        say("stream: starting")
        try:
            for name, line in self.ours.items():
                self.running[name] = self._start(name, line)
            for name, line in self.peers.items():
                self._start_peer(name, line)
            self._compare()
            say(f"stream: {len(self.running)} competitors, {self.settings.rounds} rounds")
            run_rounds(self.running.values(), self.settings.rounds, self.settings.slice_seconds)
            return self._result()
        finally:
            for competitor in self.running.values():
                competitor.stop()

    # Starting.

    def _start_peer(self, name, line):
        task = write_json(self.settings.work / f"stream.{name}.task.json", line)
        command = python_command(self.settings.python(line), BENCH / "stream" / line["file"],
                                 audio_file(self.settings, RATE_HZ, self.settings.audio_seconds),
                                 task)
        competitor = Competitor(command, self.settings.log("stream", name))
        try:
            competitor.wait_ready()
        except Skip as skip:
            self.skipped[name] = str(skip)
            return
        self.running[name] = competitor

    def _start(self, name, line):
        return start_ours(self._program(line), self.settings.log("stream", name))

    def _program(self, line):
        rate_hz = line.get("input_rate_hz", RATE_HZ)
        seconds = min(line.get("seconds", self.settings.audio_seconds),
                      self.settings.audio_seconds)
        options = {"audio": audio_file(self.settings, rate_hz, self.settings.audio_seconds),
                   "preset": line["preset"], "mode": line["mode"], "input-rate-hz": rate_hz,
                   "samples": seconds * rate_hz, "streams": line.get("streams", 1)}
        if "piece_ms" in line:
            options["piece"] = piece_samples(line, rate_hz)
        if "statistics" in line:
            options["statistics"] = line["statistics"]
        words = [self.settings.programs / "bench_stream"]
        for option, value in options.items():
            words += [f"--{option}", value]
        return words

    # Comparing.

    def _compare(self):
        for name, line in self.ours.items():
            if line["mode"] != "offline":
                self._check_equal(name, line)
        for name, line in self.peers.items():
            if name in self.running:
                self._compare_peer(name, line)

    def _check_equal(self, name, line):
        """With Frontend::Run on the same signals; running statistics, which it does not have, with
        one push of each whole signal."""
        whole = {key: value for key, value in line.items() if key != "piece_ms"}
        whole["mode"] = "stream" if "statistics" in line else "offline"
        judge = self._start(f"{name}, judge", whole)
        expected = self._features(judge)
        judge.stop()
        if not np.array_equal(self._features(self.running[name]), expected):
            raise Failure(f"stream: {name} gives other features than the whole signal at once")

    def _compare_peer(self, name, line):
        theirs = self._features(self.running[name])
        self.running[name].ready["frames"] = len(theirs)
        ours = self._features(self.running[line["beside"]])
        try:
            found = comparison.difference(theirs, ours)
        except ValueError as error:
            raise Failure(f"stream: {name} gives {error}") from None
        self.differences[name] = comparison.judged(found, line["tolerance"], "ours")

    def _features(self, competitor):
        return competitor.output(self.settings.work / "stream.npy")

    # Telling.

    def _result(self):
        lines = {**self.ours, **self.peers}
        entries = {}
        for name, line in lines.items():
            told = {key: line[key] for key in ("piece_ms", "beside", "note", "preset", "streams")
                    if key in line}
            if name in self.running:
                told.update(self.running[name].measured(), difference=self.differences.get(name))
            else:
                told["skipped"] = self.skipped[name]
            entries[name] = told
        return {"audio_seconds": self.settings.audio_seconds, "entries": entries,
                "bars": self.definition["bars"]}


def measure(settings):
    return Streams(settings).measure()
