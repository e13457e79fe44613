"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator

from ._engine import Path
from ._errors import OutputError


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns an OSError of what is done with `path` into an OutputError that names it."""
    try:
        yield
    except OutputError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f'cannot write "{os.fsdecode(path)}": {reason}') from error


def _check_name(path: Path) -> None:
    """Raises OutputError where no file has such a name."""
    try:
        if b"\0" not in os.fsencode(path):
            return
        reason = "holds a NUL"
    except UnicodeEncodeError:
        reason = "is not Unicode"
    raise OutputError(f"the path {path!r} {reason}; give the name of a file")


class WholeFile:
    """A file that is written under a temporary name beside its place, and gets its own by commit().

    Raises OutputError where `path` exists (unless `overwrite`), is no name of a file, or its folder
    cannot be written to.
    """

    def __init__(self, path: Path, overwrite: bool) -> None:
        _check_name(path)
        self._path = os.path.realpath(os.fsdecode(path))
        self._overwrite = overwrite
        if not overwrite and os.path.lexists(self._path):
            self._fail_exists()
        folder, name = os.path.split(self._path)
        self.temporary = os.path.join(folder, f".{name}.{secrets.token_hex(3)}.part")
        with writing(path):
            os.close(os.open(self.temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))

    def commit(self) -> None:
        """What was written to `temporary` is whole. Raises OutputError."""
        with writing(self._path):
            if self._overwrite or not self._link():
                os.replace(self.temporary, self._path)
        self.discard()

    def discard(self) -> None:
        """Leaves nothing of what was not committed."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.temporary)

    def _link(self) -> bool:
        """Whether the file has its name: unlike a rename, a link never replaces another file."""
        try:
            os.link(self.temporary, self._path)
        except FileExistsError:
            self._fail_exists()
        except OSError:  # a file system without links
            return False
        return True

    def _fail_exists(self) -> None:
        raise OutputError(f'"{self._path}" exists; pass overwrite=True to replace it')
