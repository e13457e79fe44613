#!/usr/bin/env python3
"""Times Ossicle's front end beside its peers, interleaved, and writes what it measured as JSON.

    run.py [--tasks NAME,...] [--rounds N] [--smoke] -o RESULTS.json

A task is a folder here with a task.json; a competitor is a program as programs/server.h describes
it. All competitors of a task are started and warmed up, their features are compared with ours, and
then each in turn computes for a moment, round after round. What counts is the least time of one
whole call. Every competitor has one thread and is kept on one core, but for our two workers.
"""

import argparse
import importlib.util
import json
import os
import pathlib
import subprocess
import sys

import numpy as np

import comparison
import encoding
import machine
import report
import resampling
import streaming
from competitor import ALL_CORES, Competitor, Skip, run_rounds, two_cores
from settings import (BENCH, ROOT, Failure, Settings, audio_file, load_task, python_command, say,
                      write_json)

FRONTEND_TASKS = ["wav2lip", "whisper_80", "whisper_128", "kaldi_fbank_80", "nemo_128", "hifigan",
                  "librosa_mel"]
# Tasks of another kind: what measures them, and the key of their results.
OTHER_TASKS = {"resample": (resampling.measure, "resampling"),
               "stream": (streaming.measure, "streams"),
               "encoder": (encoding.measure, "encoder")}
TASKS = [*FRONTEND_TASKS, *OTHER_TASKS]
FFT_PROGRAMS = ["fftw", "kissfft"]
FFT_MODULES = ["scipy", "numpy"]
HOUR_SECONDS = 3600
BUSY_LOAD = 0.3


def ossicle_command(settings, spec_path, audio, **options):
    words = [settings.programs / "bench_ossicle", "--spec", spec_path, "--audio", audio]
    for name, value in options.items():
        words += ["--" + name.replace("_", "-"), value]
    return words


class Task:
    """The competitors of one task, by kind ("ours", "peers", "floors") and name."""

    def __init__(self, settings, name, presets):
        self.settings, self.name = settings, name
        self.definition = load_task(name)
        named = self.definition["frontend"]
        self.spec = presets[named] if isinstance(named, str) else named
        self.bands = self.spec["mel_bands"]
        self.audio = audio_file(settings, self.spec["sample_rate_hz"], settings.audio_seconds)
        self.peers = {pathlib.PurePath(peer["file"]).stem: peer
                      for peer in (self.definition["peers"] if settings.peers else [])}
        self.path = write_json(settings.work / f"{name}.task.json",
                               {**self.definition, "bands": self.bands})
        self.spec_path = write_json(settings.work / f"{name}.spec.json", self.spec)
        self.running, self.skipped, self.differences = {}, {}, {}

    def measure(self):
        say(f"{self.name}: starting")
        self._start()
        self._compare()
        say(f"{self.name}: {len(self.running)} competitors, {self.settings.rounds} rounds")
        run_rounds(self.running.values(), self.settings.rounds, self.settings.slice_seconds)
        result = self._result()
        for competitor in self.running.values():
            competitor.stop()
        return result

    # Starting.

    def _start(self):
        for variant, (options, cores) in self._variants().items():
            self._launch("ours", variant, lambda options=options: self._ossicle(**options), cores)
        for name, peer in self.peers.items():
            self._launch("peers", name, lambda peer=peer: self._peer_command(peer))
        for key in list(self.running):
            self._wait_ready(key)
        # Alone, because FFTW plans by timing.
        for name, command in self._fft_commands():
            self._launch("floors", name, lambda command=command: command)
            self._wait_ready(("floors", name))

    def _launch(self, kind, name, command, cores=None):
        try:
            self.running[kind, name] = Competitor(
                command(), self.settings.log(self.name, kind, name), cores)
        except Skip as skip:
            self.skipped[kind, name] = str(skip)

    def _wait_ready(self, key):
        """One that does not come up is dropped, and the reason kept; ours must come up."""
        try:
            self.running[key].wait_ready()
        except Skip as skip:
            if key[0] == "ours":
                raise Failure(f"bench_ossicle {skip}") from None
            self.skipped[key] = str(skip)
            del self.running[key]

    def _variants(self):
        """Options of bench_ossicle and cores (None: one), by the name of what they measure."""
        rate = self.spec["sample_rate_hz"]
        variants = {"float": ({}, None), "double": ({"precision": "double"}, None),
                    "one_second": ({"piece": rate}, None)}
        if len(ALL_CORES) > 1:
            variants["two_workers"] = ({"workers": 2}, two_cores())
        if self.definition.get("growth") and not self.settings.smoke:
            variants["one_hour"] = ({"samples": HOUR_SECONDS * rate}, None)
        return variants

    def _ossicle(self, **options):
        return ossicle_command(self.settings, self.spec_path, self.audio, **options)

    def _peer_command(self, peer):
        path = (BENCH / self.name / peer["file"]).resolve()
        if path.suffix == ".rs":
            if self.settings.mel_spec is None:
                raise Skip("not built: it needs cargo")
            return [self.settings.mel_spec, path.parent.name, "--audio", self.audio]
        return python_command(self.settings.python(peer), path, self.audio, self.path)

    def _fft_commands(self):
        fft = self.definition["fft"]
        for name in FFT_PROGRAMS:
            yield name, [self.settings.programs / f"bench_{name}", "--audio", self.audio,
                         "--fft-size", fft["size"], "--window-samples", fft["window_samples"],
                         "--hop-samples", fft["hop_samples"]]
        for name in FFT_MODULES:
            if importlib.util.find_spec(name):
                path = BENCH / "fft" / f"{name}.py"
                yield name, python_command(sys.executable, path, self.audio, self.path)

    # Comparing.

    def _compare(self):
        ours = self._features(self.running["ours", "float"], "ours")
        double = self._features(self.running["ours", "double"], "ours-double")
        self.differences["ours", "double"] = comparison.difference(double, ours)
        if ("ours", "two_workers") in self.running:
            shared = self._features(self.running["ours", "two_workers"], "ours-two-workers")
            if not np.array_equal(shared, ours):
                raise Failure(f"{self.name}: two workers give other features than one")
        for (kind, name), competitor in self.running.items():
            if kind == "peers":
                self.differences[kind, name] = self._peer_difference(name, competitor, ours)
            elif kind == "floors":
                self.differences[kind, name] = self._floor_difference(name, competitor)

    def _features(self, competitor, name):
        values = competitor.output(self.settings.work / f"{self.name}.{name}.npy")
        return comparison.frames_first(values, self.bands)

    def _peer_difference(self, name, competitor, ours):
        """From ours, or where it is another definition from ours changed to that one."""
        peer = self.peers[name]
        theirs = self._features(competitor, name)
        competitor.ready["frames"] = len(theirs)
        of = "ours"
        if "compare" in peer:
            ours, of = self._ours_changed(peer["compare"], name), "ours, changed alike"
        try:
            return comparison.judged(comparison.difference(theirs, ours), peer["tolerance"], of)
        except ValueError as error:
            raise Failure(f"{self.name}: {name} gives {error}") from None

    def _ours_changed(self, changes, name):
        path = write_json(self.settings.work / f"{self.name}.like-{name}.json",
                          {**self.spec, **changes})
        program = Competitor(ossicle_command(self.settings, path, self.audio),
                             self.settings.log(self.name, f"like-{name}"))
        program.wait_ready()
        features = self._features(program, f"like-{name}")
        program.stop()
        return features

    def _floor_difference(self, name, competitor):
        fft, samples = self.definition["fft"], np.fromfile(self.audio, dtype="<f4")
        competitor.ready["frames"] = 1 + (
            len(samples) - fft["window_samples"]) // fft["hop_samples"]
        spectra = competitor.output(self.settings.work / f"{self.name}.{name}.npy")
        return comparison.spectrum_difference(spectra, samples, fft)

    # Telling.

    def _result(self):
        result = {"name": self.name, "ours": {}, "floors": {}, "peers": {},
                  **{key: self.definition[key] for key in ("title", "floor_bar", "fft")},
                  "sample_rate_hz": self.spec["sample_rate_hz"],
                  "audio_seconds": self.settings.audio_seconds}
        for (kind, name), competitor in self.running.items():
            result[kind][name] = {**competitor.measured(),
                                  "difference": self.differences.get((kind, name))}
            if kind == "ours":
                scratch = competitor.ready["scratch_bytes_per_worker"]
                result[kind][name]["scratch_bytes_per_worker"] = scratch
        for (kind, name), reason in self.skipped.items():
            result[kind][name] = {"skipped": reason}
        for name, peer in self.peers.items():
            result["peers"][name].update(note=peer["note"], bar=peer.get("bar"))
        return result


def measure_frontends(settings, specs, instruction_sets):
    """Ours alone: every front end with every instruction set, and in double with the best."""
    running = []
    for name, spec in specs.items():
        audio = audio_file(settings, spec["sample_rate_hz"], settings.audio_seconds)
        path = write_json(settings.work / f"{name}.spec.json", spec)
        for options in [*({"instruction_set": each} for each in instruction_sets),
                        {"precision": "double"}]:
            program = Competitor(ossicle_command(settings, path, audio, **options),
                                 settings.log("frontends", name, *options.values()))
            program.wait_ready()
            running.append(({"frontend": name, "precision": "float", **options}, program))
    say(f"{len(specs)} front ends with {len(instruction_sets)} instruction sets, "
        f"{settings.rounds} rounds")
    run_rounds([program for _, program in running], settings.rounds, settings.slice_seconds)
    return [frontend_result(settings, about, program) for about, program in running]


def frontend_result(settings, about, program):
    ready, told = program.ready, ("instruction_set", "scratch_bytes_per_worker")
    stages = program.stages()
    program.stop()
    return {**about, **program.measured(), "audio_seconds": settings.audio_seconds,
            "bytes": ready["bytes_in"] + ready["bytes_out"], "stages": stages,
            **{key: ready[key] for key in told}}


def all_specs(presets, tasks):
    """The presets, and the specs of the tasks that have no preset."""
    own = (load_task(name)["frontend"] for name in tasks)
    return {**presets, **{spec["name"]: spec for spec in own if isinstance(spec, dict)}}


def measure(settings, tasks):
    listing = subprocess.run([settings.programs / "bench_ossicle", "--list", "1"], check=True,
                             capture_output=True, text=True)
    listed = json.loads(listing.stdout)
    results = {"machine": machine.describe(listed),
               "method": {"rounds": settings.rounds, "slice_seconds": settings.slice_seconds,
                          "audio_seconds": settings.audio_seconds},
               "tasks": [], "frontends": [], "resampling": [], "streams": None, "encoder": None}
    of_frontends = [name for name in tasks if name in FRONTEND_TASKS]
    results["tasks"] = [Task(settings, name, listed["presets"]).measure() for name in of_frontends]
    results["bars"] = report.bars(results)
    if of_frontends:
        results["frontends"] = measure_frontends(
            settings, all_specs(listed["presets"], of_frontends), listed["instruction_sets"])
    for name, (measure_task, key) in OTHER_TASKS.items():
        if name in tasks:
            results[key] = measure_task(settings)
    return results


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True, metavar="RESULTS.json")
    parser.add_argument("--programs", type=pathlib.Path, default=ROOT / "build/bench/bench",
                        help="folder of the C++ programs")
    parser.add_argument("--mel-spec", type=pathlib.Path, help="the Rust program")
    parser.add_argument("--heavy-python", type=pathlib.Path,
                        help="a Python that has the packages of requirements-all.txt")
    parser.add_argument("--tasks", type=lambda text: text.split(","), default=TASKS,
                        help=f"some of {','.join(TASKS)}")
    parser.add_argument("--rounds", type=int, default=40,
                        help="40 take some minutes")
    parser.add_argument("--no-peers", action="store_true", help="Ossicle and the floors alone")
    parser.add_argument("--smoke", action="store_true",
                        help="shows in seconds that it works: 2 s of audio, one round, no peers")
    arguments = parser.parse_args()
    unknown = set(arguments.tasks) - set(TASKS)
    if unknown:
        parser.error(f"no task is named {', '.join(sorted(unknown))}; there are {', '.join(TASKS)}")
    return arguments


def settings_of(arguments):
    smoke = arguments.smoke
    return Settings(
        programs=arguments.programs, mel_spec=arguments.mel_spec,
        heavy_python=arguments.heavy_python, work=arguments.output.parent / "work",
        audio_seconds=2 if smoke else 60, rounds=1 if smoke else arguments.rounds,
        slice_seconds=0.001 if smoke else 0.02, peers=not (smoke or arguments.no_peers),
        smoke=smoke)


def main():
    arguments = parse_arguments()
    settings = settings_of(arguments)
    settings.work.mkdir(parents=True, exist_ok=True)
    if os.getloadavg()[0] > BUSY_LOAD and not arguments.smoke:
        say(f"Others use this machine (load average {os.getloadavg()[0]:.1f}): all times will be "
            "too long, those of long calls most")
    try:
        results = measure(settings, arguments.tasks)
    except (Failure, Skip, OSError, subprocess.CalledProcessError) as failure:
        sys.exit(f"run.py: {failure}")
    write_json(arguments.output, results)
    print(report.text(results))
    wrong = report.disagreements(results)
    if wrong:
        sys.exit("run.py: features differ more than they may: " + "; ".join(wrong))


if __name__ == "__main__":
    main()
