"""The engine as window and commands see it: another process, reached over a local socket, started when it is needed."""

import contextlib
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from console.credentials import SECRET_VARIABLES, ForThisRun
from console.home import Home
from console.pictures import PictureCalls
from moderation.changes import ChangeRecord
from moderation.errors import StoreError
from moderation.ids import Ref
from moderation.ports import CommunityStatus, PictureHeard
from sync.engine import protocol

log = logging.getLogger(__name__)
START_SECONDS = 20.0
RETRY_SECONDS = (0.5, 30.0)
HEALTHY_SECONDS = 10.0
ANOTHER_RUNS = 17  # exit code of an engine that found the lock taken: the other one may just be ending, so ask again
_AGAIN: dict[str, Any] = {"do": "wake", "reason": "again"}
Heard = Callable[[list[ChangeRecord]], None]


@dataclass(slots=True)
class _Line:
    """One connection and the thread that reads it."""

    connection: socket.socket
    lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, message: dict[str, Any]) -> bool:
        """False when the other side is gone."""
        try:
            with self.lock:
                self.connection.sendall(protocol.encode(message))
        except OSError:
            return False
        return True


class EngineClient:
    """Implements :class:`moderation.ports.Engine` over :mod:`sync.engine.protocol`.

    Messages may be lost without harm, so sending never raises. Starting the engine and connecting happen on a thread
    of this object: no call from the window waits for them.
    """

    def __init__(self, home: Home, secrets: Callable[[], ForThisRun], *, may_start: bool = True) -> None:
        self._home = home
        self._secrets = secrets
        self._may_start = may_start
        self._line: _Line | None = None
        self._line_lock = threading.Lock()
        self._outgoing: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        self._listeners: list[Heard] = []
        self._answers: dict[int, SimpleQueue[dict[str, Any]]] = {}
        self._pictures = PictureCalls(self._outgoing.put)
        self._statuses: dict[str, CommunityStatus] = {}
        self._next_id = 0
        self._closed = threading.Event()
        self._started: list[subprocess.Popen[bytes]] = []
        self._not_before = 0.0
        self._started_at = 0.0
        self._retry = RETRY_SECONDS[0]
        self._reader: threading.Thread | None = None
        self._worker = threading.Thread(target=self._work, name="engine-client", daemon=True)
        self._worker.start()

    # -- moderation.ports.Engine

    def wake(self, reason: str = "") -> None:
        """Ask it to look at the journal now."""
        self._outgoing.put({"do": "wake", "reason": reason})

    def want(self, refs: Sequence[Ref]) -> None:
        """Ask for these in full before background work."""
        self._outgoing.put({"do": "want", "refs": [str(ref) for ref in refs]})

    def refresh(self, community: str | None = None) -> None:
        """Ask for a poll now."""
        self._outgoing.put({"do": "refresh", "community": community})

    def status(self) -> list[CommunityStatus]:
        """The last statuses heard."""
        return list(self._statuses.values())

    def listen(self, heard: Heard) -> Callable[[], None]:
        """Call ``heard`` on this object's thread for every bundle of changes."""
        self._listeners.append(heard)
        self._outgoing.put({"do": "status"})
        return lambda: self._listeners.remove(heard) if heard in self._listeners else None

    def picture(self, community: str, address: str, heard: PictureHeard) -> Callable[[], None]:
        """Ask for a picture of a post."""
        return self._pictures.ask(community, address, heard)

    # -- for commands

    def sync(self, communities: Sequence[str] | None) -> Iterator[dict[str, Any]]:
        """Pull and flush; yields ``progress`` messages and last the one with ``done``.

        Raises :class:`StoreError` ``engine_unreachable`` when the engine does not start, ``engine_lost`` when it
        ended before it was done.
        """
        answers: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._next_id += 1
        number = self._next_id
        self._answers[number] = answers
        try:
            line = self._require(
                {"do": "sync", "id": number, "communities": list(communities) if communities else None}
            )
            while True:
                message = self._answer(answers, line)
                yield message
                if "done" in message:
                    return
        finally:
            del self._answers[number]

    def hand_over(self, secrets: ForThisRun) -> None:
        """Tell a running engine the tokens that are known only in this run."""
        for name, token in secrets.tokens.items():
            _, community, identity = name.split(":", 2)
            self._outgoing.put({"do": "credentials", "community": community, "identity": identity, "token": token})

    def forget(self, community: str, identity: str) -> None:
        """Tell a running engine that a key was given up: it lets go of it and does not look for another."""
        self._outgoing.put(
            {"do": "credentials", "community": community, "identity": identity, "token": "", "forget": True}
        )

    def stop_engine(self) -> bool:
        """Ask a running engine to end; ``False`` when none runs."""
        with self._line_lock:
            line = self._connect()
        if line is None:
            return False
        sent = line.send({"do": "stop"})
        _shut(line.connection)
        return sent

    def close(self) -> None:
        """Let go of the engine; what was asked before is sent first, if one runs."""
        self._outgoing.put(None)
        self._worker.join(START_SECONDS)
        self._closed.set()
        if self._line is not None:
            _shut(self._line.connection)
        if self._reader is not None:
            self._reader.join(START_SECONDS)
        for engine in self._started:
            if engine.poll() is None:
                engine.returncode = 0  # it outlives us on purpose: nobody waits for it
        self._started.clear()

    # -- inside

    def _require(self, message: dict[str, Any]) -> _Line:
        line = self._reach()
        if line is None or not line.send(message):
            raise StoreError("engine_unreachable", path=str(self._home.run))
        return line

    def _answer(self, answers: SimpleQueue[dict[str, Any]], line: _Line) -> dict[str, Any]:
        """The next answer on this line; one that was put in its place knows nothing of the question."""
        while True:
            try:
                return answers.get(timeout=0.5)
            except Empty:
                if self._line is not line:
                    raise StoreError("engine_lost", path=str(self._home.logs)) from None

    def _work(self) -> None:
        """Deliver what is asked, in order. While somebody listens, an engine that is gone is brought back."""
        patience: float | None = None
        while True:
            try:
                message = self._outgoing.get(timeout=patience)
            except Empty:
                message = _AGAIN
            if message is None:
                return
            sent = self._deliver(message)
            self._pictures.delivered(message, sent=sent)
            patience = None if sent or not self._listeners else self._retry

    def _deliver(self, message: dict[str, Any]) -> bool:
        for _ in range(2):  # the line may have been cut since it was last used; once more on a fresh one is enough
            line = self._reach()
            if line is None:
                return False
            if line.send(message):
                return True
            self._drop(line)
        return False

    def _reach(self) -> _Line | None:
        with self._line_lock:
            if self._line is not None:
                return self._line
            line = self._connect() or (self._start() if self._may_start else None)
            if line is not None:
                self._line = line
                self._reader = threading.Thread(target=self._read, args=(line,), name="engine-reader", daemon=True)
                self._reader.start()
            return line

    def _connect(self) -> _Line | None:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(str(protocol.socket_path(self._home.root)))
        except OSError:
            connection.close()
            return None
        return _Line(connection)

    def _start(self) -> _Line | None:
        """Start an engine and connect; one that does not stay up is started ever more seldom."""
        if time.monotonic() < self._not_before:
            return None
        if time.monotonic() - self._started_at > HEALTHY_SECONDS:
            self._retry = RETRY_SECONDS[0]
        self._started_at = time.monotonic()
        limit = self._started_at + START_SECONDS
        line = None
        while line is None and time.monotonic() < limit and not self._closed.is_set():
            try:
                engine = start_engine(self._home, self._secrets())
            except OSError as error:  # no room, no right, no memory: tried again later, like one that ended at once
                log.warning("the engine could not be started: %s", error.strerror or type(error).__name__)
                break
            self._started.append(engine)
            line = self._connect_to(engine, limit)
            if line is None and engine.poll() != ANOTHER_RUNS:
                break
            time.sleep(0.0 if line else 0.1)
        self._not_before = time.monotonic() + self._retry
        self._retry = min(self._retry * 2, RETRY_SECONDS[1])
        return line

    def _connect_to(self, engine: "subprocess.Popen[bytes]", limit: float) -> _Line | None:
        while time.monotonic() < limit and not self._closed.is_set():
            line = self._connect()
            if line is not None or engine.poll() is not None:
                return line
            time.sleep(0.02)
        return None

    def _read(self, line: _Line) -> None:
        try:
            for message in protocol.messages(line.connection):
                self._take(message)
        except (OSError, ValueError):
            pass  # the line was cut: the same as its end
        finally:  # where one who listens fails, too: else a line stood that nobody reads
            self._drop(line)
            if self._listeners and not self._closed.is_set():
                self._outgoing.put(_AGAIN)

    def _drop(self, line: _Line) -> None:
        with self._line_lock:
            in_use = self._line is line
            if in_use:
                self._line = None
        if in_use:
            self._pictures.lost()
        _shut(line.connection)

    def _take(self, message: dict[str, Any]) -> None:
        if "status" in message:
            self._statuses |= {status.community: status for status in protocol.status_in(message["status"])}
        if "changes" in message:
            records = protocol.changes_in(message)
            for heard in list(self._listeners):
                heard(records)
        self._pictures.take(message)
        answers = self._answers.get(message.get("id", -1))
        if answers is not None:
            answers.put(message)


def start_engine(home: Home, secrets: ForThisRun) -> "subprocess.Popen[bytes]":
    """Start an engine that outlives this process; secrets of this run go through a pipe, never the environment."""
    log = open_log(home.logs / "engine.log")
    try:
        engine = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-P", "-m", "console", "--home", str(home.root), "engine", "--secrets-stdin"],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=clean_environment(),
            cwd=str(home.root),
            start_new_session=True,
            close_fds=True,
        )
    finally:
        os.close(log)
    if engine.stdin is None:
        raise StoreError("engine_unreachable", path=str(home.run))
    try:
        engine.stdin.write(secrets.line().encode() + b"\n")
        engine.stdin.close()
    except BrokenPipeError:
        pass  # it ended already; who waits for it sees that
    return engine


def clean_environment() -> dict[str, str]:
    """The environment of this program's own processes: without secrets, and with the way to its code."""
    environment = {name: value for name, value in os.environ.items() if name not in SECRET_VARIABLES}
    ours = str(Path(__file__).resolve().parent.parent)
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [ours, environment.get("PYTHONPATH")]))
    return environment


def open_log(path: Path) -> int:
    """A file descriptor that appends to a log which nobody else on the machine may read."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it may not be connected any more
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
