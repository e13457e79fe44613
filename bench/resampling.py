"""Ossicle's resampler beside the libraries whose definitions it reproduces: the task "resample".

Its task.json names for each competitor the resampler that is the same definition; at each pair of
rates all of them and their competitors run in turn.
"""

import importlib.util
import pathlib

import comparison
from competitor import Competitor, Skip, run_rounds
from settings import BENCH, Failure, audio_file, load_task, python_command, say, write_json

MOST_SECONDS = 10  # of the signal that one call resamples


class Rates:
    """All competitors at one pair of rates."""

    def __init__(self, settings, definition, from_hz, to_hz):
        self.settings, self.from_hz, self.to_hz = settings, from_hz, to_hz
        self.peers = definition["peers"]
        self.audio_seconds = min(MOST_SECONDS, settings.audio_seconds)
        self.audio = audio_file(settings, from_hz, self.audio_seconds)
        self.ours, self.theirs, self.skipped, self.differences = {}, {}, {}, {}

    def measure(self):
        try:
            self._start()
            self._compare()
            run_rounds(self._in_turn(), self.settings.rounds, self.settings.slice_seconds)
            return [self._result(i, peer) for i, peer in enumerate(self.peers)]
        finally:
            for competitor in self._in_turn():
                competitor.stop()

    def _start(self):
        for i, peer in enumerate(self.peers):
            name = peer["resampler"]
            if name not in self.ours:
                self.ours[name] = self._competitor(self._program("resample", resampler=name), name)
            try:
                self.theirs[i] = self._competitor(self._command(peer), str(i), peer["file"])
            except Skip as skip:
                self.skipped[i] = str(skip)
        for name, program in self.ours.items():
            try:
                program.wait_ready()
            except Skip as skip:
                raise Failure(f"bench_resample {skip}") from None
        for i in list(self.theirs):
            try:
                self.theirs[i].wait_ready()
            except Skip as skip:
                self.skipped[i] = str(skip)
                del self.theirs[i]

    def _competitor(self, command, *name):
        return Competitor(command, self.settings.log("resample", str(self.from_hz),
                                                     str(self.to_hz), *name))

    def _command(self, peer):
        path = BENCH / "resample" / peer["file"]
        if path.suffix == ".cc":
            return self._program(path.stem, **peer["settings"])
        missing = peer.get("heavy") or not importlib.util.find_spec(path.stem)
        if missing and not self.settings.peers:
            raise Skip("left out")
        line = self.peers.index(peer)
        name = f"resample.{self.from_hz}-{self.to_hz}.{line}.task.json"
        task = write_json(self.settings.work / name, {
            "from_hz": self.from_hz, "to_hz": self.to_hz, "settings": peer["settings"]})
        return python_command(self.settings.python(peer), path, self.audio, task)

    def _program(self, name, **options):
        words = [self.settings.programs / f"bench_{name}", "--audio", self.audio,
                 "--from-hz", self.from_hz, "--to-hz", self.to_hz]
        for option, value in options.items():
            words += [f"--{option}", value]
        return words

    def _compare(self):
        for i, competitor in self.theirs.items():
            peer = self.peers[i]
            ours = self._samples(self.ours[peer["resampler"]])
            theirs = self._samples(competitor)
            competitor.ready["frames"] = len(theirs)
            try:
                found = comparison.samples_difference(theirs, ours)
            except ValueError as error:
                raise Failure(f"{self.from_hz} -> {self.to_hz} Hz: {peer['file']} gives "
                              f"{error}") from None
            self.differences[i] = comparison.judged(found, peer["tolerance"], "ours")

    def _samples(self, competitor):
        return competitor.output(self.settings.work / "resampled.npy").ravel()

    def _in_turn(self):
        """Each peer right after ours."""
        competitors = []
        for i, peer in enumerate(self.peers):
            ours = self.ours.get(peer["resampler"])
            competitors += [each for each in (ours, self.theirs.get(i))
                            if each is not None and each not in competitors]
        return competitors

    def _result(self, i, peer):
        result = {"from_hz": self.from_hz, "to_hz": self.to_hz,
                  "audio_seconds": self.audio_seconds, "resampler": peer["resampler"],
                  "name": pathlib.PurePath(peer["file"]).stem, "note": peer["note"],
                  "bar": peer.get("bar", {}).get(str(self.from_hz)),
                  "ours": self.ours[peer["resampler"]].measured()}
        if i in self.theirs:
            result["peer"] = {**self.theirs[i].measured(), "difference": self.differences[i]}
        else:
            result["skipped"] = self.skipped[i]
        return result


def measure(settings):
    definition = load_task("resample")
    results = []
    for from_hz, to_hz in definition["rates_hz"]:
        say(f"resample: {from_hz} -> {to_hz} Hz, {settings.rounds} rounds")
        results += Rates(settings, definition, from_hz, to_hz).measure()
    return results
