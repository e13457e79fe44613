"""Ossicle's encoder beside raw ONNX Runtime, on the model that tests/models makes in Wav2Lip's
shape: the task "encoder". Its task.json lists the ways to encode a request, which run in turn on
two cores; the processes whose memory is read; and the live streams.
"""

import statistics
import subprocess
import sys

import onnx

import comparison
from competitor import run_rounds, two_cores
from settings import ROOT, Failure, audio_file, load_task, say, start_ours

RATE_HZ = 16000
VIDEO_FRAMES_PER_SECOND = 25
AUDIO_SECONDS = 10
SLICES = 5  # a request takes longer than a piece of sound
WARM_UP_SLICES = 5
MEMORY_PROCESSES = 3
MAX_BATCH = 16  # EncoderOptions::max_batch
ELEMENTWISE = {"Add", "Relu"}  # are computed where their input lies


class Bench:
    """What all parts of the task share."""

    def __init__(self, settings):
        self.settings, self.definition = settings, load_task("encoder")
        self.rounds, self.slice_seconds = settings.rounds, SLICES * settings.slice_seconds
        self.audio = audio_file(settings, RATE_HZ, AUDIO_SECONDS)
        self.model = settings.work / "encoder.onnx"
        maker = ROOT / "tests" / "models" / "make_wav2lip_encoder.py"
        subprocess.run([sys.executable, maker, self.model], check=True)

    def start(self, name, program, model=None, **options):
        """A program on two cores, ready."""
        words = [self.settings.programs / f"bench_{program}", "--model", model or self.model,
                 "--audio", self.audio]
        for option, value in options.items():
            words += [f"--{option}", value]
        return start_ours(words, self.settings.log("encoder", name), two_cores())

    def start_line(self, line, windows):
        return self.start(f"{windows}, {line['name']}", line["program"], windows=windows,
                          **line["options"])


# Requests.

def measure_request(bench, windows):
    """All ways to encode a request of so many windows, and its parts."""
    lines = bench.definition["ways"] + bench.definition["parts"]
    running = {}
    try:
        for line in lines:
            running[line["name"]] = bench.start_line(line, windows)
        differences = compare(bench, windows, running)
        say(f"encoder: {windows} windows, {len(running)} competitors, {bench.rounds} rounds")
        run_rounds(running.values(), bench.rounds, bench.slice_seconds)
        return {"windows": windows, "entries": {
            line["name"]: {**running[line["name"]].measured(),
                           "allocations": running[line["name"]].stages()["allocations"],
                           "difference": differences[line["name"]],
                           "note": line.get("note", ""), "own": line.get("own", False)}
            for line in lines}}
    finally:
        for competitor in running.values():
            competitor.stop()


def compare(bench, windows, running):
    outputs = {name: competitor.output(bench.settings.work / "embeddings.npy")
               for name, competitor in running.items()}
    ours, tolerance = outputs["Ossicle"], bench.definition["tolerance"]
    if ours.shape[0] != windows or not ours.any():
        raise Failure(f"encoder: Ossicle gives {ours.shape} for {windows} windows")
    try:
        return {name: comparison.judged(comparison.difference(theirs, ours), tolerance, "ours")
                for name, theirs in outputs.items()}
    except ValueError as error:
        raise Failure(f"encoder: {windows} windows: {error}") from None


# Memory.

def measure_memory(bench):
    """Each in processes of its own, after some requests; the median, because it is not always the
    same moment at which runs need most."""
    windows = bench.definition["memory_windows"]
    processes = min(bench.rounds, MEMORY_PROCESSES)
    entries = {}
    for line in bench.definition["memory"]:
        told = [memory_of(bench, line, windows) for _ in range(processes)]
        entries[line["name"]] = {"note": line["note"], **{
            key: statistics.median(each[key] for each in told)
            for key in ("rss_bytes", "peak_rss_bytes")}}
    return {"windows": windows, "processes": processes, "batch": MAX_BATCH,
            "activation_bytes": activation_bytes(bench.model, MAX_BATCH), "entries": entries}


def memory_of(bench, line, windows):
    program = bench.start_line(line, windows)
    program.run(WARM_UP_SLICES * bench.slice_seconds)
    told = program.stages()
    program.stop()
    return told


def activation_bytes(path, batch):
    """Of the values between the layers, the most that are needed at once for a batch."""
    model = onnx.load(path)
    model.graph.input[0].type.tensor_type.shape.dim[0].dim_value = batch
    model.graph.output[0].type.tensor_type.shape.dim[0].ClearField("dim_param")
    graph = onnx.shape_inference.infer_shapes(model, strict_mode=True).graph
    size = {}
    for value in [*graph.input, *graph.value_info, *graph.output]:
        size[value.name] = 4
        for dimension in value.type.tensor_type.shape.dim:
            size[value.name] *= dimension.dim_value or batch
    last_use = {name: i for i, node in enumerate(graph.node) for name in node.input}
    live, most = {graph.input[0].name}, 0
    for i, node in enumerate(graph.node):
        if node.op_type not in ELEMENTWISE:
            most = max(most, sum(size[name] for name in live | set(node.output)))
        live = {name for name in live | set(node.output) if last_use.get(name, i) > i}
    return most


# The queue alone.

def measure_queue(bench):
    """One window through a model that does next to nothing, with and without a queue."""
    model = bench.settings.work / "nothing.onnx"
    onnx.save(nothing(), model)
    running = {}
    try:
        for name in ("encode", "queue"):
            running[name] = bench.start(f"nothing, {name}", "encoder", model=model, windows=1,
                                        mode=name)
        run_rounds(running.values(), bench.rounds, bench.settings.slice_seconds)
        return {name: competitor.measured() for name, competitor in running.items()}
    finally:
        for competitor in running.values():
            competitor.stop()


def nothing():
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    graph = helper.make_graph(
        [helper.make_node("ReduceMax", ["mel"], ["embedding"], axes=[1, 2], keepdims=0)], "nothing",
        [helper.make_tensor_value_info("mel", kind, ["N", 1, 80, 16])],
        [helper.make_tensor_value_info("embedding", kind, ["N", 16])])
    return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])


# Live streams.

def measure_live(bench, capacity):
    """Many streams at once and one alone, each beside the raw time of what it could wait for.
    `capacity`: windows a second that raw ONNX Runtime encodes with both cores."""
    plan = bench.definition["live"]
    most = int(plan["load"] * capacity / VIDEO_FRAMES_PER_SECOND)
    streams = max(1, min(plan["streams"], most))
    seconds = min(plan["seconds"], bench.settings.audio_seconds)
    rounds = min(bench.rounds, plan["rounds"])
    entries = {name: measure_streams(bench, count, seconds, rounds)
               for name, count in (("live", streams), ("alone", 1))}
    return {"seconds": seconds, "planned_streams": plan["streams"], "capacity": capacity,
            "entries": entries}


def measure_streams(bench, streams, seconds, rounds):
    """Where all come at once, each of two cores has a batch of half of them."""
    batch = max(1, streams // 2)
    say(f"encoder: {streams} live streams, {rounds} times {seconds} s")
    raw = bench.start(f"batch of {batch}", "raw_encoder", windows=batch)
    sessions = []
    try:
        for i in range(rounds):
            raw.run(bench.slice_seconds)
            live = bench.start(f"{streams} live, {i}", "live", streams=streams, seconds=seconds)
            sessions.append(live.ready)
            live.stop()
        raw.run(bench.slice_seconds)
        last = raw.round_times.pop()
        raw.round_times[-1] += last
        return {"streams": streams, "batch": batch, "sessions": sessions, "raw": raw.measured()}
    finally:
        raw.stop()


def measure(settings):
    say("encoder: starting")
    bench = Bench(settings)
    sizes = bench.definition["requests"]
    requests = [measure_request(bench, windows)
                for windows in (sizes[-1:] if settings.smoke else sizes)]
    largest = requests[0]
    capacity = largest["windows"] / largest["entries"]["same calls"]["seconds"]
    return {"slice_seconds": bench.slice_seconds, "requests": requests,
            "memory": measure_memory(bench), "queue": measure_queue(bench),
            "live": measure_live(bench, capacity), "bars": bench.definition["bars"]}
