"""What class of machine this is, without naming it."""

import os
import platform
from pathlib import Path

import PySide6
import sqlcipher3.dbapi2 as cipher


def description() -> str:
    """One line: processor, memory, system, versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB, {platform.system()} {platform.machine()}, CPython "
        f"{platform.python_version()}, PySide6 {PySide6.__version__}, SQLite {cipher.sqlite_version} with SQLCipher"
    )


def load() -> str:
    """How busy it is: load averages, and the number of cores to hold them against."""
    return " ".join(f"{each:.1f}" for each in os.getloadavg())


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")


def memory_of(process: int) -> dict[str, float]:
    """``rss`` and ``pss`` of a process in MB (2**20 bytes), and its peak ``hwm``; empty where the system does not tell.

    ``pss`` counts pages that several processes share by parts.
    """
    facts = {}
    for file, names in (("status", {"VmRSS": "rss", "VmHWM": "hwm"}), ("smaps_rollup", {"Pss": "pss"})):
        try:
            lines = Path(f"/proc/{process}/{file}").read_text(encoding="utf-8").splitlines()
        except OSError:
            continue
        for line in lines:
            name, _, rest = line.partition(":")
            if name in names:
                facts[names[name]] = int(rest.split()[0]) / 1024
    return facts
