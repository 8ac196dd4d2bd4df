"""Looking as somebody else would: no key for strangers, no cache woken, every silence told by its own code."""

import gzip
import socket

import pytest

from sync.http import Budget, Counters
from sync.parts import looking
from sync.parts.looking import Looker, strings
from tests.sync.http.wire import Handler, Heard, Wire, reply, wire

KEY = {"Authorization": "Bearer 1234"}


def look(server: Wire, path: str, key: dict[str, str] | None = None, accept: str = "text/html") -> looking.Seen:
    looker = Looker(server.url, key, Budget(2), Counters())
    try:
        return looker.get(path, accept)
    finally:
        looker.close()


def answering(**headers: str) -> Handler:
    status = headers.pop("status", "200 OK")
    return lambda heard, sock: reply(sock, b"<p>", status, "text/html", **headers)


def test_it_asks_as_an_outsider_does() -> None:
    with wire(answering()) as server:
        seen = look(server, "/topic/1")
        assert (seen.status, seen.trouble, seen.text) == (200, "", "<p>")
        headers = server.heard[0].headers
        assert headers["accept"] == "text/html"
        assert not {"authorization", "cookie", "cache-control", "if-none-match"} & set(headers)
        assert seen.request == "GET /topic/1"
        look(server, "/topic/1", KEY)
        assert server.heard[1].headers["authorization"] == "Bearer 1234"


def test_a_key_never_leaves_for_another_host() -> None:
    with wire(answering()) as elsewhere:

        def away(heard: Heard, sock: socket.socket) -> None:
            reply(sock, b"", "302 Found", Location=f"{elsewhere.url}/file.png")

        with wire(away) as server:
            seen = look(server, "/file.png", KEY)
            assert seen.status == 200
            assert seen.hops == (f"{elsewhere.url}/file.png",)
            assert "authorization" in server.heard[0].headers
            assert "authorization" not in elsewhere.heard[0].headers
            look(server, f"{elsewhere.url}/other.png", KEY)
            assert "authorization" not in elsewhere.heard[1].headers


def test_where_redirects_lead_is_told_in_letters_of_any_script() -> None:
    def raw(heard: Heard, sock: socket.socket) -> None:
        if "/1/" in heard.line:
            reply(sock, b"<p>", kind="text/html")
            return
        head = "HTTP/1.1 308 X\r\nContent-Length: 0\r\nLocation: /topic/1/注文番号/1\r\n\r\n"
        sock.sendall(head.encode())

    with wire(raw) as server:
        assert look(server, "/topic/1").hops == ("/topic/1/注文番号/1",)


@pytest.mark.parametrize(
    ("headers", "trouble"),
    [
        ({"status": "429 Too Many"}, "too_many_requests"),
        ({"status": "503 Away"}, "server_unavailable"),
        ({"status": "502 Bad Gateway"}, "gateway_error"),
        ({"status": "520 Odd"}, "gateway_error"),
        ({"status": "500 Oops"}, "server_error"),
        ({"status": "403 No", "cf_mitigated": "challenge"}, "challenge"),
        ({"status": "302 Found", "Location": "/round"}, "redirects_in_circles"),
    ],
)
def test_silences_have_codes(headers: dict[str, str], trouble: str) -> None:
    with wire(answering(**headers)) as server:
        assert look(server, "/round").trouble == trouble


def test_no_answer_at_all_is_told_and_nothing_is_raised() -> None:
    with wire(lambda heard, sock: sock.close()) as server:
        assert look(server, "/x").trouble in {"answer_broke_off", "connection_failed"}
        gone = server.url
    looker = Looker(gone.replace(gone.rpartition(":")[2], "9"), None, Budget(1), Counters())
    assert looker.get("/x").trouble == "connection_refused"


def test_of_a_huge_file_the_beginning_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "MOST_BYTES", 100_000)
    with wire(lambda heard, sock: reply(sock, b"x" * 3_000_000, kind="image/png")) as server:
        seen = look(server, "/huge.png")
        assert seen.trouble == ""
        assert 100_000 <= len(seen.body) < 1_000_000


def test_packed_answers_are_unpacked() -> None:
    packed = gzip.compress(b'{"a": ["one", {"b": "two"}], "path": "three"}')
    with wire(lambda heard, sock: reply(sock, packed, Content_Encoding="gzip")) as server:
        seen = look(server, "/x")
        assert set(strings(seen.json)) == {"one", "two", "three"}
        assert set(strings(seen.json, without=frozenset({"path"}))) == {"one", "two"}
        assert len(seen.digest) == 64
