"""The whole order read by a process of its own: half a million rows in Python's hands would make a window wait.

Beside a thread that decodes and counts, a window's thread gets Python's lock late; beside a process it does not. The
process lives for one answer: ``python -m sync.mirror.ordering`` takes one line of JSON from standard input (the key of
the stores among it, so that it stands in no command line and no environment) and writes a line of JSON and raw arrays.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

import msgspec

from moderation.errors import StoreError
from moderation.ports import Pending
from moderation.queries import QueueIndex, QueueQuery
from sync.mirror.reader import MirrorReader
from sync.vault import Vault

ROOT = Path(__file__).resolve().parent.parent.parent
COMMAND: tuple[str, ...] = ("-m", "sync.mirror.ordering")
NICENESS = 5
_LOOK_SECONDS = 0.05


class Asked(msgspec.Struct):
    """What the process is asked for; ``key`` in hexadecimal digits."""

    home: str
    key: str
    query: QueueQuery
    pending: tuple[Pending, ...]


class Told(msgspec.Struct):
    """The head of its answer: how many rows and bytes of ``bits`` follow, or the code of what went wrong."""

    rows: int = 0
    bits: int = 0
    oldest_ms: int | None = None
    trouble: str | None = None


def read_order(
    vault: Vault, query: QueueQuery, pending: Iterable[Pending], cancelled: Callable[[], bool] = lambda: False
) -> QueueIndex:
    """The whole order of a query, ``bits`` and ``oldest_ms`` included; empty when cancelled.

    Blocks for the process, up to some seconds at half a million rows. Raises :class:`StoreError`, with
    ``order_not_read`` where the process could not be had.
    """
    asked = msgspec.json.encode(Asked(str(vault.home), vault.key.hex(), query, tuple(pending)))
    try:
        process = _started()
    except OSError as error:
        raise StoreError("order_not_read") from error
    over = threading.Event()
    watch = threading.Thread(target=_watch, args=(process, cancelled, over), name="order watch", daemon=True)
    watch.start()
    try:
        return _answer(process, asked)
    except (OSError, EOFError, msgspec.MsgspecError) as error:
        if cancelled():
            return QueueIndex()
        raise StoreError("order_not_read") from error
    finally:
        over.set()
        process.kill()
        process.wait()
        watch.join()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def _started() -> "subprocess.Popen[bytes]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MARQUEE_")}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), environment.get("PYTHONPATH")]))
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-P", *COMMAND],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )


def _watch(process: "subprocess.Popen[bytes]", cancelled: Callable[[], bool], over: threading.Event) -> None:
    """End the process as soon as nobody wants its answer."""
    while not over.wait(_LOOK_SECONDS):
        if cancelled():
            process.kill()
            return


def _answer(process: "subprocess.Popen[bytes]", asked: bytes) -> QueueIndex:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    process.stdin.write(asked + b"\n")
    process.stdin.close()
    told = msgspec.json.decode(process.stdout.readline(), type=Told)
    if told.trouble is not None:
        raise StoreError(told.trouble)
    index = QueueIndex(oldest_ms=told.oldest_ms)
    for column in (index.keys, index.priorities, index.created_ms):
        column.frombytes(_exactly(process.stdout, told.rows * column.itemsize))
    index.bits = bytearray(_exactly(process.stdout, told.bits))
    return index


def _exactly(stream: IO[bytes], length: int) -> bytes:
    found = stream.read(length)
    if len(found) != length:
        raise EOFError
    return found


def main() -> None:
    """Answer one question."""
    if sys.platform != "win32":
        os.nice(NICENESS)
    asked = msgspec.json.decode(sys.stdin.buffer.readline(), type=Asked)
    out = sys.stdout.buffer
    try:
        index = _read(asked)
    except StoreError as error:
        out.write(msgspec.json.encode(Told(trouble=error.code)) + b"\n")
        return
    told = Told(len(index), len(index.bits), index.oldest_ms)
    out.write(msgspec.json.encode(told) + b"\n")
    for part in (index.keys, index.priorities, index.created_ms, index.bits):
        out.write(part)
    out.flush()


def _read(asked: Asked) -> QueueIndex:
    reader = MirrorReader(Vault(Path(asked.home), bytes.fromhex(asked.key)))
    try:
        reader.lay_over(asked.pending)
        index = reader.index(asked.query)
    finally:
        reader.close()
    index.prepare()
    return index


if __name__ == "__main__":
    main()
