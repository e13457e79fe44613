"""The part of the report on live streams."""

from tables import (BAR_HEADING, bar, bar_cells, difference_text, digits, in_markdown, machine_rows,
                    ratio, too_far)

HEADING = "Streams"

PAGE = """## Streams

`scripts/bench.sh --tasks stream` measures this part alone, in two minutes.

| | |
|---|---|
{machine}

- A call is {seconds} s of speech, or 160 s and more of many streams together, from the first sample
  to the last frame, in pieces as they come from a microphone; each piece's frames are handed over
  before the next piece goes in. Streams that are many hear different parts of the speech.
- Before anything is timed, each stream's frames are found equal to those of the whole signal at
  once, bit for bit; running statistics, which a whole signal does not have, to those of one push.
- kaldi-native-fbank gets the same pieces, as lists, which it takes faster than arrays; each frame is
  taken and dropped when it is ready. Its time includes that of its Python binding.
- All run in turn, {slice_ms} ms or one call each, in {rounds} rounds; one thread each, kept on one
  core. Times are those of the fastest call.

{bars}

{table}
"""


def bars(streams):
    found = []
    for line in streams["bars"]:
        above, below = (streams["entries"].get(line[side], {}) for side in ("above", "below"))
        if "seconds" in above and "seconds" in below:
            found.append(bar("stream", line["what"], ratio(above, below, per_frame=True),
                             [line["bar"], line.get("stretch")], line["at_most"]))
    return found


def bars_table(streams):
    return [["ratio", *BAR_HEADING]] + [[each["what"], *bar_cells(each)] for each in bars(streams)]


def offline(entries, entry):
    """The whole signal at once through the same front end."""
    while "beside" in entry:
        entry = entries[entry["beside"]]
    return entry


def pieces(entry):
    if "piece_ms" not in entry:
        return "whole"
    return f"{entry['piece_ms']} ms" if entry["piece_ms"] else "1 sample"


def table(streams):
    rows = [["front end", "competitor", "version", "pieces", "us/frame", "median", "times offline",
             "largest difference", "note"]]
    entries = streams["entries"]
    for name, entry in entries.items():
        whole = offline(entries, entry)
        package = entry.get("package", name).replace("ossicle", "Ossicle")
        head = [whole["preset"], package]
        if "skipped" in entry:
            rows.append([*head, "", pieces(entry), "", "", "", "",
                         f"took no part: {entry['skipped']}"])
            continue
        rows.append([*head, entry["version"], pieces(entry), digits(entry["us_per_frame"]),
                     digits(1e6 * entry["median_seconds"] / entry["frames"]),
                     f"{ratio(entry, whole, per_frame=True)['value']:.2f}",
                     difference_text(entry), entry["note"]])
    return rows


def disagreements(streams):
    found = {name: entry.get("difference") for name, entry in streams["entries"].items()}
    return [too_far(f"stream: {name}", each) for name, each in found.items()
            if each and not each["agrees"]]


def sections(streams):
    yield f"{HEADING}: bars", bars_table(streams)
    yield HEADING, table(streams)


def part(results):
    streams, method = results["streams"], results["method"]
    return PAGE.format(machine=machine_rows(results["machine"]), seconds=streams["audio_seconds"],
                       slice_ms=round(1000 * method["slice_seconds"]), rounds=method["rounds"],
                       bars=in_markdown(bars_table(streams)), table=in_markdown(table(streams)))
