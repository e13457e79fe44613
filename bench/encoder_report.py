"""The part of the report on the encoder."""

from tables import (BAR_HEADING, bar, bar_cells, difference_text, digits, in_markdown, machine_rows,
                    ratio, too_far)

HEADING = "Encoder"
MIB = 2 ** 20

PAGE = """## Encoder

`scripts/bench.sh --tasks encoder` measures this part alone, in five minutes.

| | |
|---|---|
{machine}
| ONNX Runtime | {onnxruntime} |

- The model has the shape of Wav2Lip's audio encoder, 2.8 million parameters, with weights from a
  seed ([make_wav2lip_encoder.py](../tests/models/make_wav2lip_encoder.py)). A window is 16 frames of
  80 bands, one for each frame of a video with 25 a second; a request of 25 is a second of it.
- Ossicle's time is from samples in memory to embeddings. ONNX Runtime's is through the same C
  functions, on windows that lie ready and outputs that were made before, with its own defaults.
- Before anything is timed, all embeddings are compared with Ossicle's.
- All ways run in turn, {slice_ms} ms or one call each, in {rounds} rounds, each on two cores. Times
  are those of the fastest call.

{bars}

### Requests

{requests}

### Memory

Of a process each, after some requests of {memory_windows} windows; the median of {processes}
processes. The values between the layers, which a run must hold, are {activations} MiB for a batch of
{memory_batch}: three more runs at the same time need three times that, and the bar is on what is
left.

{memory}

### Live streams

Each stream has a thread, which gets 40 ms of samples at a time, for {live_seconds} s in real time,
and waits for the embedding; no two streams are in step, and all share one encoder through an
`EncoderQueue`.
A delay is from the moment when the last sample was due until the embedding was there, waking up
included. The embeddings of all streams were those of the whole signal, bit for bit.

{load}

{live}

The cost of the queue is the difference between `EncoderQueue::Caller::Encode` and `Encoder::Encode`
of one window with a model that does next to nothing: {queued} us and {direct} us.

## What holds of an encoder pool

The pipeline that Ossicle succeeds, in Go, computed features with a thread a core, "6-7 times as fast
on 8 cores", and kept a pool of 3 to 4 copies of the model, "3-4 times as fast" for 150 to 200 MB
more, because sessions were thought not to be thread-safe. This is what the requests above say of it,
on {cores} cores:

{claims}

{stages}
"""


# Bars.

def times_ours(entries, names):
    """The fastest of `names`, beside Ossicle."""
    best = min(names, key=lambda name: entries[name]["seconds"])
    return ratio(entries[best], entries["Ossicle"])


def of_one(value):
    """What was measured once has no rounds."""
    return {"value": value, "median": value}


def delays(entry):
    """The p99 of each session, as a competitor's times."""
    rounds = [session["p99_s"] for session in entry["sessions"]]
    return {"frames": 1, "seconds": min(rounds), "round_seconds": rounds}


def delay_ratio(entry):
    """Of the delays to the raw time of the batch, which is a call whatever it holds."""
    return ratio(delays(entry), entry["raw"])


def memory_left(memory):
    entries = memory["entries"]
    more = entries["4 workers"]["rss_bytes"] - entries["1 worker"]["rss_bytes"]
    return (more - 3 * memory["activation_bytes"]) / MIB


def queue_us(queue):
    def difference(key):
        return 1e6 * (queue["queue"][key] - queue["encode"][key])
    return {"value": difference("seconds"), "median": difference("median_seconds")}


def bars(encoder):
    request, limits, live = encoder["requests"][0], encoder["bars"], encoder["live"]["entries"]
    entries = request["entries"]
    own = [name for name, entry in entries.items() if entry["own"]]
    streams, batch = live["live"]["streams"], live["live"]["batch"]
    return [bar("encoder", what, found, limits[key], at_most) for key, what, found, at_most in [
        ("loop", "one window after the other / Ossicle", times_ours(entries, ["loop"]), False),
        ("own", "best of ONNX Runtime's own ways / Ossicle", times_ours(entries, own), False),
        ("same calls", "ONNX Runtime's time for Ossicle's calls / Ossicle",
         times_ours(entries, ["same calls"]), False),
        ("memory", "memory of 4 workers - 1 worker - activations, MiB",
         of_one(memory_left(encoder["memory"])), True),
        ("live", f"{streams} live streams: p99 of the delay / raw time of a batch of {batch}",
         delay_ratio(live["live"]), True),
        ("alone", "one live stream: p99 of the delay / raw time of one window",
         delay_ratio(live["alone"]), True),
        ("queue", "queue, us a window", queue_us(encoder["queue"]), True)]]


def bars_table(encoder):
    return [["what", *BAR_HEADING]] + [[each["what"], *bar_cells(each)] for each in bars(encoder)]


# Tables.

def ways(request):
    """The entries that make embeddings of a whole request."""
    return {name: entry for name, entry in request["entries"].items() if entry["note"]}


def requests_table(encoder):
    rows = [["windows", "way", "ms/request", "median", "windows/s", "times Ossicle",
             "largest difference", "note"]]
    for request in encoder["requests"]:
        ours = request["entries"]["Ossicle"]
        for name, entry in ways(request).items():
            package = name if name == "Ossicle" else f"ONNX Runtime, {name}"
            rows.append([str(request["windows"]), package, digits(1e3 * entry["seconds"]),
                         digits(1e3 * entry["median_seconds"]),
                         digits(request["windows"] / entry["seconds"]),
                         f"{ratio(entry, ours)['value']:.2f}", difference_text(entry),
                         entry["note"]])
    return rows


def stages_table(encoder):
    rows = [["windows", "features, us", "with two threads, us", "encoder, ms", "whole request, ms",
             "features, % of it", "allocations a request", "of these ONNX Runtime's"]]
    for request in encoder["requests"]:
        entries = request["entries"]
        features, whole = entries["features"]["seconds"], entries["Ossicle"]["seconds"]
        rows.append([str(request["windows"]), digits(1e6 * features),
                     digits(1e6 * entries["features, two threads"]["seconds"]),
                     digits(1e3 * entries["encoder"]["seconds"]), digits(1e3 * whole),
                     digits(100 * features / whole, 2), str(entries["Ossicle"]["allocations"]),
                     str(entries["same calls"]["allocations"])])
    return rows


def memory_table(encoder):
    rows = [["process", "resident, MiB", "peak, MiB", "note"]]
    for name, entry in encoder["memory"]["entries"].items():
        rows.append([name, digits(entry["rss_bytes"] / MIB), digits(entry["peak_rss_bytes"] / MIB),
                     entry["note"]])
    return rows


def live_table(encoder):
    rows = [["streams", "session", "embeddings", "p50, ms", "p99, ms", "most, ms",
             "windows a run", "busy cores", "raw time, ms"]]
    for entry in encoder["live"]["entries"].values():
        raw = f"{digits(1e3 * entry['raw']['seconds'])} of a batch of {entry['batch']}"
        for i, session in enumerate(entry["sessions"]):
            rows.append([str(entry["streams"]), str(i + 1), str(session["embeddings"]),
                         *[digits(1e3 * session[key]) for key in ("p50_s", "p99_s", "max_s")],
                         digits(session["windows"] / session["runs"]),
                         digits(session["busy_cores"]), raw])
    return rows


def sections(encoder):
    yield f"{HEADING}: bars", bars_table(encoder)
    yield f"{HEADING}: requests", requests_table(encoder)
    yield f"{HEADING}: memory", memory_table(encoder)
    yield f"{HEADING}: live streams", live_table(encoder)
    yield f"{HEADING}: stages", stages_table(encoder)


def disagreements(encoder):
    return [too_far(f"encoder: {request['windows']} windows, {name}", entry["difference"])
            for request in encoder["requests"] for name, entry in request["entries"].items()
            if not entry["difference"]["agrees"]]


# Words.

def load_text(live):
    entry = live["entries"]["live"]
    streams, planned = entry["streams"], live["planned_streams"]
    share = 100 * 25 * streams / live["capacity"]
    text = (f"{streams} streams are {digits(share, 2)} % of what ONNX Runtime encodes here with "
            f"both cores, {digits(live['capacity'])} windows/s.")
    if streams < planned:
        text += f" {planned} would be too many for this machine."
    return text


def faster(request, name):
    """How many times as fast as one window after the other."""
    entries = request["entries"]
    return f"{ratio(entries['loop'], entries[name])['value']:.2f}"


def claims(encoder):
    rows = [["claim", *[f"{request['windows']} windows" for request in encoder["requests"]]]]
    memory = encoder["memory"]["entries"]

    def row(what, cell):
        rows.append([what, *[cell(request) for request in encoder["requests"]]])

    def features(request):
        entries = request["entries"]
        one, two = (entries[name]["seconds"] for name in ("features", "features, two threads"))
        whole = entries["Ossicle"]["seconds"]
        share = digits(100 * one / whole, 2)
        return f"{one / two:.2f} times; all features are {share} % of a request"

    def more(name, than):
        return digits((memory[name]["rss_bytes"] - memory[than]["rss_bytes"]) / MIB)

    def agree(request):
        return "yes" if request["entries"]["shared session"]["difference"]["max"] == 0 else "no"

    row("features are faster in parallel: two threads", features)
    row("two copies of the model are faster than one window after the other",
        lambda request: f"{faster(request, '2 copies')} times")
    row("four copies", lambda request: f"{faster(request, '4 copies')} times")
    row("without copies: one session, two threads",
        lambda request: f"{faster(request, 'shared session')} times")
    row("the same in batches: Ossicle, from samples",
        lambda request: f"{faster(request, 'Ossicle')} times")
    row("a session that two threads call gives the same bits as Ossicle", agree)
    windows = encoder["memory"]["windows"]
    row(f"memory of three more copies, requests of {windows}",
        lambda _: f"{more('4 copies', 'loop')} MiB")
    row(f"memory of three more workers of one session, batches of {encoder['memory']['batch']}",
        lambda _: f"{more('4 workers', '1 worker')} MiB")
    return rows


def part(results):
    encoder, method = results["encoder"], results["method"]
    memory, queue = encoder["memory"], encoder["queue"]
    return PAGE.format(
        machine=machine_rows(results["machine"]), cores=results["machine"]["cores"],
        onnxruntime=encoder["requests"][0]["entries"]["loop"]["version"],
        slice_ms=round(1000 * encoder["slice_seconds"]), rounds=method["rounds"],
        bars=in_markdown(bars_table(encoder)), requests=in_markdown(requests_table(encoder)),
        memory_windows=memory["windows"], processes=memory["processes"],
        memory_batch=memory["batch"],
        activations=digits(memory["activation_bytes"] / MIB),
        memory=in_markdown(memory_table(encoder)), live_seconds=encoder["live"]["seconds"],
        load=load_text(encoder["live"]), live=in_markdown(live_table(encoder)),
        queued=digits(1e6 * queue["queue"]["seconds"]),
        direct=digits(1e6 * queue["encode"]["seconds"]),
        claims=in_markdown(claims(encoder)), stages=in_markdown(stages_table(encoder)))
