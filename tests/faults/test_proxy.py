"""The proxy itself: each fault is what it says, and the server acted or did not."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from tests.faults.kinds import ACTED, LATER, QUICK, Chance, Kind
from tests.faults.proxy import FaultProxy

BODY = json.dumps({"answer": "とても長い" * 40}).encode()


class _Counting(BaseHTTPRequestHandler):
    """Counts what it does."""

    protocol_version = "HTTP/1.1"
    done: ClassVar[list[tuple[str, str, bytes]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.done.append((self.command, self.path, body))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def do_GET(self) -> None:
        self.do_POST()

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Silent."""


class Clock:
    """A monotonic clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def proxy() -> Iterator[FaultProxy]:
    """A proxy before a small server."""
    _Counting.done.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Counting)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    with FaultProxy(server.server_address[1], Clock()) as made:
        yield made
    server.shutdown()
    server.server_close()
    thread.join(5)


class Client:
    """One keep-alive connection; what it heard, or the error."""

    def __init__(self, proxy: FaultProxy, timeout: float = 5.0) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=timeout)

    def ask(self, path: str = "/x", method: str = "POST") -> tuple[int, bytes, dict[str, str]]:
        self.connection.request(method, path, b"hello" if method == "POST" else None)
        answer = self.connection.getresponse()
        return answer.status, answer.read(), dict(answer.getheaders())

    def close(self) -> None:
        self.connection.close()


@pytest.fixture
def client(proxy: FaultProxy) -> Iterator[Client]:
    made = Client(proxy)
    yield made
    made.close()


def test_without_a_fault_everything_passes_on_one_connection(proxy: FaultProxy, client: Client) -> None:
    for number in range(3):
        assert client.ask(f"/x/{number}")[:2] == (200, BODY)
    assert _Counting.done == [("POST", f"/x/{number}", b"hello") for number in range(3)]
    assert [(seen.fault, seen.acted) for seen in proxy.seen] == [(None, True)] * 3


@pytest.mark.parametrize("kind", sorted(ACTED - {Kind.DELAY, Kind.DRIP}))
def test_after_these_the_server_has_acted(proxy: FaultProxy, client: Client, kind: Kind) -> None:
    proxy.order(kind)
    try:
        status, body, _ = client.ask()
    except (http.client.HTTPException, OSError):
        status, body = 0, b""
    assert (status, body) != (200, BODY)
    assert len(_Counting.done) == 1
    assert proxy.seen[0].acted


@pytest.mark.parametrize("kind", sorted(set(Kind) - ACTED - LATER))
def test_after_these_it_has_not(proxy: FaultProxy, client: Client, kind: Kind) -> None:
    proxy.order(kind)
    try:
        status, _, _ = client.ask()
    except (http.client.HTTPException, OSError):
        status = 0
    assert status != 200
    assert _Counting.done == []
    assert not proxy.seen[0].acted


@pytest.mark.parametrize(
    ("kind", "status", "content_type"),
    [
        (Kind.ERROR_500, 500, "application/json; charset=utf-8"),
        (Kind.HTML_502, 502, "text/html"),
        (Kind.HTML_502_AFTER, 502, "text/html"),
        (Kind.UNAVAILABLE_503, 503, "text/html"),
        (Kind.STORED_400, 400, "application/json; charset=utf-8"),
        (Kind.TRUNCATED, 200, "application/json; charset=utf-8"),
        (Kind.WRONG_JSON, 200, "application/json; charset=utf-8"),
        (Kind.TOO_MANY, 429, "text/plain"),
    ],
)
def test_answers_of_its_own(proxy: FaultProxy, client: Client, kind: Kind, status: int, content_type: str) -> None:
    proxy.order(kind)
    found, body, headers = client.ask()
    assert (found, headers["Content-Type"]) == (status, content_type)
    assert client.ask()[:2] == (200, BODY)
    if kind is Kind.TRUNCATED:
        assert BODY.startswith(body)
        assert body != BODY


@pytest.mark.parametrize("kind", [Kind.TOO_MANY_SECONDS, Kind.TOO_MANY_DATE])
def test_retry_after_in_seconds_and_as_a_date(proxy: FaultProxy, client: Client, kind: Kind) -> None:
    proxy.order(kind, seconds=7)
    status, _, headers = client.ask()
    assert status == 429
    assert headers["Retry-After"] == "7" if kind is Kind.TOO_MANY_SECONDS else "GMT" in headers["Retry-After"]


def test_a_reset_is_a_reset_and_a_drop_is_not(proxy: FaultProxy) -> None:
    for kind, error in ((Kind.RESET_BEFORE, ConnectionResetError), (Kind.DROP_BEFORE, http.client.RemoteDisconnected)):
        proxy.order(kind)
        client = Client(proxy)
        with pytest.raises(error) as raised:
            client.ask()
        assert type(raised.value) is error
        client.close()


def test_a_cut_off_answer_is_shorter_than_it_says(proxy: FaultProxy, client: Client) -> None:
    proxy.order(Kind.CUT_OFF)
    with pytest.raises(http.client.IncompleteRead):
        client.ask()


def test_a_late_request_lands_after_the_client_gave_up_and_when_its_time_has_come(
    proxy: FaultProxy, client: Client
) -> None:
    clock = proxy._monotonic
    assert isinstance(clock, Clock)
    proxy.order(Kind.LATE, seconds=40)
    with pytest.raises(http.client.RemoteDisconnected):
        client.ask("/late")
    clock.now = 39.0
    assert (proxy.deliver(), proxy.stuck, _Counting.done) == (0, 1, [])
    clock.now = 40.0
    assert (proxy.deliver(), proxy.stuck) == (1, 0)
    assert _Counting.done == [("POST", "/late", b"hello")]


def test_silence_lasts_until_the_client_gives_up(proxy: FaultProxy) -> None:
    proxy.order(Kind.SILENCE_LATE)
    client = Client(proxy, timeout=0.05)
    with pytest.raises(TimeoutError):
        client.ask()
    client.close()
    assert proxy.deliver(everything=True) == 1
    assert len(_Counting.done) == 1


def test_a_delay_and_a_drip_give_the_whole_answer(proxy: FaultProxy, client: Client) -> None:
    proxy.order(Kind.DELAY, seconds=0.01)
    proxy.order(Kind.DRIP, seconds=0.0)
    assert client.ask()[:2] == (200, BODY)
    assert client.ask()[:2] == (200, BODY)
    assert [seen.fault for seen in proxy.seen] == [Kind.DELAY, Kind.DRIP]


def test_rules_choose_by_method_and_path_skip_and_count(proxy: FaultProxy, client: Client) -> None:
    proxy.order(Kind.HTML_502, path=r"^/api/b", method="GET", skip=1, times=2)
    asked = [("GET", "/api/a"), ("POST", "/api/b"), *[("GET", "/api/b")] * 4]
    assert [client.ask(path, method)[0] for method, path in asked] == [200, 200, 200, 502, 502, 200]


def test_calm_takes_all_orders_back(proxy: FaultProxy, client: Client) -> None:
    proxy.order(Kind.HTML_502, times=99)
    proxy.chance = Chance(1, 1.0, 1.0)
    proxy.calm()
    assert client.ask()[0] == 200


def test_chance_is_the_same_for_the_same_seed_whatever_the_order(proxy: FaultProxy) -> None:
    asked = [("GET", f"/{number % 7}") for number in range(60)] + [("PUT", "/x")] * 60
    forward = _met(Chance(5, 0.3, 0.5), asked)
    assert forward == _met(Chance(5, 0.3, 0.5), asked[::-1])
    assert forward != _met(Chance(6, 0.3, 0.5), asked)
    met = [kind for kinds in forward.values() for kind in kinds if kind]
    assert 0.2 < len(met) / len(asked) < 0.6
    assert {kind for name, kinds in forward.items() if name.startswith("GET") for kind in kinds}.isdisjoint(LATER)
    assert all(kind in QUICK for kind in met)


def _met(chance: Chance, asked: list[tuple[str, str]]) -> dict[str, list[Kind | None]]:
    met: dict[str, list[Kind | None]] = {}
    for method, path in asked:
        rule = chance.rule(method, path)
        met.setdefault(f"{method} {path}", []).append(rule.kind if rule else None)
    return met


def test_it_listens_on_this_machine_only_and_ends(proxy: FaultProxy) -> None:
    assert proxy.url.startswith("http://127.0.0.1:")
    client = Client(proxy)
    client.ask()
    proxy.close()
    ends = time.monotonic() + 5
    while time.monotonic() < ends:
        try:
            socket.create_connection(("127.0.0.1", proxy.port), timeout=0.1).close()
        except OSError:
            break
    else:
        pytest.fail("it still listens")
    client.close()
