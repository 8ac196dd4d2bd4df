"""Where tests that open stores thousands of times keep them."""

import shutil
from pathlib import Path

_SHARED_MEMORY = Path("/dev/shm")
_ROOM = 1 << 30


def in_memory() -> str | None:
    """A folder without a disk beneath it where the system has one with a GiB free: a full sync costs nothing there.

    What a test shows about crashes of a process is the same; what it shows about power cuts needs a disk.
    """
    roomy = _SHARED_MEMORY.is_dir() and shutil.disk_usage(_SHARED_MEMORY).free >= _ROOM
    return str(_SHARED_MEMORY) if roomy else None
