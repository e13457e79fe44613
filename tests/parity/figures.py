"""How docs/accuracy.md writes what was measured."""


def table(columns, lines):
    lines = [columns, ["---"] * len(columns), *lines]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def one(value):
    if value is None or value == 0:
        return "" if value is None else "0"
    return f"{value:.2g}" if value >= 0.01 else f"{value:.1e}".replace("e-0", "e-")


def rounded(value, digits=2):
    return None if value is None else float(f"{value:.{digits - 1}e}")
