"""The engine's lock: any number of processes may read and journal, only its holder sends."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from moderation.errors import StoreError

NAME = "engine.lock"
_TRIES = 10


class EngineLock:
    """An advisory lock on ``engine.lock`` in the home; the system releases it when its process ends, in any way."""

    def __init__(self, home: Path) -> None:
        self._path = home / NAME
        self._file: int | None = None

    def acquire(self) -> bool:
        """Take it, waiting no longer than somebody needs who only looks at it (:func:`holder`).

        ``False`` when another process holds it. The holder's process id stands in the file.
        """
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError("home_unusable", detail=error.strerror or "") from error
        if not _taken(file):
            os.close(file)
            return False
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        self._file = file
        return True

    def still_ours(self) -> bool:
        """False when the file was removed or replaced under us: the home is gone, or somebody cleaned up."""
        if self._file is None:
            return False
        try:
            return os.fstat(self._file).st_ino == self._path.stat().st_ino
        except OSError:
            return False

    def release(self) -> None:
        """Give it up."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _taken(file: int) -> bool:
    for attempt in range(_TRIES):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if attempt < _TRIES - 1:
                time.sleep(0.01)
        else:
            return True
    return False


def holder(home: Path) -> int | None:
    """Process id of the engine of this home, ``None`` when none runs."""
    path = home / NAME
    with contextlib.suppress(OSError, ValueError), _opened(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(os.pread(file, 32, 0) or b"0") or None
    return None


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield file
    finally:
        os.close(file)
