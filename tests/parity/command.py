"""Runs the built command: $OSSICLE is its path."""

import io
import json
import os
import subprocess

import numpy as np


def called(*arguments, stdin=None):
    return subprocess.run([os.environ["OSSICLE"], *map(str, arguments)], input=stdin,
                          capture_output=True, timeout=120, check=False)


def run(*arguments, stdin=None):
    """Standard output of `ossicle arguments...`, as bytes; a failure shows its standard error."""
    result = called(*arguments, stdin=stdin)
    assert result.returncode == 0, f"exit code {result.returncode}: {result.stderr.decode()}"
    return result.stdout


def extract_bytes(frontend, source, *options, stdin=None):
    return run("extract", "--frontend", frontend, *options, source, "-o", "-", stdin=stdin)


def extract(frontend, source, *options, stdin=None):
    """Features of `source` (a path, or - for `stdin`)."""
    return load(extract_bytes(frontend, source, *options, stdin=stdin))


def extract_all(frontend, sources, folder, *options):
    """Features of many files at once, with one start of the command: an array, or the message where
    it failed, by the name of the file without its ending."""
    result = called("extract", "--frontend", frontend, *options, "--json", "--quiet", *sources,
                    "-o", f"{folder}/")
    assert result.returncode in (0, 1), result.stderr.decode()
    return {os.path.splitext(os.path.basename(each["input"]))[0]:
            np.load(each["output"]) if each["state"] == "done" else each["error"]
            for each in json.loads(result.stdout)["inputs"]}


def resample_all(resampler, rate_hz, sources, folder, *options):
    """Audio of many files at another rate, with one start of the command: by the name of each file
    without its ending, where it lies and how many samples it has."""
    result = json.loads(run("resample", "--resampler", resampler, "--rate", rate_hz, *options,
                            "--format", "npy", "--json", "--quiet", *sources, "-o", f"{folder}/"))
    return {os.path.splitext(os.path.basename(each["input"]))[0]:
            (each["output"], each["samples_out"]) for each in result["inputs"]}


def encode(model, frontend, windows, source, *options):
    return load(run("encode", "--model", model, "--frontend", frontend, "--windows", windows,
                    *options, source, "-o", "-"))


def spec(frontend):
    return json.loads(run("frontends", frontend))


def presets():
    return [each["name"] for each in json.loads(run("frontends", "--json"))["frontends"]]


def load(npy):
    return np.load(io.BytesIO(npy), allow_pickle=False)
