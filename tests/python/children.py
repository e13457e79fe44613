"""Other processes: forked ones, and fresh ones that run a script."""

import os
import pickle
import select
import signal
import subprocess
import sys
import time
import traceback

HANG_SECONDS = 60


def _run_in_child(function, pipe):
    code = 1
    try:
        try:
            outcome = (function(), None)
        except BaseException:
            outcome = (None, traceback.format_exc())
        with os.fdopen(pipe, "wb") as file:
            file.write(pickle.dumps(outcome))
        code = 0
    finally:
        os._exit(code)


def _read_all(pipe):
    end = time.monotonic() + HANG_SECONDS
    blocks = []
    while select.select([pipe], [], [], max(0, end - time.monotonic()))[0]:
        blocks.append(os.read(pipe, 1 << 20))
        if not blocks[-1]:
            return b"".join(blocks)
    raise AssertionError("the child hangs")


def forked(function):
    """What function() gives in a forked child. A child that hangs is killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _run_in_child(function, writing)
    os.close(writing)
    try:
        answer = _read_all(reading)
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)  # it is not reaped yet, so the number is still its own
        os.waitpid(child, 0)
    assert answer, "the child died"
    result, failure = pickle.loads(answer)
    assert failure is None, failure
    return result


def python(script, *arguments, **environment):
    """Standard output of a script in a fresh interpreter."""
    result = subprocess.run([sys.executable, "-c", script, *map(str, arguments)], text=True,
                            capture_output=True, timeout=HANG_SECONDS, check=False,
                            env={**os.environ, **environment})
    assert result.returncode == 0, result.stderr
    return result.stdout
