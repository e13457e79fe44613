"""What the pages' prose names is there, and their tables agree with the command and the package."""

import ast
import json
import os
import re
import subprocess

import pages
import pytest

CONTRACT = pages.ROOT / "docs/contract.md"
STREAM = pages.ROOT / "docs/stream.md"
PYTHON = pages.ROOT / "docs/python.md"
FIELDS = pages.table(CONTRACT, "field")
STEPS = pages.table(CONTRACT, "step")
each_page = pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.name)


def code(cell):
    """What stands in backticks."""
    return re.findall(r"`([^`]*)`", cell)


def ossicle(*arguments):
    return subprocess.run([os.environ["OSSICLE"], *map(str, arguments)], text=True,
                          capture_output=True, timeout=60, check=False)


@pytest.fixture
def parse(tmp_path):
    """parse(spec): (the whole spec, "") or (None, the message)."""

    def of(spec):
        path = tmp_path / "spec.json"
        path.write_text(json.dumps(spec))
        result = ossicle("frontends", path)
        return (None, result.stderr) if result.returncode else (json.loads(result.stdout), "")

    return of


@each_page
def test_links_lead_to_files_that_are_there(page):
    targets = [target for _, target in pages.links(page) if not re.match(r"https?://", target)]
    lost = [target for target in targets if not (page.parent / target.split("#")[0]).exists()]
    assert lost == []


@each_page
def test_tests_that_are_named_are_in_the_file_that_is_linked(page):
    for label, target in pages.links(page):
        for name in code(label):
            text = (page.parent / target).read_text() if re.match(r"test_|\w+\.\w+$", name) else ""
            if name.startswith("test_"):
                assert f"def {name}(" in text, f"{name} is not in {target}"
            elif text:
                suite, test = name.split(".")
                assert re.search(rf"\({suite}, {test}\b", text), f"{name} is not in {target}"


@each_page
def test_rules_that_are_named_exist(page):
    rules = (pages.ROOT / "tests/rules/CMakeLists.txt").read_text()
    for name in re.findall(r"`rules\.(\w+)`", pages.prose(page)):
        assert re.search(rf"\b{name}\b", rules), f"rules.{name}"


def test_the_readme_names_every_preset():
    readme = pages.prose(pages.ROOT / "README.md")
    for preset in json.loads(ossicle("frontends", "--json").stdout)["frontends"]:
        for name in filter(None, (preset["name"], preset["alias"])):
            assert f"`{name}`" in readme, name


def test_the_contract_has_every_field_with_its_default(parse):
    spec, _ = parse({})
    assert {code(field)[0]: json.loads(code(default)[0]) for field, _, default, _ in FIELDS} == spec
    assert [code(field)[0] for field, *_ in FIELDS if field not in ("`layout`", "`steps`")] == \
        [field for field in spec if field not in ("layout", "steps")]


def needed_for(value):
    """Fields without which a value is not legal."""
    if value != "waveform":
        return {}
    return {"framing": "no-padding", "window_samples": 1, "hop_samples": 1, "mel_bands": 1,
            "window_position": "left", "log": "none"}


@pytest.mark.parametrize("row", FIELDS, ids=lambda row: row[0].strip("`"))
def test_the_contract_says_what_is_legal(row, parse):
    field, legal = code(row[0])[0], row[1]
    if ".." in legal:
        low, high = map(float, legal.split(".."))
        for wrong in (low - 1, high + 1):
            wrong = int(wrong) if wrong == int(wrong) else wrong
            _, message = parse({field: wrong})
            assert f"it must be {legal}" in message
    elif code(legal):
        values = [{"true": True, "false": False}.get(value, value) for value in code(legal)]
        assert all(parse({**needed_for(value), field: value})[0] for value in values)
        if values != [True, False]:
            _, message = parse({field: "nothing"})
            assert all(f'"{value}"' in message or value in message for value in values)
            listed = message.split("one of")[-1].strip().rstrip(".").replace('"', "")
            assert sorted(listed.split(", ")) == sorted(values), message


def test_the_contract_has_every_step_with_its_fields_and_defaults(parse):
    _, message = parse({"steps": [{"step": "nothing"}]})
    assert [code(row[0])[0] for row in STEPS] == message.strip().split("one of ")[1].split(", ")
    for step, defaults, _ in STEPS:
        name, fields = code(step)[0], json.loads(code(defaults)[0])
        spec, message = parse({"steps": [{"step": name}]})
        assert spec, message
        assert spec["steps"] == [{"step": name, **fields}]


def test_the_contract_has_every_exit_code():
    codes = re.findall(r"\d+", " ".join(row[0] for row in pages.table(CONTRACT, "code")))
    footer = ossicle("--help").stdout.split("Exit codes:")[1].split("`")[0]
    assert codes == re.findall(r"\d+", footer)


def test_the_latency_table_is_what_the_command_says():
    presets = json.loads(ossicle("frontends", "--json").stdout)["frontends"]
    assert pages.table(STREAM, "front end") == [
        [f"`{preset['name']}`", f"{preset['lookahead_ms']:.2f} ms",
         f"{preset['lookahead_samples']} at {preset['sample_rate_hz']} Hz",
         "needed" if preset["needs_statistics"] else ""] for preset in presets]


def test_the_python_page_has_every_exception_with_its_bases():
    tree = ast.parse((pages.ROOT / "python/ossicle/_errors.py").read_text())
    classes = {each.name: [base.id for base in each.bases] for each in tree.body
               if isinstance(each, ast.ClassDef)}
    assert classes.pop("Error") == ["Exception"]
    rows = pages.table(PYTHON, "exception")
    assert [(code(name)[0], code(bases)) for name, bases, _ in rows] == \
        [(name, [base for base in bases if base != "Error"]) for name, bases in classes.items()]
    assert all(when for *_, when in rows)


def test_the_python_page_has_every_extra():
    section = (pages.ROOT / "pyproject.toml").read_text().split("[project.optional-dependencies]")[1]
    extras = re.findall(r"^(\w+) = \[", section.split("[project.scripts]")[0], re.M)
    assert sorted(code(row[0])[0] for row in pages.table(PYTHON, "extra")) == sorted(extras)
