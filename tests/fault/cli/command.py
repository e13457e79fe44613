"""Runs the command as a user does: from outside, by its arguments, pipes and signals."""

import json
import os
import signal
import subprocess

COMMAND = os.environ["OSSICLE"]
HANG_SECONDS = 120

DONE, SOME_FAILED, USAGE, INPUT, OUTPUT, MODEL = range(6)


class Result:
    def __init__(self, code, stdout, stderr):
        self.code = code
        self.stdout = stdout
        self.stderr = stderr.decode()

    def __repr__(self):
        return f"exit code {self.code}, {len(self.stdout)} bytes on stdout, stderr:\n{self.stderr}"


def environment(**changes):
    """This process's environment with changes; None removes a variable."""
    merged = {**os.environ, **changes}
    return {name: value for name, value in merged.items() if value is not None}


def run(*arguments, stdin=b"", **changes):
    process = subprocess.run(
        [COMMAND, *map(str, arguments)], input=stdin, capture_output=True, timeout=HANG_SECONDS,
        env=environment(**changes))
    return Result(process.returncode, process.stdout, process.stderr)


def start(*arguments, **options):
    # A shell that runs this in the background has SIGINT ignored, and children inherit that.
    return subprocess.Popen(
        [COMMAND, *map(str, arguments)],
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL), **options)


def finish(process):
    try:
        stdout, stderr = process.communicate(timeout=HANG_SECONDS)
    finally:
        process.kill()
    return Result(process.returncode, stdout or b"", stderr or b"")


def refused(result, code, *words):
    """The exit code, nothing on stdout, and a message that holds all the words."""
    assert result.code == code, result
    assert result.stdout == b"", result
    assert result.stderr.startswith("ossicle: "), result
    for word in words:
        assert str(word) in result.stderr, f"{word!r} is missing; {result}"
    return result


def expect(result, code=DONE):
    assert result.code == code, result
    return result


def presets():
    listing = json.loads(expect(run("frontends", "--json")).stdout)
    return [preset["name"] for preset in listing["frontends"]]
