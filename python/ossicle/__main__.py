"""The `ossicle` command, on the engine that the package holds."""

import os
import sys

from . import _core
from ._engine import installed_onnxruntime


def main() -> None:
    """Runs the command with this process's arguments, and ends it with the command's exit code."""
    if not os.environ.get("OSSICLE_ONNXRUNTIME"):
        found = installed_onnxruntime()
        if found is not None:
            os.environ["OSSICLE_ONNXRUNTIME"] = found
    # Python's own way out would report Ctrl-C a second time.
    sys.stdout.flush()
    os._exit(_core.run_command([b"ossicle", *map(os.fsencode, sys.argv[1:])]))


if __name__ == "__main__":
    main()
