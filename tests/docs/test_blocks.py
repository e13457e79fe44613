"""What stands in the pages' fenced blocks happens."""

import pages
import pytest
import workplace as workplaces


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.name)
def test_every_block_does_what_it_shows(page, workplace):
    for block in pages.blocks(page):
        wrong = None
        try:
            workplace.run(block)
        except AssertionError as error:
            wrong = error
        if wrong:
            pytest.fail(f"{block}: {wrong}", pytrace=False)


def test_the_readme_begins_with_a_program_of_at_most_ten_lines():
    first = pages.blocks(pages.ROOT / "README.md")[0]
    assert first.kind == "cpp"
    assert len(first.text.splitlines()) <= 10


@pytest.mark.parametrize("kind, text", [
    ("sh", "ossicle extract --frontend nothing talk.wav -o talk.npy\n"),
    ("sh", "make nothing\n"),
    ("sh", "ctest --preset release -R no_such_test\n"),
    ("sh", "scripts/build.sh nothing\n"),
    ("console", "$ echo one\ntwo\n"),
    ("console", "$ echo one\n"),
    ("console", "$ true\none\n"),
    ("console", "$ false\n...\n"),
    ("cpp", "int main() { return 1; }\n"),
    ("text", "nothing\n"),
    ("c", "int main(void) { return 1; }\n"),
    ("go", "package main\n\nfunc main() { nothing() }\n"),
    ("cmake", "project(\n"),
    ("python", "nothing\n"),
    ("python", "import ossicle\nossicle.preset('nothing')\n"),
    ("python", "raise SystemExit\n"),
    ("sh", "pip install nothing\n"),
    ("sh", "pip install '.[nothing]'\n"),
    ("python", "# one.py\nprint(\n"),
    ("json", '{"hop_samples": 0}\n'),
    ("diff", "-import math\n+import ossicle.compat.nothing\n"),
    ("diff", "-import math\n"),
    ("diff", "--- a/src/frontend/presets.cc\n+++ b/src/frontend/presets.cc\n"),
    ("", "plain\n"),
])
def test_a_block_that_is_wrong_is_noticed(kind, text, workplace):
    with pytest.raises(AssertionError):
        workplace.run(pages.Block(pages.PAGES[0], 1, kind, text))


def test_python_blocks_are_one_program_whose_parts_print_for_themselves(workplace):
    page = pages.PAGES[0]
    for kind, text in [("python", "one = 1\nprint(one)\n"), ("text", "1\n"), ("python", "print(one + 1)\n"),
                       ("text", "2\n"), ("python", "pass\n")]:
        workplace.run(pages.Block(page, 1, kind, text))
    with pytest.raises(AssertionError):
        workplace.run(pages.Block(page, 1, "text", "2\n"))


def test_times_may_differ_and_nothing_else_may():
    shown = "input  a.wav: 2.99 s\ntime   decode 0.2 ms, encoder 3.12 s: 4058 times real time\n"
    workplaces.expect_output("", shown.replace("0.2 ms", "11 ms").replace("4058", "7"), shown)
    for part in ("2.99 s", "decode", "real"):
        with pytest.raises(AssertionError):
            workplaces.expect_output("", shown.replace(part, "1 s"), shown)
