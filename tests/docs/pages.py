"""The pages of the project, cut into fenced blocks, links and tables."""

import dataclasses
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md",
         *sorted((ROOT / "docs").glob("*.md"))]


@dataclasses.dataclass(frozen=True)
class Block:
    page: pathlib.Path
    line: int
    kind: str
    text: str

    def __str__(self):
        return f"{self.page.relative_to(ROOT)}:{self.line} ({self.kind})"


def blocks(page):
    """Every fenced block; a fence that is never closed is an error."""
    found, kind, start, lines = [], None, 0, []
    for number, line in enumerate(page.read_text().splitlines(), 1):
        fence = re.match(r"\s*(?:```|~~~)(.*)", line)
        if not fence:
            lines.append(line)
        elif kind is None:
            kind, start, lines = fence[1].strip(), number, []
        else:
            found.append(Block(page, start, kind, "".join(f"{each}\n" for each in lines)))
            kind = None
    assert kind is None, f"{page.name}:{start}: this block has no end"
    return found


def prose(page):
    """The page without its fenced blocks."""
    return re.sub(r"^\s*(```|~~~).*?^\s*\1\s*$", "", page.read_text(), flags=re.M | re.S)


def links(page):
    """(label, target) of every link."""
    return re.findall(r"\[((?:`[^`]*`|[^\]])*)\]\(([^)\s]+)\)", prose(page))


def table(page, first_column):
    """Rows, as lists of cells, of the table whose first column has that heading."""
    lines = iter(page.read_text().splitlines())
    for line in lines:
        if line.startswith(f"| {first_column} |"):
            next(lines)
            break
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    assert rows, f"{page.name} has no table with the first column {first_column!r}"
    return rows
