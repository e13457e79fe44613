"""No file of the project names a folder of somebody's machine or the host of a package registry.

    tree.py SOURCE_FOLDER
"""

import os
import pathlib
import re
import subprocess
import sys

# Regular expressions that do not match their own text.
FORBIDDEN = {
    "a folder of one machine": r"(?<![\w.$})])/(?:home|Users|root|work|mnt|media)/[\w.]",
    "a registry's host": r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|crates\.io|maven\.org"
                         r"|(?:deb|ftp|security)\.debian\.org|archive\.ubuntu\.com|golang\.org"
                         r"|anaconda\.(?:org|com)",
}


def tracked_files(root):
    """What a checkout holds; in an unpacked archive, every file outside build/."""
    listing = subprocess.run(["git", "-C", root, "ls-files", "-z", "--cached", "--others",
                              "--exclude-standard"], capture_output=True, text=True)
    if listing.returncode == 0:
        return [root / name for name in listing.stdout.split("\0") if name]
    return [pathlib.Path(folder) / name for folder, folders, names in os.walk(root)
            for name in names if folders.sort() is None and "build" not in folder.split(os.sep)]


def main():
    root = pathlib.Path(sys.argv[1])
    found = []
    for path in filter(pathlib.Path.is_file, tracked_files(root)):
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            found += [f"{path.relative_to(root)}:{number}: {what}: {line.strip()[:100]}"
                      for what, pattern in FORBIDDEN.items() if re.search(pattern, line)]
    print("\n".join(found) or "the tree names no machine and no registry")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
