"""Crash reports: what went wrong in this program, without secrets and without what members wrote."""

import platform
import re
import sys
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

_BEARER = re.compile(r"(?i)(bearer\s+|token[\"'=: ]+|key[\"'=: ]+)[^\s\"',)]+")


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without these secrets and without anything that looks like one."""
    for secret in secrets:
        if len(secret) >= 4:
            text = text.replace(secret, "[secret]")
    return _BEARER.sub(r"\1[secret]", text)


def report(error: BaseException, secrets: Iterable[str] = ()) -> str:
    """Version, machine, and where it happened; no local variables, messages shortened and redacted."""
    from console import version

    shown = traceback.TracebackException.from_exception(error, capture_locals=False)
    lines = [
        f"marquee {version()}, Python {platform.python_version()}, {platform.system()} {platform.release()}",
        datetime.now(UTC).isoformat(timespec="seconds"),
        "",
        *(line[:600].rstrip("\n") for line in shown.format()),
    ]
    return redact("\n".join(lines), secrets) + "\n"


def keep(text: str, folder: Path) -> Path | None:
    """Write a report for the person to read and send; ``None`` where even that fails."""
    path = folder / f"crash-{datetime.now(UTC).strftime('%Y%m%d-%H%M%S-%f')}.txt"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
    except OSError:
        sys.stderr.write(text)
        return None
    return path
