"""Where tests that open stores thousands of times keep them."""

from pathlib import Path

_SHARED_MEMORY = Path("/dev/shm")


def in_memory() -> str | None:
    """A folder without a disk beneath it where the system has one: a full sync costs nothing there.

    What a test shows about crashes of a process is the same; what it shows about power cuts needs a disk.
    """
    return str(_SHARED_MEMORY) if _SHARED_MEMORY.is_dir() else None
