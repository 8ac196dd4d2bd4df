"""Where the files of a home are, and the modes they have."""

import os
import stat
import tempfile
from enum import StrEnum
from pathlib import Path

KEY_BYTES = 32
_PRIVATE_FILE = 0o600
_PRIVATE_FOLDER = 0o700


class StoreFile(StrEnum):
    """The four stores; the value is the stem of the file name."""

    MIRROR = "mirror"
    PRIVATE = "private"
    JOURNAL = "journal"
    TEAM = "team"

    @property
    def synchronous(self) -> str:
        """``FULL`` for what only this machine knows, ``NORMAL`` for caches: a power cut costs them a second pull."""
        return "FULL" if self in {StoreFile.JOURNAL, StoreFile.TEAM} else "NORMAL"

    def path(self, home: Path) -> Path:
        """The store's file in this home."""
        return home / f"{self.value}.sqlite"


def with_companions(path: Path) -> list[Path]:
    """A database file and what SQLite keeps beside it (``-wal``, ``-shm``, ``-journal``), as far as they exist."""
    named = [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))]
    return [each for each in named if each.exists()]


def make_folder(home: Path) -> None:
    """Create the home, readable by its owner alone; a folder that is already there keeps its mode."""
    home.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)


def make_file(path: Path) -> None:
    """Create an empty file with mode 0600, or narrow one that others may read.

    SQLite gives ``-wal`` and ``-shm`` the mode of the database file. A file that is there is never opened here: closing
    it would take away the locks that SQLite holds on it for the whole process (POSIX advisory locks;
    https://www.sqlite.org/howtocorrupt.html, section 2.2).
    """
    if not path.exists():
        write_once(path, b"")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        path.chmod(_PRIVATE_FILE)


def write_once(path: Path, content: bytes) -> bool:
    """Write a small file, mode 0600, whole or not at all; ``False`` when there was one already (it is kept)."""
    descriptor, name = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(part, path)
        except FileExistsError:
            return False
        return True
    finally:
        part.unlink(missing_ok=True)
