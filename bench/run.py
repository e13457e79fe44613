#!/usr/bin/env python3
"""Times Ossicle's front end beside its peers, interleaved, and writes what it measured as JSON.

    run.py [--tasks NAME,...] [--rounds N] [--heavy-python PYTHON] [--smoke] -o RESULTS.json

A task is a folder here with a task.json; a competitor is a program that programs/server.h describes.
All competitors of a task are started and warmed up, their features are compared with ours, and then
each in turn computes for a moment, round after round. What counts is the least time of one whole
call. Every competitor has one thread and is kept on one core, unless its name says otherwise.
"""

import argparse
import dataclasses
import importlib.util
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import wave

import numpy as np

import report

BENCH = pathlib.Path(__file__).resolve().parent
ROOT = BENCH.parent
TASKS = ["wav2lip", "whisper_80", "whisper_128", "kaldi_fbank_80", "nemo_128", "hifigan",
         "librosa_mel"]
FFT_PROGRAMS = ["fftw", "kissfft"]
FFT_MODULES = ["scipy", "numpy"]
HOUR = 3600
ALL_CORES = os.sched_getaffinity(0)


class Failure(Exception):
    """What went wrong, for the user."""


class Skip(Exception):
    """Why a competitor does not take part."""


@dataclasses.dataclass
class Settings:
    programs: pathlib.Path  # of the bench preset
    mel_spec: pathlib.Path
    heavy_python: pathlib.Path
    work: pathlib.Path
    audio_seconds: int
    rounds: int
    slice_seconds: float
    smoke: bool
    peers: bool


def say(text):
    print(text, file=sys.stderr, flush=True)


class Competitor:
    """A running program and the times that it has reported."""

    def __init__(self, name, command, log, cores):
        self.name = name
        self.times = []  # seconds of each call, a list a round
        self.log = log
        with open(log, "wb") as errors:
            self.process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=errors, text=True, preexec_fn=lambda: os.sched_setaffinity(0, cores))
        self.ready = None

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            words = self.log.read_text(errors="replace").strip().splitlines()
            raise Skip(f"ended with exit code {self.process.returncode}: "
                       f"{words[-1] if words else 'no message'}")
        return json.loads(line)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.read()

    def wait_ready(self):
        self.ready = self.read()

    def output(self, path):
        self.ask(f"output {path}")
        return np.load(path)

    def run(self, seconds):
        self.times.append(self.ask(f"run {seconds}"))

    def stop(self):
        self.process.stdin.close()
        self.process.wait()

    def measured(self, frames):
        calls = [seconds for times in self.times for seconds in times]
        return {
            "package": self.ready["package"], "version": self.ready["version"], "frames": frames,
            "calls": len(calls), "seconds": min(calls),
            "median_seconds": statistics.median(calls),
            "round_seconds": [min(times) for times in self.times],
            "us_per_frame": 1e6 * min(calls) / frames,
        }


def one_core():
    return {max(ALL_CORES)}


def launch(settings, task, name, command, cores=None):
    log = settings.work / f"{task}.{name}.log"
    return Competitor(name, command, log, cores or one_core())


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2) + "\n")
    return path


# The audio.

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


def audio_file(settings, sample_rate_hz):
    """The speech again and again; where the rate is not 16000 Hz it is heard faster, which makes no
    difference to the time."""
    path = settings.work / f"audio-{sample_rate_hz}.f32"
    np.resize(speech(), settings.audio_seconds * sample_rate_hz).astype("<f4").tofile(path)
    return path


# Who takes part.

def ossicle_command(settings, spec_path, audio, **options):
    words = [settings.programs / "bench_ossicle", "--spec", spec_path, "--audio", audio]
    for name, value in options.items():
        words += ["--" + name.replace("_", "-"), value]
    return words


def our_variants(settings, task, rate):
    """Options of bench_ossicle and the cores, by the name of what they measure."""
    variants = {"float": ({}, None), "double": ({"precision": "double"}, None),
                "one_second": ({"piece": rate}, None)}
    if len(ALL_CORES) > 1:
        variants["two_workers"] = ({"workers": 2}, set(sorted(ALL_CORES)[-2:]))
    if task.get("growth") and not settings.smoke:
        variants["one_hour"] = ({"samples": HOUR * rate}, None)
    return variants


def peer_command(settings, folder, peer, audio, task_path):
    path = (folder / peer["file"]).resolve()
    if path.suffix == ".rs":
        if not settings.mel_spec or not settings.mel_spec.is_file():
            raise Skip("not built: it needs cargo")
        return [settings.mel_spec, path.parent.name, "--audio", audio]
    python = pathlib.Path(sys.executable)
    if peer.get("heavy"):
        python = settings.heavy_python
        if not python or not python.is_file():
            raise Skip("not installed: PEERS=all make bench installs it")
    return [python, BENCH / "peer.py", path, "--audio", audio, "--task", task_path]


def fft_commands(settings, fft, audio, task_path):
    for name in FFT_PROGRAMS:
        yield name, [settings.programs / f"bench_{name}", "--audio", audio,
                     "--fft-size", fft["size"], "--window-samples", fft["window_samples"],
                     "--hop-samples", fft["hop_samples"]]
    for name in FFT_MODULES:
        if importlib.util.find_spec(name):
            yield name, [sys.executable, BENCH / "peer.py", BENCH / "fft" / f"{name}.py",
                         "--audio", audio, "--task", task_path]


def peers_of(settings, task):
    return task["peers"] if settings.peers else []


def peer_name(peer):
    return pathlib.PurePath(peer["file"]).stem


# Comparing.

def features_of(settings, audio, spec, work_name):
    """Ours, by a program that ends afterwards: frames x bands."""
    spec_path = write_json(settings.work / f"{work_name}.spec.json", spec)
    program = Competitor("reference", ossicle_command(settings, spec_path, audio),
                         settings.work / f"{work_name}.log", one_core())
    program.wait_ready()
    values = program.output(settings.work / f"{work_name}.npy")
    program.stop()
    return frames_first(values, program.ready["bands"])


def frames_first(values, bands):
    return values if values.shape[-1] == bands else values.T


def difference(theirs, ours):
    """Over the frames that both have."""
    frames = min(len(theirs), len(ours))
    return {"max": float(np.abs(theirs[:frames].astype(np.float64) - ours[:frames]).max()),
            "frames": frames}


def exact_spectra(audio, fft, frames):
    """In float64, as rows of interleaved real and imaginary parts."""
    samples = np.fromfile(audio, dtype="<f4").astype(np.float64)
    length = fft["window_samples"]
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)
    cut = np.lib.stride_tricks.sliding_window_view(samples, length)[::fft["hop_samples"]][:frames]
    return np.fft.rfft(cut * window.astype(np.float32), n=fft["size"]).view(np.float64)


def compare_fft(floor, settings, task_name, audio, fft):
    spectra = floor.output(settings.work / f"{task_name}.{floor.name}.npy")
    exact = exact_spectra(audio, fft, len(spectra))
    found = float(np.abs(spectra - exact).max() / np.abs(exact).max())
    return {"max": found, "frames": len(spectra), "tolerance": 1e-5, "agrees": found <= 1e-5}


# Timing.

def go_round(settings, competitors, rounds):
    for _ in range(rounds):
        for competitor in competitors:
            competitor.run(settings.slice_seconds)


def measure_task(settings, name, presets):
    folder = BENCH / name
    task = json.loads((folder / "task.json").read_text())
    spec = task["frontend"]
    spec = presets[spec] if isinstance(spec, str) else spec
    rate = spec["sample_rate_hz"]
    audio = audio_file(settings, rate)
    task_path = write_json(settings.work / f"{name}.task.json", {**task, "bands": spec["mel_bands"]})
    spec_path = write_json(settings.work / f"{name}.spec.json", spec)
    say(f"{name}: starting")

    skipped, running = {}, {}
    for variant, (options, cores) in our_variants(settings, task, rate).items():
        running["ours", variant] = launch(settings, name, f"ours-{variant}", ossicle_command(
            settings, spec_path, audio, **options), cores)
    for peer in peers_of(settings, task):
        try:
            running["peer", peer_name(peer)] = launch(
                settings, name, peer_name(peer),
                peer_command(settings, folder, peer, audio, task_path))
        except Skip as skip:
            skipped["peer", peer_name(peer)] = str(skip)
    wait_for_all(running, skipped)
    # Alone, because FFTW plans by timing.
    for program, command in fft_commands(settings, task["fft"], audio, task_path):
        running["floor", program] = launch(settings, name, program, command)
        wait_for_all({key: running[key] for key in [("floor", program)]}, skipped, running)

    differences = compare_all(settings, name, task, spec, audio, running, skipped)
    say(f"{name}: {len(running)} competitors, {settings.rounds} rounds")
    go_round(settings, list(running.values()), settings.rounds)
    result = collect(name, task, spec, running, skipped, differences, settings)
    for competitor in running.values():
        competitor.stop()
    return result


def wait_for_all(waiting, skipped, running=None):
    """Those that do not come up are dropped, and the reason is kept."""
    running = waiting if running is None else running
    for key, competitor in list(waiting.items()):
        try:
            competitor.wait_ready()
        except Skip as skip:
            if key[0] == "ours":
                raise Failure(f"bench_ossicle {skip}") from None
            skipped[key] = str(skip)
            del running[key]


def compare_all(settings, name, task, spec, audio, running, skipped):
    differences = {}
    ours = frames_first(running["ours", "float"].output(settings.work / f"{name}.npy"),
                        spec["mel_bands"])
    double = frames_first(running["ours", "double"].output(settings.work / f"{name}.double.npy"),
                          spec["mel_bands"])
    differences["ours", "double"] = difference(double, ours)
    for peer in peers_of(settings, task):
        key = ("peer", peer_name(peer))
        if key in skipped:
            continue
        theirs = frames_first(running[key].output(settings.work / f"{name}.{key[1]}.npy"),
                              spec["mel_bands"])
        like_theirs = ours if "compare" not in peer else features_of(
            settings, audio, {**spec, **peer["compare"]}, f"{name}.as-{key[1]}")
        found = difference(theirs, like_theirs)
        if not abs(len(theirs) - len(like_theirs)) <= 1:
            raise Failure(f"{name}: {key[1]} gives {len(theirs)} frames, Ossicle {len(like_theirs)}")
        differences[key] = {**found, "tolerance": peer["tolerance"],
                            "agrees": found["max"] <= peer["tolerance"],
                            "of": "ours" if "compare" not in peer else "ours, changed alike"}
        running[key].ready["frames"] = len(theirs)
    for key, floor in running.items():
        if key[0] == "floor":
            differences[key] = compare_fft(floor, settings, name, audio, task["fft"])
            fft = task["fft"]
            samples = settings.audio_seconds * spec["sample_rate_hz"]
            floor.ready["frames"] = 1 + (samples - fft["window_samples"]) // fft["hop_samples"]
    return differences


def collect(name, task, spec, running, skipped, differences, settings):
    notes = {peer_name(peer): peer for peer in task["peers"]}
    result = {"name": name, "title": task["title"], "bars": task["bars"], "fft": task["fft"],
              "sample_rate_hz": spec["sample_rate_hz"], "audio_seconds": settings.audio_seconds,
              "ours": {}, "floors": {}, "peers": {}}
    for (kind, who), competitor in running.items():
        entry = competitor.measured(competitor.ready["frames"])
        entry["difference"] = differences.get((kind, who))
        if kind == "ours":
            entry["scratch_bytes_per_worker"] = competitor.ready["scratch_bytes_per_worker"]
        result[{"ours": "ours", "floor": "floors", "peer": "peers"}[kind]][who] = entry
    for (kind, who), reason in skipped.items():
        result["floors" if kind == "floor" else "peers"][who] = {"skipped": reason}
    for who, entry in result["peers"].items():
        entry["note"] = notes[who]["note"]
        entry["bar"] = notes[who].get("bar")
    return result


# Ours alone: every front end with every instruction set.

def measure_frontends(settings, specs, sets):
    running = {}
    for name, spec in specs.items():
        audio = audio_file(settings, spec["sample_rate_hz"])
        path = write_json(settings.work / f"{name}.spec.json", spec)
        for options in [{"instruction_set": each} for each in sets] + [{"precision": "double"}]:
            label = f"{name}.{'-'.join(options.values())}"
            running[label] = launch(settings, "frontends", label,
                                    ossicle_command(settings, path, audio, **options))
            running[label].wait_ready()
            running[label].about = {"frontend": name, "precision": "float", **options,
                                    "sample_rate_hz": spec["sample_rate_hz"]}
    say(f"front ends: {len(specs)} with {len(sets)} instruction sets, {settings.rounds} rounds")
    go_round(settings, list(running.values()), settings.rounds)
    results = []
    for competitor in running.values():
        ready = competitor.ready
        results.append({
            **competitor.about, **competitor.measured(ready["frames"]),
            "instruction_set": ready["instruction_set"], "audio_seconds": settings.audio_seconds,
            "bytes": ready["bytes_in"] + ready["bytes_out"],
            "scratch_bytes_per_worker": ready["scratch_bytes_per_worker"],
            "stages": ready.get("stages", {})})
        competitor.stop()
    return results


# The machine.

def cpu_model():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def cache_sizes():
    folder = pathlib.Path("/sys/devices/system/cpu/cpu0/cache")
    sizes = {}
    for index in sorted(folder.glob("index*")):
        if (index / "type").read_text().strip() != "Instruction":
            sizes["L" + (index / "level").read_text().strip()] = (index / "size").read_text().strip()
    return sizes


def system_name():
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()


def machine(listed):
    return {"cpu": cpu_model(), "cores": len(ALL_CORES), "caches": cache_sizes(),
            "instruction_sets": listed["instruction_sets"], "compiler": listed["compiler"],
            "system": f"{system_name()}, {platform.machine()}", "ossicle": listed["version"],
            "load_average": os.getloadavg()[0]}


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
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--no-peers", action="store_true", help="Ossicle and the floors alone")
    parser.add_argument("--smoke", action="store_true",
                        help="shows in seconds that it works: 2 s of audio, one round, no peers")
    arguments = parser.parse_args()
    unknown = set(arguments.tasks) - set(TASKS)
    if unknown:
        parser.error(f"no task is named {', '.join(sorted(unknown))}; there are {', '.join(TASKS)}")
    return arguments


def main():
    arguments = parse_arguments()
    smoke = arguments.smoke
    work = arguments.output.parent / "work"
    work.mkdir(parents=True, exist_ok=True)
    settings = Settings(
        programs=arguments.programs, mel_spec=arguments.mel_spec,
        heavy_python=arguments.heavy_python, work=work, audio_seconds=2 if smoke else 60,
        rounds=1 if smoke else arguments.rounds, slice_seconds=0.001 if smoke else 0.02,
        smoke=smoke, peers=not (smoke or arguments.no_peers))
    try:
        listed = json.loads(subprocess.run([settings.programs / "bench_ossicle", "--list", "1"],
                                           check=True, capture_output=True, text=True).stdout)
        results = {"machine": machine(listed),
                   "method": {"rounds": settings.rounds, "slice_seconds": settings.slice_seconds,
                              "audio_seconds": settings.audio_seconds}}
        results["tasks"] = [measure_task(settings, name, listed["presets"])
                            for name in arguments.tasks]
        specs = dict(listed["presets"])
        for name in arguments.tasks:
            spec = json.loads((BENCH / name / "task.json").read_text())["frontend"]
            if not isinstance(spec, str):
                specs[spec["name"]] = spec
        results["frontends"] = measure_frontends(settings, specs, listed["instruction_sets"])
    except (Failure, Skip, OSError, subprocess.CalledProcessError) as failure:
        sys.exit(f"run.py: {failure}")
    write_json(arguments.output, results)
    print(report.text(results))
    wrong = report.disagreements(results)
    if wrong:
        sys.exit("run.py: features differ more than they may: " + "; ".join(wrong))


if __name__ == "__main__":
    main()
