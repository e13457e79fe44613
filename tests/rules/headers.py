"""Each public header compiles as the first and only include of a file, with nothing else in reach.

    headers.py COMPILER INCLUDE_FOLDER
"""

import pathlib
import subprocess
import sys


def main():
    compiler, folder = sys.argv[1:]
    headers = sorted(path.relative_to(folder) for path in pathlib.Path(folder).rglob("*.h"))
    failed = 0
    for header in headers:
        command = [compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-pedantic",
                   f"-I{folder}", "-x", "c++", "-"]
        failed += subprocess.run(command, input=f"#include <{header}>\n", text=True).returncode != 0
    print(f"{len(headers) - failed} of {len(headers)} headers compile alone")
    sys.exit(1 if failed or not headers else 0)


if __name__ == "__main__":
    main()
