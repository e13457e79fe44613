"""The resamplers' part of docs/accuracy.md: what accuracy.json keeps of them, and their tables."""

import notes
import resampler_cost
import resampler_errors
import resampler_judges
import resampler_signals
import resamplers
from figures import one, rounded, table
from resampler_errors import PRECISIONS

COLUMNS = ("Resampler", "Judge", "Samples", "Lengths", "Double", "Float",
           "Own error in double: judge, Ossicle", "Own error in float: judge, Ossicle", "Call")
ROUNDING = "swr-float-s16"  # what is left are ties, rounded up or down
DEBIAN = "-"  # what stands before the revision of a Debian package, which is no other ffmpeg


def by_call():
    """{(resampler, library, version, call): {precision: judge}}"""
    found = {}
    for judge in resampler_judges.judges():
        key = judge.resampler, judge.library, judge.version.split(DEBIAN)[0], judge.call
        found.setdefault(key, {})[judge.precision] = judge
    return found


def rows():
    return [row_of(key, judges) for key, judges in sorted(by_call().items(), key=place)]


def place(item):
    return list(resamplers.RESAMPLERS).index(item[0][0]), item[0]


def row_of(key, judges):
    resampler, counts = key[0], next(iter(judges.values())).answers()
    measured = {**{precision: resampler_errors.difference(
        resampler_errors.ossicle(resampler, precision), judge_in(precision, judges).answers())
                   for precision in PRECISIONS},
                **{f"{precision}_from_definition":
                   resampler_errors.from_definition(resampler, precision)
                   for precision in PRECISIONS},
                **{f"judge_{precision}_from_definition": judge_from_definition(judge)
                   for precision, judge in judges.items()}}
    return {**dict(zip(("resampler", "library", "version", "call"), key)),
            "golden": any(len(answer.places) < answer.count for answer in counts.values()),
            "samples": sum(len(answer.places) for answer in counts.values()),
            **dict(zip(("lengths_equal", "lengths_differ"), lengths_of(resampler, counts))),
            **{name: {"worst": rounded(each.worst, 3), "share": rounded(each.share)}
               for name, each in measured.items()}}


def judge_in(precision, judges):
    """The one that was given the same type of samples, or else the only one."""
    return judges.get(precision) or next(iter(judges.values()))


def judge_from_definition(judge):
    precision = "float" if judge.precision == "float" else "double"
    return resampler_errors.difference(
        resampler_errors.definition_of(judge.resampler, precision), judge.answers())


def lengths_of(resampler, counts):
    """On how many inputs there are as many samples, and a list of the others."""
    wanted_of = resamplers.RESAMPLERS[resampler].length
    heard = resampler_errors.ossicle(resampler, "float")
    pairs = [(case, len(heard[case]), answer.count) for case, answer in counts.items()]
    pairs += [((*rates, count), found, wanted_of(count, *rates))
              for rates, count, found in resampler_errors.lengths(resampler)]
    differ = [f"{case}: {wanted}, not {found}" for case, found, wanted in pairs if found != wanted]
    return len(pairs) - len(differ), differ


def costs():
    """A row a resampler, and one for what rounding alone does."""
    chosen = [(resampler_cost.REFERENCE, "double")]
    chosen += [(name, "float") for name in resamplers.RESAMPLERS
               if name != resampler_cost.REFERENCE]
    return [{"resampler": name, "precision": precision,
             **{column: {key: rounded(value) for key, value
                         in resampler_cost.cost(*setting, name, precision).items()}
                for column, setting in settings().items()}}
            for name, precision in chosen]


def settings():
    return {f"`{frontend}`, {rate_hz:,} Hz": (frontend, rate_hz)
            for frontend in resampler_cost.FRONTENDS for rate_hz in resampler_cost.RATES_HZ}


def page(measured):
    costs_of = {}
    for row in measured["costs"]:
        costs_of.setdefault(tuple(cost_cells(row)), []).append(cost_name(row))
    return "".join([
        notes.RESAMPLERS.format(**bars_in_words()),
        "\n", table(COLUMNS, map(cells, measured["resamplers"])),
        notes.COST.format(far=resampler_cost.FAR), "\n",
        table(["Resampler", *settings()],
              [[", ".join(names), *cost] for cost, names in costs_of.items()])])


def bars_in_words():
    others = ", ".join(f"{one(bar)} of `{name}`"
                       for name, bar in resampler_errors.DOUBLE_BARS.items())
    return {"ratios": len(resampler_signals.RATIOS), "signals": len(resampler_signals.cases()),
            "double": one(resampler_errors.DOUBLE), "double_others": others,
            "judge": one(resampler_errors.OF_JUDGE), "hq": one(resampler_errors.HQ),
            "float": one(resampler_errors.FLOAT),
            "ties": f"{100 * resampler_errors.TIES:.2g} % of the samples"}


def cells(row):
    total = row["lengths_equal"] + len(row["lengths_differ"])
    lengths = (f"{row['lengths_equal']:,} of {total:,} ({row['lengths_differ'][0]})"
               if row["lengths_differ"] else f"all {total:,}")
    library = notes.LIBRARIES.get(row["library"], row["library"])
    note = notes.RESAMPLER_JUDGES.get((row["resampler"], row["library"]))
    return [f"`{row['resampler']}`",
            f"{library} {row['version']}{'¹' if row['golden'] else ''}",
            f"{row['samples']:,}", lengths,
            *(error(row, row[precision]) for precision in reversed(PRECISIONS)),
            *(own_errors(row, precision) for precision in reversed(PRECISIONS)),
            f"`{row['call']}`" + (f": {note}" if note else "")]


def own_errors(row, precision):
    judge = judge_of(row, precision)
    return (f"{error(row, judge) if judge else '-'}, "
            f"{error(row, row[f'{precision}_from_definition'])}")


def judge_of(row, precision):
    """How far the judge that was given `precision`, or integers, is from the definition."""
    return (row.get(f"judge_{precision}_from_definition")
            or row.get("judge_int16_from_definition"))


def error(row, measured):
    if row["resampler"] == ROUNDING and measured["share"]:
        return f"1 bit in {100 * measured['share']:.2g} %"
    return one(measured["worst"])


def cost_name(row):
    return f"`{row['resampler']}`" + (" in double" if row["precision"] == "double" else "")


def cost_cells(row):
    return [f"{one(row[column]['max'])}, {one(row[column]['mean'])}" for column in settings()]


def within_bars(row):
    """Whether what a row holds is what test_resamplers.py asks for."""
    return not row["lengths_differ"] and all(
        resampler_errors.passes(row["resampler"], resampler_errors.Difference(**measured), bar)
        for measured, bar in figures_with_bars(row))


def figures_with_bars(row):
    def bar_of(precision, float_bar):
        return resampler_errors.bar_of(row["resampler"], precision, float_bar)
    for precision in PRECISIONS:
        yield row[f"{precision}_from_definition"], bar_of(precision, resampler_errors.FLOAT)
        judge = judge_of(row, precision)
        if judge:
            yield judge, bar_of(precision, resampler_errors.OF_JUDGE)
            yield row[precision], bar_of(precision, resampler_errors.OF_JUDGE)
        else:
            hq = row["resampler"].startswith("soxr-hq")
            yield row[precision], resampler_errors.HQ if hq else resampler_errors.OF_JUDGE
