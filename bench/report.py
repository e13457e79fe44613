#!/usr/bin/env python3
"""What bench/run.py measured, for people.

    report.py RESULTS.json                  prints tables
    report.py RESULTS.json -o PAGE.md       writes the page that docs/performance.md is

Only the parts that were measured are written anew in a page that is there.
"""

import argparse
import json
import pathlib

import encoder_report
import stream_report
from tables import (BAR_HEADING, bar, bar_cells, difference_text, digits, in_markdown, machine_rows,
                    plain, ratio, too_far)

RESAMPLING = "Resampling"

NAMES = {
    "double": "double / float",
    "two_workers": "one worker / two workers",
    "one_second": "a frame of 1 s of audio / of the whole",
    "floor": "whole chain / FFTW's window and FFT alone",
}

# Bar and stretch of the ratios that every task has.
COMMON_BARS = {"double": [2.1, 2.0], "two_workers": [1.9, 1.97], "one_second": [1.3, 1.1]}


# Ratios and bars.

def bars(results):
    """Every bar that could be measured."""
    found = []
    for task in results["tasks"]:
        name, ours = task["name"], task["ours"]
        if "seconds" in task["floors"].get("fftw", {}):
            found.append(bar(name, NAMES["floor"],
                             ratio(ours["float"], task["floors"]["fftw"], per_frame=True),
                             task["floor_bar"], at_most=True))
        found.append(bar(name, NAMES["double"], ratio(ours["double"], ours["float"]),
                         COMMON_BARS["double"], at_most=True))
        if "two_workers" in ours:
            found.append(bar(name, NAMES["two_workers"], ratio(ours["float"], ours["two_workers"]),
                             COMMON_BARS["two_workers"], at_most=False))
        found.append(bar(name, NAMES["one_second"],
                         ratio(ours["one_second"], ours["float"], per_frame=True),
                         COMMON_BARS["one_second"], at_most=True))
        for peer in task["peers"].values():
            if peer.get("bar") and "seconds" in peer:
                found.append(bar(name, f"{peer['package']} / Ossicle", ratio(peer, ours["float"]),
                                 peer["bar"], at_most=False))
    return found


def skipped(results):
    """What took no part, and why: (task, name, reason, whether it has a bar)."""
    return [(task["name"], name, entry["skipped"], name == "fftw" or bool(entry.get("bar")))
            for task in results["tasks"]
            for name, entry in [*task["peers"].items(), *task["floors"].items()]
            if "skipped" in entry]


def disagreements(results):
    """Competitors whose output lies further from ours than their task.json allows."""
    wrong = []
    if results["streams"]:
        wrong += stream_report.disagreements(results["streams"])
    if results["encoder"]:
        wrong += encoder_report.disagreements(results["encoder"])
    for each in results["resampling"]:
        found = each["peer"]["difference"] if "peer" in each else {"agrees": True}
        if not found["agrees"]:
            wrong.append(
                too_far(f"{each['from_hz']} -> {each['to_hz']} Hz: {each['name']}", found))
    for task in results["tasks"]:
        for name, entry in [*task["peers"].items(), *task["floors"].items()]:
            found = entry.get("difference")
            if found and not found["agrees"]:
                wrong.append(too_far(f"{task['name']}: {name}", found))
    return wrong


# Tables, as lists of rows of text, the first one the heading.

def bars_table(results):
    rows = [["task", "ratio", *BAR_HEADING]]
    rows += [[each["task"], each["what"], *bar_cells(each)] for each in bars(results)]
    for task, name, reason, has_bar in skipped(results):
        if has_bar:
            rows.append([task, name, "", "", "", "", f"not measured: {reason}"])
    return rows


def real_time(entry, audio_seconds):
    return digits(audio_seconds / entry["seconds"])


def task_table(task):
    ours = task["ours"]["float"]
    rows = [["competitor", "version", "us/frame", "median", "times real time", "times Ossicle",
             "largest difference", "note"]]

    def add(name, entry, note):
        rows.append([
            name, entry["version"], digits(entry["us_per_frame"]),
            digits(1e6 * entry["median_seconds"] / entry["frames"]),
            real_time(entry, task["audio_seconds"]),
            digits(ratio(entry, ours, per_frame=True)["value"]), difference_text(entry), note])

    add("Ossicle", ours, "float")
    add("Ossicle", task["ours"]["double"], "double")
    if "two_workers" in task["ours"]:
        add("Ossicle", task["ours"]["two_workers"], "float, two workers")
    for entry in sorted((peer for peer in task["peers"].values() if "seconds" in peer),
                        key=lambda peer: peer["seconds"]):
        alike = (entry.get("difference") or {}).get("of", "ours") != "ours"
        add(entry["package"], entry, entry["note"] + (" (1)" if alike else ""))
    for entry in task["floors"].values():
        if "seconds" in entry:
            add(entry["package"], entry, "window and FFT alone (2)")
    return rows


def frontends_table(results):
    sets = results["machine"]["instruction_sets"]
    rows = [["front end", *[f"{name}, us/frame" for name in sets], "double, us/frame",
             "times real time", "GB/s", "scratch, KiB a worker"]]
    entries = {}
    for entry in results["frontends"]:
        key = "double" if entry["precision"] == "double" else entry["instruction_set"]
        entries.setdefault(entry["frontend"], {})[key] = entry
    for name, by_set in entries.items():
        best = by_set[sets[0]]
        rows.append([name, *[digits(by_set[each]["us_per_frame"]) for each in sets],
                     digits(by_set["double"]["us_per_frame"]),
                     real_time(best, best["audio_seconds"]),
                     digits(best["bytes"] / best["seconds"] / 1e9),
                     digits(best["scratch_bytes_per_worker"] / 1024)])
    return rows


def growth_table(results):
    lengths = {"one_second": "1 s", "float": f"{results['method']['audio_seconds']} s",
               "one_hour": "1 h"}
    rows = [["task", *[f"{text}, us/frame" for text in lengths.values()], "scratch, KiB"]]
    for task in results["tasks"]:
        ours = task["ours"]
        rows.append([task["name"], *[digits(ours[key]["us_per_frame"]) if key in ours else ""
                                     for key in lengths],
                     digits(ours["float"]["scratch_bytes_per_worker"] / 1024)])
    return rows


def stages_table(results):
    """Shares of the time, where the kernel tells them."""
    told = [entry for entry in results["frontends"] if entry["stages"]]
    names = list(dict.fromkeys(name for entry in told for name in entry["stages"]))
    rows = [["front end", "instruction set", "precision", *[f"{name}, %" for name in names]]]
    for entry in told:
        total = sum(entry["stages"].values())
        rows.append([entry["frontend"], entry["instruction_set"], entry["precision"],
                     *[digits(100 * entry["stages"].get(name, 0) / total) for name in names]])
    return rows if told else []


def resampling_table(results):
    rows = [["Hz", "resampler", "competitor", "version", "us per s of audio", "Ossicle's",
             "times Ossicle", "median round", "bar", "holds", "largest difference", "note"]]
    for each in results["resampling"]:
        head = [f"{each['from_hz']} -> {each['to_hz']}", each["resampler"]]
        ours = digits(1e6 * each["ours"]["seconds"] / each["audio_seconds"])
        bar_text = "" if each["bar"] is None else f">= {each['bar']:g}"
        if "peer" not in each:
            rows.append([*head, each["name"], "", "", ours, "", "", bar_text, "", "",
                         f"took no part: {each['skipped']}"])
            continue
        peer = each["peer"]
        found = ratio(peer, each["ours"])
        holds = "" if each["bar"] is None else "yes" if found["value"] >= each["bar"] else "no"
        rows.append([*head, peer["package"], peer["version"],
                     digits(1e6 * peer["seconds"] / each["audio_seconds"]), ours,
                     f"{found['value']:.2f}", f"{found['median']:.2f}", bar_text, holds,
                     difference_text(peer), each["note"]])
    return rows


def frontend_sections(results):
    """Heading and table."""
    yield "Bars", bars_table(results)
    for task in results["tasks"]:
        yield task["title"], task_table(task)
    yield "Every front end, by instruction set", frontends_table(results)
    yield "How the cost grows", growth_table(results)
    if stages_table(results):
        yield "Share of each stage", stages_table(results)


def sections(results):
    """The same of each part that was measured."""
    if results["tasks"]:
        yield from frontend_sections(results)
    if results["resampling"]:
        yield RESAMPLING, resampling_table(results)
    if results["streams"]:
        yield from stream_report.sections(results["streams"])
    if results["encoder"]:
        yield from encoder_report.sections(results["encoder"])


def text(results):
    parts = [f"{title}\n{plain(rows)}" for title, rows in sections(results)]
    parts += [f"{task}: {name} took no part: {reason}"
              for task, name, reason, _ in skipped(results)]
    return "\n\n".join(parts)


PAGE = """# Performance

<!-- Written by `make performance-doc` from build/bench/results.json: do not edit. -->

`make bench` measured all of this in one run; `PEERS=all make bench` includes the peers that need
PyTorch (5 GB). `make performance-doc` writes this page from what it measured. A number here is of
this machine, and only ratios travel:

| | |
|---|---|
{machine}

## How it is measured

- {seconds} s of real speech (LibriVox, repeated) stream through each call, and the features are
  written to memory that is used again: {megabytes} MB or more together, to be compared with the caches
  above.
- All competitors of a task run in turn, {slice_ms} ms or one call each, in {rounds} rounds. A time
  is that of the fastest whole call; "median" is the median of all calls. A ratio's "median round" is
  the median of the ratios within a round: where it is far from the value, the machine was busy.
- One thread each, kept on one core. Loading, planning and making tables are not counted.
- Before anything is timed, each competitor's features are compared with Ossicle's float features
  over the frames that both have; "largest difference" is in the unit of the features. A program that
  differs by more than its task.json allows makes `make bench` fail.
- The floor is FFTW's window and real FFT alone, without output: the fastest of five `FFTW_PATIENT`
  plans, because each planning finds another one.
- GB/s counts the samples that are read and the features that are written, once each.

Every competitor's code is in [bench](../bench), one folder a task, one file a competitor.

{tables}

(1) The peer computes something else than the preset, as the note says. It was compared with
Ossicle's front end changed to the same definition; its time is beside that of the whole preset.
(2) Only what every front end must do. Its difference is relative to the largest value of an exact
spectrum.
{absent}"""

RESAMPLING_PAGE = """## Resampling

`PEERS=all scripts/bench.sh --tasks resample` measures this part alone, in three minutes with
`--rounds 15` when all is installed.

| | |
|---|---|
{machine}

- Each competitor is compared with the Ossicle resampler that reproduces it: equal length, and at
  full scale 1.0 no larger a difference than its line in
  [task.json](../bench/resample/task.json) allows.
- A call is {seconds} s of speech, from the first sample to the last output, with tables that are
  made before. libsoxr and libswresample stay open from call to call, since they cannot begin again
  without making them anew.
- All competitors at two rates run in turn, {slice_ms} ms or one call each, in {rounds} rounds, each
  right after Ossicle; one thread each, kept on one core. Times are those of the fastest call.

{table}
"""


def frontend_part(results):
    absent = "".join(f"- {task}: {name}: {reason}\n" for task, name, reason, _ in skipped(results))
    method = results["method"]
    least_bytes = min(entry["bytes"] for entry in results["frontends"])
    return PAGE.format(
        machine=machine_rows(results["machine"]), seconds=method["audio_seconds"],
        rounds=method["rounds"], slice_ms=round(1000 * method["slice_seconds"]),
        megabytes=digits(least_bytes / 1e6, 2),
        tables="\n\n".join(f"## {title}\n\n{in_markdown(rows)}"
                           for title, rows in frontend_sections(results)),
        absent=f"\n## What took no part\n\n{absent}" if absent else "")


def resampling_part(results):
    method = results["method"]
    return RESAMPLING_PAGE.format(
        machine=machine_rows(results["machine"]),
        seconds=results["resampling"][0]["audio_seconds"], rounds=method["rounds"],
        slice_ms=round(1000 * method["slice_seconds"]),
        table=in_markdown(resampling_table(results)))


# The parts of the page after that of the front ends, in their order: heading and writer.
PARTS = {"resampling": (RESAMPLING, resampling_part),
         "streams": (stream_report.HEADING, stream_report.part),
         "encoder": (encoder_report.HEADING, encoder_report.part)}


def page(results, old=""):
    """`old` is the page as it was: a part that was not measured is taken from there."""
    texts = []
    for key, (heading, write) in reversed(PARTS.items()):
        old, mark, text = old.partition(f"\n## {heading}\n")
        texts.append("\n" + write(results) if results[key] else mark + text)
    texts.append(frontend_part(results) if results["tasks"] else old)
    return "".join(reversed(texts))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=pathlib.Path)
    parser.add_argument("-o", "--output", type=pathlib.Path, metavar="PAGE.md")
    arguments = parser.parse_args()
    results = json.loads(arguments.results.read_text())
    if arguments.output:
        old = arguments.output.read_text() if arguments.output.exists() else ""
        arguments.output.write_text(page(results, old))
    else:
        print(text(results))


if __name__ == "__main__":
    main()
