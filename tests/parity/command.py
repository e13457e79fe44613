"""Runs the built command: $OSSICLE is its path."""

import io
import json
import os
import subprocess

import numpy as np


def run(*arguments, stdin=None):
    """Standard output of `ossicle arguments...`, as bytes; a failure shows its standard error."""
    result = subprocess.run([os.environ["OSSICLE"], *map(str, arguments)], input=stdin,
                            capture_output=True, timeout=120)
    assert result.returncode == 0, f"exit code {result.returncode}: {result.stderr.decode()}"
    return result.stdout


def extract_bytes(frontend, source, *options, stdin=None):
    return run("extract", "--frontend", frontend, *options, source, "-o", "-", stdin=stdin)


def extract(frontend, source, *options, stdin=None):
    """Features of `source` (a path, or - for `stdin`)."""
    return load(extract_bytes(frontend, source, *options, stdin=stdin))


def encode(model, frontend, windows, source, *options):
    return load(run("encode", "--model", model, "--frontend", frontend, "--windows", windows,
                    *options, source, "-o", "-"))


def spec(frontend):
    return json.loads(run("frontends", frontend))


def load(npy):
    return np.load(io.BytesIO(npy), allow_pickle=False)
