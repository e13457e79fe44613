"""Measures every front end and every resampler beside its judges, and writes docs/accuracy.md.

    accuracy.py [--measured accuracy.json] -o docs/accuracy.md

It needs $OSSICLE and $OSSICLE_MODELS: scripts/accuracy.sh. accuracy.json keeps what was measured:
test_features.py allows twice that, and test_accuracy.py compares the page with it.
"""

import argparse
import json
import pathlib
import platform
import warnings

import bars
import command
import judges
import measure
import notes
import numpy as np
import resampler_accuracy
from figures import one, rounded, table

MEASURED = pathlib.Path(__file__).with_name("accuracy.json")
COLUMNS = ("Front end", "Judge", "Frames", "Float: mean, 99.9 %, max", "Float: energies",
           "Double: mean, 99.9 %, max", "Double: energies", "Own error: judge",
           "Own error: Ossicle", "Nearer", "Call")


def row_of(judge):
    measured = measure.of_judge(judge)
    equal, others = measure.frames_of(judge)
    return {
        "preset": judge.preset, "variant": judge.variant, "library": judge.library,
        "version": judge.version, "call": judge.call, "role": judge.role, "golden": judge.golden,
        "frames_equal": equal, "frames_differ": others,
        **{name: {key: rounded(value) for key, value in errors._asdict().items()}
           for name, errors in measured.items()},
        "energy_error": rounded(measure.energy_error(judge)),
        "loudest_over_bar": rounded(measure.loudest_over_bar(judge)),
        "elsewhere": rounded(measure.error_elsewhere(judge)),
        "nearer": bool(measure.is_nearer(measured)),
        "short": short_input(judge),
    }


def short_input(judge):
    """What a judge does with noise that is short: "raises up to 256 samples"."""
    lengths = {int(name.split("-")[1]): said for name, said in measure.answers(judge).items()
               if name.startswith("length-")}
    raising = [count for count, said in lengths.items() if isinstance(said, str)]
    given = {count: said for count, said in lengths.items() if not isinstance(said, str)}
    empty = [count for count, said in given.items() if not len(said)]
    not_numbers = [count for count, said in given.items() if not np.isfinite(said).all()]
    said = []
    for what, counts in (("raises", raising), ("gives no frame", empty),
                         ("gives NaN", not_numbers)):
        if counts:
            said.append(f"{what}: {', '.join(map(str, sorted(counts)))}")
    return "; ".join(said)


def measure_all():
    listed = json.loads(command.run("frontends", "--json"))["frontends"]
    rows = [row_of(judge) for judge in judges.everyone()]
    return {"machine": machine(), "frontends": listed_fields(listed), "rows": rows,
            "resamplers": resampler_accuracy.rows(), "costs": resampler_accuracy.costs()}


def listed_fields(listed):
    return [{**{key: each[key] for key in ("name", "family", "unit", "alias")},
             "min_samples": judges.spec_of(each["name"])["min_samples"]} for each in listed]


def machine():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return f"{platform.machine()}, {line.split(':', 1)[1].strip()}"
    return platform.machine()


def page(measured):
    rows = measured["rows"]
    largest = max(row["energy_error"] or 0 for row in rows)
    parts = [notes.HEAD.format(
        machine=measured["machine"], energy_error=one(largest), energy_bar=one(bars.FLOAT_ENERGY),
        mean_bar=one(bars.FLOAT_MEAN_LN), p999_bar=one(bars.FLOAT_P999_LN))]
    for family in dict.fromkeys(each["family"] for each in measured["frontends"]):
        names = [each["name"] for each in measured["frontends"] if each["family"] == family]
        chosen = sorted((row for row in rows if row["preset"] in names and not row["variant"]),
                        key=lambda row: (names.index(row["preset"]), row["role"] == "peer"))
        parts += [f"\n## {family}\n\n{units(measured, names)}\n\n",
                  table(COLUMNS, map(cells, chosen)), quiet_bands(chosen)]
    variants = sorted((row for row in rows if row["variant"]), key=by_rate)
    parts += [notes.RATES, "\n", table(COLUMNS, map(cells, variants)), notes.SHORT, "\n",
              short_table(measured), resampler_accuracy.page(measured)]
    return "".join(parts)


def by_rate(row):
    return row["preset"], int(row["variant"])


def units(measured, names):
    unit_of = {each["name"]: each["unit"] for each in measured["frontends"]}
    found = list(dict.fromkeys(unit_of[name] for name in names))
    if len(found) == 1:
        return f"Unit: {found[0]}."
    return "Units: " + "; ".join(
        f"{unit} of {', '.join(f'`{name}`' for name in names if unit_of[name] == unit)}"
        for unit in found) + "."


def cells(row):
    name = f"`{row['preset']}`" + (f", {int(row['variant']):,} Hz" if row["variant"] else "")
    peer = "peer: " if row["role"] == "peer" else ""
    note = notes.PEERS.get((row["preset"], row["library"], row["call"]))
    judge = f"{peer}{row['library']} {row['version']}{'¹' if row['golden'] else ''}"
    return [name, judge, frames(row), three(row["float"]), one(row["float"]["before_log"]),
            three(row["double"]), one(row["double"]["before_log"]),
            three(row["judge_from_definition"]), three(row["double_from_definition"]),
            "yes" if row["nearer"] else "no", f"`{row['call']}`" + (f": {note}" if note else "")]


def frames(row):
    total = row["frames_equal"] + len(row["frames_differ"])
    if not row["frames_differ"]:
        return f"all {total}"
    return f"{row['frames_equal']} of {total} ({row['frames_differ'][0]})"


def three(errors):
    return ", ".join(one(errors[key]) for key in ("mean", "p999", "max"))


def quiet_bands(rows):
    """Why a front end exceeds the bars of the logarithm."""
    found = {}
    for row in rows:
        errors, own = row["float_from_definition"], row["judge_from_definition"]
        if row["role"] == "peer" or errors["mean_ln"] is None or within_bars(errors):
            continue
        found.setdefault(row["preset"], notes.QUIET_BANDS.format(
            preset=row["preset"], library=row["library"], mean=one(errors["mean_ln"]),
            p999=one(errors["p999_ln"]), own_mean=one(own["mean_ln"]), own_p999=one(own["p999_ln"]),
            mean_bar=one(bars.FLOAT_MEAN_LN), p999_bar=one(bars.FLOAT_P999_LN),
            loudest=one(row["loudest_over_bar"])))
    return "".join(f"\n{each}" for each in found.values())


def within_bars(errors):
    return errors["mean_ln"] <= bars.FLOAT_MEAN_LN and errors["p999_ln"] <= bars.FLOAT_P999_LN


def short_table(measured):
    lines = ["| Front end | Judge | Lengths, in samples | Ossicle |", "|---|---|---|---|"]
    for each in measured["frontends"]:
        least = each["min_samples"]
        ours = f"an error below {least}" if least > 1 else "no error"
        for row in measured["rows"]:
            if row["preset"] == each["name"] and row["role"] == "judge" and row["short"]:
                judge = f"{row['library']} {row['version']}"
                lines.append(f"| `{row['preset']}` | {judge} | {row['short']} | {ours} |")
    return "\n".join(dict.fromkeys(lines)) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    parser.add_argument("--measured", type=pathlib.Path, help="do not measure: this is what was")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    if arguments.measured:
        measured = json.loads(arguments.measured.read_text())
    else:
        measured = measure_all()
        MEASURED.write_text(as_json(measured))
    arguments.output.write_text(page(measured))


def as_json(measured):
    """A row a line, so that a change shows what changed."""
    parts = [f"{{\"machine\": {json.dumps(measured['machine'])}"]
    for key in ("frontends", "rows", "resamplers", "costs"):
        lines = ",\n".join(json.dumps(item, sort_keys=True) for item in measured[key])
        parts.append(f"\"{key}\": [\n{lines}\n]")
    return ",\n".join(parts) + "}\n"


if __name__ == "__main__":
    main()
