"""Runs the blocks of a page, in their order, in one folder."""

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

import pytest
from interpreter import Interpreter
from pages import ROOT

# Compiled with a patched preset table, these judge the new preset.
PRESET_TABLE = ["src/frontend/presets.cc", "src/frontend/preset_table.cc"]
PRESET_TESTS = ["tests/unit/presets_test.cc", "tests/unit/frontend_test.cc",
                "tests/support/allocations.cc"]


# A machine that runs tests has no microphone: this one hears talk.wav.
MICROPHONE = '''#!/bin/sh
while getopts qt:f:r:c: flag; do
  case $flag$OPTARG in
    q | traw | fS16_LE) ;;
    r*) rate=$OPTARG ;;
    c*) channels=$OPTARG ;;
    *) exit 2 ;;
  esac
done
exec ffmpeg -loglevel error -i talk.wav -f s16le -ac "$channels" -ar "$rate" -
'''


class Workplace:
    def __init__(self, materials, folder):
        self.folder = folder / "page"
        shutil.copytree(materials, self.folder)
        self.build = pathlib.Path(os.environ["OSSICLE_BUILD"])
        self.prefix = pathlib.Path(os.environ["OSSICLE_PREFIX"])
        home = folder / "home"
        home.mkdir()
        (home / "ossicle").symlink_to(self.prefix)
        pkg_config = self.prefix / os.environ["OSSICLE_LIBDIR"] / "pkgconfig"
        microphone = folder / "bin" / "arecord"
        microphone.parent.mkdir()
        microphone.write_text(MICROPHONE)
        microphone.chmod(0o755)
        go_cache = os.environ.get("GOCACHE") or pathlib.Path.home() / ".cache/go-build"
        places = [microphone.parent, pathlib.Path(os.environ["OSSICLE"]).parent,
                  pathlib.Path(sys.executable).parent, os.environ["PATH"]]
        self.environment = {**os.environ, "HOME": str(home), "PKG_CONFIG_PATH": str(pkg_config),
                            "GOCACHE": str(go_cache), "PATH": ":".join(map(str, places)),
                            "LD_LIBRARY_PATH": str(pkg_config.parent)}
        self.output_of_program = None
        self.interpreter = None

    def close(self):
        if self.interpreter:
            self.interpreter.close()

    def run(self, block):
        """Fails unless `block` does what it shows."""
        kinds = {"sh": self.sh, "console": self.console, "cpp": self.cpp, "c": self.c, "cmake": self.cmake,
                 "text": self.text, "json": self.json, "diff": self.diff, "python": self.python,
                 "go": self.go}
        assert block.kind in kinds, f"no test knows what to do with this kind; use {', '.join(kinds)}"
        kinds[block.kind](block.text)

    def shell(self, command):
        return subprocess.run(command, shell=True, cwd=self.folder, env=self.environment, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=300, check=False)

    def check(self, *command, cwd=None):
        result = subprocess.run(list(map(str, command)), cwd=cwd or self.folder, env=self.environment,
                                text=True, capture_output=True, timeout=600, check=False)
        assert result.returncode == 0, f"{shlex.join(map(str, command))}\n{result.stdout}{result.stderr}"
        return result.stdout

    def sh(self, text):
        """Commands, each of which must succeed; those that build the tree itself are only tried."""
        for command in joined_lines(text):
            word, *rest = shlex.split(command)
            if word == "make":
                self.check("make", "-n", *rest, cwd=ROOT)
            elif word == "ctest":
                self.ctest(rest)
            elif word.startswith("scripts/"):
                self.script(word, rest)
            elif word == "pip":
                self.pip(rest)
            else:
                result = self.shell(command)
                assert result.returncode == 0, f"{command}\n{result.stdout}"

    def ctest(self, arguments):
        assert arguments[:2] == ["--preset", "release"], arguments
        found = self.check("ctest", "--test-dir", self.build, "-N", *arguments[2:])
        assert "Total Tests: 0" not in found, f"no test is named so: {arguments}"

    def script(self, name, arguments):
        assert os.access(ROOT / name, os.X_OK), f"{name} cannot be run"
        preset, *targets = arguments
        presets = json.loads((ROOT / "CMakePresets.json").read_text())["buildPresets"]
        assert preset in [each["name"] for each in presets], f"there is no preset {preset}"
        for target in targets:
            self.check("cmake", "--build", self.build, "--target", target, "--", "-n")

    def pip(self, arguments):
        """Of this package and its extras; the test of the wheel installs it."""
        assert arguments[0] == "install" and len(arguments) == 2, arguments
        project = (ROOT / "pyproject.toml").read_text()
        place, extras = re.fullmatch(r"([^[]+)(?:\[(.*)\])?", arguments[1]).groups()
        assert place in (".", "ossicle"), f"{place} is not this package"
        for extra in extras.split(",") if extras else ():
            assert re.search(rf"^{extra} = \[", project, re.M), f"there is no extra {extra}"

    def console(self, text):
        """Commands after `$ `, each followed by all that it prints."""
        if text.startswith("$ make demo\n"):
            return self.demo(text.split("\n", 1)[1])
        assert text.startswith("$ "), "a console block starts with a command: $ ..."
        for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
            command, shown = part.split("\n", 1)
            result = self.shell(command)
            expect_output(command, result.stdout, shown)
            failure_is_shown = "ossicle: " in shown
            assert result.returncode == 0 or failure_is_shown, f"{command}\n{result.stdout}"
        return None

    def demo(self, shown):
        """Runs scripts/demo.sh in a tree in which all is built and fetched."""
        tree = self.folder / "tree"
        shutil.copytree(ROOT / "scripts", tree / "scripts")
        (tree / "scripts/build.sh").write_text("#!/bin/sh\n")
        command = tree / "build/release/apps/cli/ossicle"
        command.parent.mkdir(parents=True)
        command.symlink_to(os.environ["OSSICLE"])
        for name, there in (("models", os.environ["OSSICLE_MODELS"]),
                            ("onnxruntime", pathlib.Path(os.environ["OSSICLE_ONNXRUNTIME"]).parent)):
            (tree / "build" / name).symlink_to(there)
        result = self.shell("tree/scripts/demo.sh")
        assert result.returncode == 0, result.stdout
        expect_output("make demo", result.stdout, shown)

    def cpp(self, text):
        """A program, compiled against the installed library and given talk.wav."""
        (self.folder / "talk.cc").write_text(text)
        flags = self.check("pkg-config", "--cflags", "--libs", "ossicle").split()
        program = self.folder / "talk"
        self.check(os.environ.get("CXX", "c++"), "-std=c++20", "talk.cc", "-o", program, *flags)
        self.output_of_program = self.check(program, "talk.wav")

    def c(self, text):
        """A program in C99, compiled against the installed libossicle.so and given talk.wav."""
        (self.folder / "talk.c").write_text(text)
        flags = self.check("pkg-config", "--cflags", "--libs", "ossicle-c").split()
        program = self.folder / "talk"
        self.check(os.environ.get("CC", "cc"), "-std=c99", "-Wall", "-Wextra", "-Werror", "talk.c",
                   "-o", program, *flags)
        self.output_of_program = self.check(program, "talk.wav")

    def go(self, text):
        """A program, as gofmt writes it, built on the Go package of this tree and given talk.wav."""
        if shutil.which("go") is None:
            pytest.skip("there is no Go here; it is in Debian's package golang-go")
        module = self.folder / "pipeline"
        module.mkdir(exist_ok=True)
        (module / "main.go").write_text(text)
        (module / "go.mod").write_text("module pipeline\n\ngo 1.19\n\nrequire ossicle v0.0.0\n\n"
                                       f"replace ossicle => {ROOT / 'go'}\n")
        assert self.check("gofmt", "-l", module) == "", "not as gofmt writes it"
        program = self.folder / "talk"
        self.check("go", "build", "-o", program, ".", cwd=module)
        self.output_of_program = self.check(program, "talk.wav")

    def text(self, text):
        """What the program above it prints."""
        assert self.output_of_program is not None, "there is no program above it"
        expect_output("the program above", self.output_of_program, text)

    def python(self, text):
        """A program for the commands below it, under the name in its first line: # NAME.py. Without a
        name, the next part of the page's own program, which has the Python package."""
        name = re.match(r"# (\w+\.py)\n", text)
        if name:
            (self.folder / name[1]).write_text(text)
            self.check(sys.executable, "-m", "py_compile", name[1])
            return
        self.interpreter = self.interpreter or Interpreter(self.folder, self.environment)
        self.output_of_program = self.interpreter.run(text)

    def cmake(self, text):
        (self.folder / "CMakeLists.txt").write_text(text)
        self.check("cmake", "-B", "configured", f"-DCMAKE_PREFIX_PATH={self.prefix}")

    def json(self, text):
        """A spec."""
        (self.folder / "block.json").write_text(text)
        self.check(os.environ["OSSICLE"], "frontends", "block.json")

    def diff(self, text):
        """Imports that change, whose new ones must be there; or a change that adds presets, which pass the
        tests that judge presets."""
        if all(re.match(r"[-+](import|from) ", line) for line in text.splitlines()):
            imports = "\n".join(line[1:] for line in text.splitlines() if line[0] == "+")
            assert imports, "nothing is imported instead"
            return self.check(sys.executable, "-c", imports)
        tree = self.folder / "patched"
        for part in ("src", "tests/unit", "tests/oracle", "tests/support", "tests/parity"):
            shutil.copytree(ROOT / part, tree / part)
        (tree / "change.diff").write_text(text)
        self.check("git", "init", "--quiet", cwd=tree)
        self.check("git", "apply", "-C1", "change.diff", cwd=tree)
        names = re.findall(r'^\+ *PresetRow\{\w+, "([^"]+)"', text, re.M)
        assert names, "no preset is added"
        packages = self.check("pkg-config", "--cflags", "--libs", "gtest_main", "libhwy").split()
        archives = [self.build / path for path in
                    ("tests/oracle/libossicle_oracle.a", "src/frontend/libossicle_frontend.a",
                     "src/resample/libossicle_resample.a", "src/dsp/libossicle_dsp.a",
                     "src/core/libossicle_core.a")]
        self.check(os.environ.get("CXX", "c++"), "-std=c++20", "-O1", "-Isrc", "-Itests",
                   f"-I{ROOT / 'include'}", *PRESET_TABLE, *PRESET_TESTS, "-o", "judge", *archives,
                   *packages, cwd=tree)
        for name in names:
            test_name = re.sub(r"[^0-9A-Za-z]", "_", name)
            said = self.check(tree / "judge", f"--gtest_filter=Presets.*:*/{test_name}", cwd=tree)
            assert f"EachPreset.IsWithinItsBoundsOfTheOracleOnEverySignal/{test_name}" in said
        return None


def joined_lines(text):
    """Lines without comments; one that ends in a backslash goes on in the next."""
    lines = text.replace("\\\n", " ").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def without_times(text):
    """Times, and ratios of times, are another each time."""
    return re.sub(r"^time .*", lambda line: re.sub(r"[\d.]+ (ms|s|times)\b", r"# \1", line[0]), text,
                  flags=re.M)


def expect_output(command, found, shown):
    """`shown` is `found`, but for times; ... stands for anything, on a line of its own for lines."""
    pattern = "".join(r"(?:.*\n)*" if line == "..." else
                      ".*".join(map(re.escape, line.split("..."))) + r"\n"
                      for line in without_times(shown).strip().splitlines())
    matches = re.fullmatch(pattern, without_times(found).strip() + "\n" if found.strip() else "")
    assert matches, f"{command}\nprints\n{found}\nbut the page shows\n{shown}"
