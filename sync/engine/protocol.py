"""What window, commands and engine say to each other: JSON objects, one a line, over a local socket.

The stores are the truth; every message may be lost. A client sends requests with ``do``, and answers carry the
client's ``id``::

    {"do": "wake"}                                          look at the journal now
    {"do": "want", "refs": ["c:flag:1", ...]}               fetch these in full before background work
    {"do": "refresh", "community": "c" | null}              poll now
    {"do": "sync", "id": 1, "communities": ["c"] | null}    pull everything new and flush; answered when done
    {"do": "credentials", "community": "c", "identity": "me", "token": "…", "acts_as": null}   kept in memory only
    {"do": "status", "id": 2}                               answered with {"id": 2, "status": [...]}
    {"do": "picture", "id": 3, "community": "c", "address": "https://…"}     fetch a picture of a post, for that client
    {"do": "no_picture", "id": 3}                           it is not wanted any more
    {"do": "stop"}                                          end after the request under way

The engine sends to every client, unasked::

    {"changes": [{"table": "item", "ids": ["c:flag:1"], "everything": false}, ...]}
    {"status": [{"community": "c", "state": "connected", "read_at": "…", ...}]}
    {"id": 1, "progress": {"community": "c", "phase": "threads", "requests": 12, ...}}
    {"id": 1, "done": [{"community": "c", "requests": 12, ..., "trouble": null}]}
    {"id": 3, "part": "iVBO…"}                              the picture's bytes in order, base64
    {"id": 3, "picture": "png"}                             that was all of it; or, at any time, why it does not come:
    {"id": 3, "trouble": {"code": "picture_gone", "host": "…"}}

The socket is ``run/engine.sock`` in the home (0700), or, where that path is too long for a socket address, a name
derived from the home
in a private folder below ``/tmp``. Only the user may connect.
"""

import hashlib
import json
import os
import socket
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from moderation.changes import ChangeRecord, Table
from moderation.ports import CommunityStatus

MAX_LINE = 4 * 1024 * 1024
_ADDRESS_LIMIT = 100
_SHORT = Path("/tmp")  # noqa: S108 - short, and the same for every process whatever its TMPDIR; the folder is private
_TIMES = ("read_at", "since", "next_try")


def socket_path(home: Path) -> Path:
    """Where the engine of this home listens; its folder is made private (0700).

    Raises ``PermissionError`` when somebody else was there first.
    """
    path = home.resolve() / "run" / "engine.sock"
    if len(os.fsencode(path)) > _ADDRESS_LIMIT:
        name = hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:16]
        path = _SHORT / f"marquee-{os.getuid()}" / f"{name}.sock"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.parent.stat().st_uid != os.getuid():
        raise PermissionError(f"{path.parent} belongs to somebody else")
    path.parent.chmod(0o700)
    return path


def encode(message: dict[str, Any]) -> bytes:
    """One message as a line."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"), default=_plain).encode() + b"\n"


def messages(connection: socket.socket) -> Iterator[dict[str, Any]]:
    """Messages as they arrive until the other side closes; a line that is no JSON object is passed over."""
    with connection.makefile("rb") as stream:
        while line := stream.readline(MAX_LINE):
            try:
                message = json.loads(line)
            except ValueError:
                continue
            if isinstance(message, dict):
                yield message


def changes_out(records: list[ChangeRecord]) -> dict[str, Any]:
    """Change records as a message."""
    return {"changes": [{"table": r.table, "ids": list(r.ids), "everything": r.everything} for r in records]}


def changes_in(message: dict[str, Any]) -> list[ChangeRecord]:
    """Change records of a message; tables that are not known here are passed over."""
    known = {str(table) for table in Table}
    return [
        ChangeRecord(Table(entry["table"]), tuple(entry.get("ids", ())), bool(entry.get("everything")))
        for entry in message.get("changes", ())
        if entry.get("table") in known
    ]


def status_out(statuses: list[CommunityStatus]) -> list[dict[str, Any]]:
    """Statuses as JSON."""
    return [asdict(status) for status in statuses]


def status_in(entries: list[dict[str, Any]]) -> list[CommunityStatus]:
    """Statuses from JSON."""
    return [_status(entry) for entry in entries]


def _status(entry: dict[str, Any]) -> CommunityStatus:
    known = {name: value for name, value in entry.items() if name in CommunityStatus.__dataclass_fields__}
    times = {name: datetime.fromisoformat(known[name]) for name in _TIMES if known.get(name)}
    facts: dict[str, Any] = {**known, **times}
    return CommunityStatus(**facts)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
