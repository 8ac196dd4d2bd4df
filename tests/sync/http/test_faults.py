"""What goes wrong on the wire, and what it becomes: nothing happened, later, or unclear."""

import datetime as dt
import socket
import struct
import threading
from email.utils import format_datetime
from pathlib import Path

import pytest

from moderation.errors import MarqueeError, NotAllowedError, TryLaterError, UnclearError, UnreachableError
from sync.connector import Urgency
from sync.http.client import Client
from tests.support.certificate import self_signed, server_tls
from tests.sync.http.conftest import MakeClient
from tests.sync.http.wire import Handler, Heard, reply, wire


def outcome(client: Client, *, write: bool) -> MarqueeError:
    """The error of a read or a write; there must be one."""

    def request() -> object:
        if write:
            return client.write("POST", "/api/v3/x", {"a": 1}, Urgency.FLUSH)
        return client.read("/api/x", Urgency.POLL)

    with pytest.raises(MarqueeError) as caught:
        request()
    return caught.value


def drip_body(server_closing: list[Heard]) -> Handler:
    def handle(heard: Heard, sock: socket.socket) -> None:
        server_closing.append(heard)
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
        while True:
            sock.sendall(b" ")
            sock.settimeout(0.02)
            try:
                if not sock.recv(1):
                    return
            except TimeoutError:
                continue

    return handle


def drip_head(heard: Heard, sock: socket.socket) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        sock.sendall(b"X-A: b\r\n" if heard else b"")
        sock.settimeout(0.3)
        try:
            if not sock.recv(1):
                return
        except TimeoutError:
            continue


def say_nothing(_: Heard, sock: socket.socket) -> None:
    sock.recv(1)


def reset(_: Heard, sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def close(_: Heard, sock: socket.socket) -> None:
    sock.close()


def truncate(_: Heard, sock: socket.socket) -> None:
    sock.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a":')
    sock.close()


def cut_chunks(_: Heard, sock: socket.socket) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{")
    sock.close()


def nonsense(_: Heard, sock: socket.socket) -> None:
    sock.sendall(b"\x00\x01 what\r\n\r\n")
    sock.close()


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize(
    ("handler", "code"),
    [
        (drip_body([]), "answer_timed_out"),
        (drip_head, "answer_timed_out"),
        (say_nothing, "answer_timed_out"),
        (reset, "answer_broke_off"),
        (close, "answer_broke_off"),
        (truncate, "answer_broke_off"),
        (cut_chunks, "answer_broke_off"),
        (nonsense, "answer_broke_off"),
    ],
)
def test_after_sending_a_read_is_for_later_and_a_write_is_unclear(
    client: MakeClient, handler: Handler, code: str, write: bool
) -> None:
    with wire(handler) as server:
        error = outcome(client(server.url, seconds=0.5), write=write)
    assert error.code == code
    assert isinstance(error, UnclearError if write else TryLaterError)
    assert not isinstance(error, UnreachableError)
    assert len(server.heard) == 1, "nothing is repeated by itself"


@pytest.mark.parametrize("write", [False, True])
def test_a_closed_port_is_unreachable(client: MakeClient, write: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = outcome(client(f"http://127.0.0.1:{port}"), write=write)
    assert isinstance(error, UnreachableError)
    assert error.code == "connection_refused"


def test_an_unknown_name_is_unreachable(client: MakeClient) -> None:
    error = outcome(client("http://nothing.invalid"), write=True)
    assert isinstance(error, UnreachableError)
    assert error.code == "host_not_found"


def test_a_dead_proxy_is_unreachable(client: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{listener.getsockname()[1]}")
    error = outcome(client("http://community.example"), write=True)
    assert isinstance(error, UnreachableError)
    assert error.code == "proxy_failed"


def test_a_proxy_that_refuses_the_tunnel_is_unreachable(client: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with wire(lambda _, sock: reply(sock, status="403 Forbidden")) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        error = outcome(client("https://community.example"), write=True)
    assert isinstance(error, UnreachableError), "the tunnel's own bytes are none of the request"
    assert error.code == "proxy_failed"


@pytest.mark.parametrize("address", ["http://[oops", "forum.example", "ftp://forum.example", "http://", ""])
def test_an_address_that_is_none_is_refused(client: MakeClient, address: str) -> None:
    with pytest.raises(NotAllowedError, match="address_malformed"):
        client(address)


@pytest.mark.parametrize("status", ["500 Oops", "502 Bad Gateway", "504 Gateway Timeout"])
def test_an_html_page_of_a_gateway_leaves_a_write_unclear(client: MakeClient, status: str) -> None:
    with wire(lambda _, sock: reply(sock, b"<html>", status, "text/html")) as server:
        error = outcome(client(server.url), write=True)
    assert isinstance(error, UnclearError)
    assert error.code == "gateway_error"


def test_html_with_200_leaves_a_write_unclear(client: MakeClient) -> None:
    with wire(lambda _, sock: reply(sock, b"<html>", kind="text/html")) as server:
        error = outcome(client(server.url), write=True)
    assert isinstance(error, UnclearError)
    assert error.code == "answer_not_json"


def test_an_html_page_of_a_gateway_puts_a_read_off(client: MakeClient) -> None:
    with wire(lambda _, sock: reply(sock, b"<html>", "502 Bad Gateway", "text/html")) as server:
        error = outcome(client(server.url), write=False)
    assert isinstance(error, TryLaterError)
    assert error.code == "gateway_error"


@pytest.mark.parametrize("write", [False, True])
def test_429_is_kept_by_everything_after_it(client: MakeClient, write: bool) -> None:
    with wire(lambda _, sock: reply(sock, status="429 Too Many", Retry_After="30")) as server:
        one = client(server.url)
        first, second = outcome(one, write=write), outcome(one, write=not write)
    assert isinstance(first, TryLaterError)
    assert (first.code, first.seconds) == ("too_many_requests", 30.0)
    assert isinstance(second, TryLaterError)
    assert second.code == "community_asks_to_wait"
    assert 0 < second.seconds <= 30
    assert len(server.heard) == 1


def test_429_may_name_a_date(client: MakeClient) -> None:
    now = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    later = format_datetime(now + dt.timedelta(seconds=90), usegmt=True)
    date = format_datetime(now, usegmt=True)
    with wire(lambda _, sock: reply(sock, status="429 Too Many", Retry_After=later, Date=date)) as server:
        error = outcome(client(server.url), write=False)
    assert isinstance(error, TryLaterError)
    assert error.seconds == 90.0, "by the server's own clock"


def test_429_without_a_time_waits_a_little(client: MakeClient) -> None:
    with wire(lambda _, sock: reply(sock, status="429 Too Many")) as server:
        error = outcome(client(server.url), write=True)
    assert isinstance(error, TryLaterError)
    assert error.seconds == 2.0


@pytest.mark.parametrize(("kind", "code"), [("application/json", "maintenance"), ("text/html", "server_unavailable")])
def test_503_tells_maintenance_from_a_gateway(client: MakeClient, kind: str, code: str) -> None:
    with wire(lambda _, sock: reply(sock, b"{}", "503 Unavailable", kind)) as server:
        assert outcome(client(server.url), write=False).code == code


def test_hours_of_maintenance_are_no_limit_of_the_key(client: MakeClient) -> None:
    """It may be over sooner: that is looked for every quarter of an hour."""
    with wire(lambda _, sock: reply(sock, status="503 Unavailable", Retry_After="7200")) as server:
        one = client(server.url)
        first, second = outcome(one, write=False), outcome(one, write=False)
    assert (first.code, first.facts["seconds"]) == ("maintenance", 900.0)
    assert second.code == "community_asks_to_wait"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A self-signed certificate of 127.0.0.1 with its key."""
    return self_signed(tmp_path)


@pytest.mark.parametrize("write", [False, True])
def test_a_self_signed_certificate_is_named_as_such(client: MakeClient, certificate: Path, write: bool) -> None:
    with wire(lambda _, sock: reply(sock), server_tls(certificate)) as server:
        error = outcome(client(server.url), write=write)
    assert isinstance(error, UnreachableError)
    assert error.code == "certificate_self_signed"
    assert server.heard == []


def test_the_systems_certificates_are_trusted(
    client: MakeClient, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with wire(lambda _, sock: reply(sock, b'"safe"'), server_tls(certificate)) as server:
        assert client(server.url).read("/", Urgency.PERSON).body == b'"safe"'


def test_the_total_deadline_holds_with_tls(
    client: MakeClient, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with wire(drip_body([]), server_tls(certificate)) as server:
        error = outcome(client(server.url, seconds=0.5), write=True)
    assert isinstance(error, UnclearError)
    assert error.code == "answer_timed_out"


def test_https_to_a_plain_server_says_so(client: MakeClient) -> None:
    def refuse_anything(listener: socket.socket) -> None:
        sock, _ = listener.accept()
        with sock:
            sock.recv(1)
            reply(sock, status="400 Bad Request")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=refuse_anything, args=(listener,), daemon=True).start()
        error = outcome(client(f"https://127.0.0.1:{listener.getsockname()[1]}"), write=True)
    assert isinstance(error, UnreachableError)
    assert error.code == "tls_failed"
