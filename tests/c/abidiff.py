"""scripts/abi.sh finds each break of a small library's ABI, and lets it grow.

    abidiff.py C_COMPILER
"""

import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ABI_SH = HERE.parents[1] / "scripts/abi.sh"
UNCHANGED = "UNCHANGED"
COMPATIBLE = [UNCHANGED, "GROWN"]
BREAKS = ["CALL_GONE", "FIELD_BETWEEN", "FIELD_GONE", "OTHER_PARAMETER", "OTHER_VALUE"]
SKIPPED = 77


def build(compiler: str, folder: pathlib.Path, version: str) -> pathlib.Path:
    library = folder / f"{version}.so"
    subprocess.run([compiler, "-std=c99", "-Wall", "-Wextra", "-Werror", "-g", "-shared", "-fPIC",
                    f"-D{version}", HERE / "abi_stub.c", "-o", library], check=True)
    return library


def passes(old: pathlib.Path, new: pathlib.Path) -> bool:
    headers = HERE / "abi_stub"
    result = subprocess.run([ABI_SH, "compare", old, headers, new, headers], text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print(result.stdout)
    if result.returncode == SKIPPED:
        sys.exit(SKIPPED)
    expected = ["serves programs", "breaks the ABI"][result.returncode]
    return expected in result.stdout and result.returncode == 0


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        old = build(sys.argv[1], folder, UNCHANGED)
        wrong = [version for version in COMPATIBLE + BREAKS
                 if passes(old, build(sys.argv[1], folder, version)) != (version in COMPATIBLE)]
    print("judged wrongly:", ", ".join(wrong) or "none")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
