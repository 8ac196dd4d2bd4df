"""Foreign errors become :class:`~moderation.errors.StoreError` here and nowhere else.

Result codes: https://www.sqlite.org/rescode.html. A write past a quota or a size limit is an I/O error to SQLite, only
``ENOSPC`` is ``SQLITE_FULL``; so the free space is looked at before an I/O error is called anything else.
"""

import errno
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlcipher3.dbapi2 as cipher

from moderation.errors import StoreError
from sync.vault.places import StoreFile, with_companions

_PERM, _BUSY, _LOCKED, _READONLY, _INTERRUPT, _IOERR = 3, 5, 6, 8, 9, 10
_CORRUPT, _FULL, _CANTOPEN, _NOTADB = 11, 13, 14, 26
_CODES = {
    _PERM: "store_read_only",
    _BUSY: "store_locked",
    _LOCKED: "store_locked",
    _READONLY: "store_read_only",
    _INTERRUPT: "read_cancelled",
    _CORRUPT: "store_damaged",
    _FULL: "disk_full",
    _NOTADB: "store_wrong_key",
}
_FULL_ERRNO = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
_LEAST_FREE = 1 << 20


def store_code(error: BaseException, path: Path) -> str | None:
    """The code for an environment error on this file, ``None`` for an error that is none (a bug, a constraint)."""
    if isinstance(error, OSError):
        return _os_code(error)
    if not isinstance(error, cipher.Error) or isinstance(error, cipher.IntegrityError):
        return None
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if primary in {_IOERR, _CANTOPEN}:
        return _io_code(primary, path)
    if "disk image is malformed" in str(error):
        return "store_damaged"
    return _CODES.get(primary)


def _os_code(error: OSError) -> str:
    if error.errno in _FULL_ERRNO:
        return "disk_full"
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return "store_read_only"
    return "store_unreachable"


def _io_code(primary: int, path: Path) -> str:
    if no_room(path):
        return "disk_full"
    return "store_unreachable" if primary == _CANTOPEN else "store_io"


def no_room(path: Path) -> bool:
    """True when the disk is full, or a size limit of this process keeps a file of this store from growing."""
    limit = _size_limit()
    if limit is not None and any(each.stat().st_size + 4 * 4096 >= limit for each in with_companions(path)):
        return True
    folder = path.parent if path.parent.exists() else Path.cwd()
    return shutil.disk_usage(folder).free < _LEAST_FREE


def _size_limit() -> int | None:
    """Largest file that this process may write, in bytes; ``None`` when there is no such limit."""
    if sys.platform == "win32":
        return None
    import resource

    limit = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    return None if limit == resource.RLIM_INFINITY else limit


@contextmanager
def translated(store: StoreFile, path: Path, *, key_is_right: bool = True) -> Iterator[None]:
    """Raise :class:`StoreError` for trouble with this file; facts ``store`` and ``file``.

    A file that does not decrypt is called damaged when the key is known to be right, otherwise a wrong key.
    """
    try:
        yield
    except (cipher.Error, OSError) as error:
        trouble = store_error(error, store, path, key_is_right=key_is_right)
        if trouble is None:
            raise
        raise trouble from error


def store_error(error: BaseException, store: StoreFile, path: Path, *, key_is_right: bool = True) -> StoreError | None:
    """The error of this program for a foreign one, ``None`` when it is no trouble of the environment."""
    code = store_code(error, path)
    if code is None:
        return None
    if code == "store_wrong_key" and key_is_right:
        code = "store_damaged"
    return StoreError(code, store=store.value, file=str(path))
