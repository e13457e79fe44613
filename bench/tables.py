"""What all parts of the report share: ratios and bars, and tables as lists of rows of text, the
first one the heading."""

import statistics


def ratio(above, below, per_frame=False):
    """Of the least times, and the median of the rounds' ratios: in a round both ran in turn."""
    scale = below["frames"] / above["frames"] if per_frame else 1.0
    rounds = [a / b for a, b in zip(above["round_seconds"], below["round_seconds"])]
    return {"value": scale * above["seconds"] / below["seconds"],
            "median": scale * statistics.median(rounds)}


def bar(task, what, found, limits, at_most):
    """`limits`: the bar and the stretch, which may be None."""
    def reached(limit):
        value = found["value"]
        return limit is not None and (value <= limit if at_most else value >= limit)

    limit, stretch = limits
    return {"task": task, "what": what, **found, "bar": limit, "stretch": stretch,
            "at_most": at_most, "holds": reached(limit), "reaches_stretch": reached(stretch)}


BAR_HEADING = ["value", "median round", "bar", "stretch", "holds"]


def bar_cells(each):
    """The cells below BAR_HEADING."""
    sign = "<=" if each["at_most"] else ">="
    verdict = ("no" if not each["holds"] else
               "yes, and the stretch" if each["reaches_stretch"] else "yes")
    stretch = "" if each["stretch"] is None else f"{sign} {each['stretch']:g}"
    return [f"{each['value']:.2f}", f"{each['median']:.2f}", f"{sign} {each['bar']:g}", stretch,
            verdict]


def digits(value, count=3):
    """Three significant digits without an exponent."""
    if value >= 10 ** (count - 1):
        return f"{value:.0f}"
    text = f"{value:#.{count}g}"
    return text if "e" not in text else f"{value:.6f}"


def difference_text(entry):
    found = entry.get("difference")
    if not found:
        return ""
    allowed = "" if found.get("agrees", True) else f" (allowed: {found['tolerance']:.1g})"
    return f"{found['max']:.1e}{allowed}"


def too_far(name, found):
    return f"{name} by {found['max']:.2g}, {found['tolerance']:.2g} is allowed"


def plain(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
                     for row in rows)


def in_markdown(rows):
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def machine_rows(machine):
    caches = ", ".join(f"{name} {size}" for name, size in machine["caches"].items())
    return "\n".join(f"| {name} | {value} |" for name, value in [
        ("processor", f"{machine['cpu']}, {machine['cores']} cores"), ("caches", caches),
        ("instruction sets", ", ".join(machine["instruction_sets"])),
        ("system", machine["system"]), ("compiler", machine["compiler"]),
        ("load average when it began", f"{machine['load_average']:.1f}"),
        ("Ossicle", machine["ossicle"])])
