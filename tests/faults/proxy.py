"""A fault proxy on loopback between connector and sample community: real sockets, ordered or random faults."""

import contextlib
import json
import select
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.faults.kinds import ACTED, Chance, Kind, Rule
from tests.faults.wire import Line, Message, made

_HTML = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1><hr>nginx</body></html>"
_WRONG = b'{"unexpected": [1, "two", null], "status": 7, "response": "\xe3\x81\x82"}'
_STORED = '"arguments[3]" must be of type "string | Buffer", got object instead.'
_INTERNAL = "Cannot read properties of undefined (reading 'uid')"


def _told(status: str, code: str, message: str, headers: dict[str, str] | None = None) -> Message:
    body = json.dumps({"status": {"code": code, "message": message}, "response": {}}).encode()
    return made(status, body, "application/json; charset=utf-8", headers)


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that came by: which fault it met, and whether the server has acted on it."""

    method: str
    path: str
    fault: Kind | None
    acted: bool


@dataclass(frozen=True, slots=True)
class _Stuck:
    """A request that is still on its way, and when it arrives (monotonic seconds)."""

    at: float
    request: Message


class FaultProxy:
    """Listens on a port of its own and speaks to the server at ``port``. Use it in a ``with`` block.

    ``monotonic`` is the clock by which late requests arrive: :meth:`deliver` lets those land whose time has come.
    ``now`` is the server's wall clock, for dates in headers. ``interrupt`` is called before each request is passed on,
    while the client waits: what others do in that moment.
    """

    def __init__(
        self,
        port: int,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._server_port = port
        self._monotonic = monotonic
        self._now = now
        self.rules: list[Rule] = []
        self.chance: Chance | None = None
        self.interrupt: Callable[[], None] | None = None
        self.seen: list[Seen] = []
        self._stuck: list[_Stuck] = []
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._onward = threading.local()
        self._closed = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = int(self._listener.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, name="fault proxy", daemon=True).start()

    def __enter__(self) -> "FaultProxy":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def order(self, kind: Kind | str, path: str = ".*", method: str = ".*", **more: float) -> None:
        """Order a fault; see :class:`~tests.faults.kinds.Rule`."""
        times, skip = int(more.get("times", 1)), int(more.get("skip", 0))
        with self._lock:
            self.rules.append(Rule(Kind(kind), path, method, times, skip, more.get("seconds", 0.0)))

    def calm(self) -> None:
        """No more faults; what is stuck stays stuck until it is delivered."""
        with self._lock:
            self.rules.clear()
            self.chance = None
            self.interrupt = None

    @property
    def stuck(self) -> int:
        """How many requests are still on their way."""
        return len(self._stuck)

    def deliver(self, *, everything: bool = False) -> int:
        """Let requests land whose time has come (or all); gives how many did."""
        with self._lock:
            due = [one for one in self._stuck if everything or one.at <= self._monotonic()]
            self._stuck = [one for one in self._stuck if one not in due]
        for one in due:
            self._forward(one.request)
            self._hang_up()
        return len(due)

    def forget_stuck(self) -> None:
        """Those never land."""
        with self._lock:
            self._stuck.clear()

    def close(self) -> None:
        """Stop listening and cut every connection."""
        self._closed.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with self._lock:
                    self._open.add(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        """Requests of one client, one after the other, until a fault or the client ends it."""
        line = Line(client)
        try:
            with contextlib.suppress(OSError):
                while (request := line.request()) is not None and not self._closed.is_set():
                    if not self._pass_on(client, request):
                        break
        finally:
            with self._lock:
                self._open.discard(client)
            client.close()
            self._hang_up()

    def _pass_on(self, client: socket.socket, request: Message) -> bool:
        """One request with its answer; false when the connection is to end."""
        if self.interrupt is not None:
            self.interrupt()
        rule = self._fault_for(request)
        kind = rule.kind if rule is not None else None
        if rule is not None and kind in {Kind.LATE, Kind.SILENCE_LATE}:
            self._note(request, kind, acted=False)
            return self._keep_back(client, request, rule)
        if rule is not None and kind not in ACTED:
            self._note(request, kind, acted=False)
            return self._refuse(client, rule)
        if rule is not None and kind is Kind.DELAY:
            self._closed.wait(rule.seconds)
        answer = self._forward(request)
        self._note(request, kind, acted=answer is not None)
        if answer is None:
            return False
        return _say(client, answer) if rule is None else self._spoil(client, rule, answer)

    def _fault_for(self, request: Message) -> Rule | None:
        with self._lock:
            for rule in self.rules:
                if rule.takes(request.method, request.path):
                    return rule
            return self.chance.rule(request.method, request.path) if self.chance is not None else None

    def _note(self, request: Message, kind: Kind | None, *, acted: bool) -> None:
        with self._lock:
            self.seen.append(Seen(request.method, request.path, kind, acted))

    def _keep_back(self, client: socket.socket, request: Message, rule: Rule) -> bool:
        """The request is stuck somewhere: the client hears nothing, or that the line is dead."""
        with self._lock:
            self._stuck.append(_Stuck(self._monotonic() + rule.seconds, request))
        if rule.kind is Kind.SILENCE_LATE:
            client.recv(1)
        return False

    def _refuse(self, client: socket.socket, rule: Rule) -> bool:
        """An answer (or none) without the server."""
        seconds = str(max(1, round(rule.seconds)))
        date = format_datetime(self._now() + timedelta(seconds=max(1.0, rule.seconds)), usegmt=True)
        match rule.kind:
            case Kind.DROP_BEFORE:
                return False
            case Kind.RESET_BEFORE:
                return _reset(client)
            case Kind.TOO_MANY:
                return _say(client, made("429 Too Many Requests", b"slow down", "text/plain"))
            case Kind.TOO_MANY_SECONDS:
                return _say(client, made("429 Too Many Requests", b"", "text/plain", {"Retry-After": seconds}))
            case Kind.TOO_MANY_DATE:
                headers = {"Retry-After": date, "Date": format_datetime(self._now(), usegmt=True)}
                return _say(client, made("429 Too Many Requests", b"", "text/plain", headers))
            case Kind.ERROR_500:
                return _say(client, _told("500 Internal Server Error", "internal-server-error", _INTERNAL))
            case Kind.HTML_502:
                return _say(client, made("502 Bad Gateway", _HTML, "text/html"))
            case _:
                return _say(client, made("503 Service Unavailable", b"Maintenance", "text/html"))

    def _spoil(self, client: socket.socket, rule: Rule, answer: Message) -> bool:
        """What becomes of an answer after the server has acted."""
        match rule.kind:
            case Kind.DROP_AFTER:
                return False
            case Kind.RESET_AFTER:
                return _reset(client)
            case Kind.ERROR_500_AFTER:
                return _say(client, _told("500 Internal Server Error", "internal-server-error", _INTERNAL))
            case Kind.HTML_502_AFTER:
                return _say(client, made("502 Bad Gateway", _HTML, "text/html"))
            case Kind.STORED_400:
                return _say(client, _told("400 Bad Request", "bad-request", _STORED))
            case Kind.WRONG_JSON:
                return _say(client, made("200 OK", _WRONG, "application/json; charset=utf-8"))
            case Kind.TRUNCATED:
                half = answer.body[: len(answer.body) // 2]
                return _say(client, made("200 OK", half, "application/json; charset=utf-8"))
            case Kind.CUT_OFF:
                client.sendall(answer.head + answer.body[: len(answer.body) // 2])
                return False
            case Kind.DRIP:
                return self._drip(client, answer, rule.seconds)
            case _:
                return _say(client, answer)

    def _drip(self, client: socket.socket, answer: Message, pause: float) -> bool:
        for byte in answer.raw:
            client.sendall(bytes([byte]))
            if self._closed.wait(pause):
                return False
        return True

    def _forward(self, request: Message) -> Message | None:
        """To the server, and its whole answer; ``None`` when it hung up. Each client's way there stays open."""
        try:
            line = self._line()
            line.connection.sendall(request.raw)
            answer = line.answer(request.method)
        except OSError:
            answer = None
        if answer is None or answer.header("connection").lower() == "close":
            self._hang_up()
        return answer

    def _line(self) -> Line:
        """The way to the server that this thread has, if nothing has ended it meanwhile, or a new one."""
        known: Line | None = getattr(self._onward, "line", None)
        if known is not None and not select.select([known.connection], [], [], 0)[0]:
            return known
        self._hang_up()
        server = socket.create_connection(("127.0.0.1", self._server_port), timeout=30)
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._onward.line = Line(server)
        return self._onward.line

    def _hang_up(self) -> None:
        known: Line | None = getattr(self._onward, "line", None)
        if known is not None:
            known.connection.close()
            self._onward.line = None


def _say(client: socket.socket, answer: Message) -> bool:
    client.sendall(answer.raw)
    return True


def _reset(client: socket.socket) -> bool:
    """Close without a farewell: the other side gets a reset."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False
