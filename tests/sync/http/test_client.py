"""The client against servers that behave well, and keys that stay where they belong."""

import gzip
import logging
import socket
import threading
from pathlib import Path

import pytest

from moderation.errors import NotAllowedError, PayloadError, UnclearError
from sync.connector import Urgency
from sync.http import transport
from tests.sync.http.conftest import TOKEN, MakeClient
from tests.sync.http.wire import Heard, reply, wire


def test_an_answer_tells_status_body_and_the_servers_time(client: MakeClient) -> None:
    date = "Sun, 22 Nov 2026 12:00:00 GMT"
    with wire(lambda _, sock: reply(sock, b'{"a":1}', Date=date)) as server:
        answer = client(server.url).read("/api/x?y=1", Urgency.PERSON)
    assert (answer.status, answer.body, answer.is_json, answer.path) == (200, b'{"a":1}', True, "/api/x")
    assert answer.server_time is not None
    assert answer.server_time.isoformat() == "2026-11-22T12:00:00+00:00"
    [heard] = server.heard
    assert heard.line == "GET /api/x?y=1 HTTP/1.1"
    assert heard.headers["authorization"] == f"Bearer {TOKEN}"
    assert heard.headers["user-agent"].startswith("Marquee/")


def test_the_user_agent_is_on_no_crawler_list(client: MakeClient) -> None:
    with wire(lambda _, sock: reply(sock)) as server:
        client(server.url).read("/", Urgency.PERSON)
    agent = server.heard[0].headers["user-agent"].lower()
    assert not [word for word in ("bot", "spider", "crawl", "monit", "python", "requests") if word in agent]


def test_the_base_path_is_kept(client: MakeClient) -> None:
    with wire(lambda _, sock: reply(sock)) as server:
        client(f"{server.url}/forum/").read("/api/self", Urgency.PERSON)
    assert server.heard[0].line.startswith("GET /forum/api/self ")


def test_a_write_sends_json(client: MakeClient) -> None:
    with wire(lambda _, sock: reply(sock)) as server:
        client(server.url).write("PUT", "/api/v3/x", {"text": "日本 🎪"}, Urgency.FLUSH)
    [heard] = server.heard
    assert heard.line == "PUT /api/v3/x HTTP/1.1"
    assert heard.headers["content-type"] == "application/json"
    assert heard.body.decode() == '{"text":"日本 🎪"}'


def test_delete_carries_a_body_too(client: MakeClient) -> None:
    with wire(lambda _, sock: reply(sock)) as server:
        client(server.url).write("DELETE", "/api/v3/x", {}, Urgency.FLUSH)
    assert server.heard[0].body == b"{}"


def test_cookies_are_never_sent_back(client: MakeClient) -> None:
    with wire(lambda _, sock: reply(sock, Set_Cookie="express.sid=abc; Path=/")) as server:
        one = client(server.url)
        one.read("/", Urgency.PERSON)
        one.read("/", Urgency.PERSON)
    assert all("cookie" not in heard.headers for heard in server.heard)


def test_netrc_does_not_replace_the_key(client: MakeClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with wire(lambda _, sock: reply(sock)) as server:
        client(server.url).read("/", Urgency.PERSON)
        client(server.url, token=None).read("/", Urgency.PERSON)
    assert [heard.headers.get("authorization") for heard in server.heard] == [f"Bearer {TOKEN}", None]


def test_a_proxy_of_the_environment_is_used(client: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with wire(lambda _, sock: reply(sock, b'"by proxy"')) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        answer = client("http://community.example").read("/api/self", Urgency.PERSON)
    assert answer.body == b'"by proxy"'
    assert proxy.heard[0].line == "GET http://community.example/api/self HTTP/1.1"


def test_packed_answers_are_unpacked_and_counted_as_they_came(client: MakeClient) -> None:
    text = b'"' + b"x" * 10000 + b'"'
    packed = gzip.compress(text)
    with wire(lambda _, sock: reply(sock, packed, Content_Encoding="gzip")) as server:
        one = client(server.url)
        assert one.read("/", Urgency.PERSON).body == text
    assert (one.usage.requests, one.usage.bytes) == (1, len(packed))


def test_a_body_past_the_bound_is_not_read(client: MakeClient) -> None:
    with wire(lambda _, sock: reply(sock, b"x" * 300_000)) as server:
        one = client(server.url, body_bytes=100_000)
        with pytest.raises(PayloadError, match="answer_too_large"):
            one.read("/", Urgency.PERSON)
        with pytest.raises(UnclearError, match="answer_too_large"):
            one.write("POST", "/", {}, Urgency.FLUSH)


def test_reads_follow_redirects_on_the_same_server(client: MakeClient) -> None:
    def handle(heard: Heard, sock: socket.socket) -> None:
        if "/old" in heard.line:
            reply(sock, status="302 Found", Location="/new")
        else:
            reply(sock, b'"there"')

    with wire(handle) as server:
        assert client(server.url).read("/old", Urgency.PERSON).body == b'"there"'


def test_redirects_in_circles_end(client: MakeClient) -> None:
    with (
        wire(lambda _, sock: reply(sock, status="302 Found", Location="/again")) as server,
        pytest.raises(NotAllowedError, match="community_redirects_in_circles"),
    ):
        client(server.url).read("/again", Urgency.PERSON)


def test_the_key_is_not_taken_to_another_server(client: MakeClient) -> None:
    with (
        wire(lambda _, sock: reply(sock)) as other,
        wire(lambda _, sock: reply(sock, status="301 Moved", Location=f"{other.url}/api/self")) as server,
        pytest.raises(NotAllowedError, match="community_moved") as caught,
    ):
        client(server.url).read("/api/self", Urgency.PERSON)
    assert caught.value.facts["to"] == other.url
    assert other.heard == []


def test_a_redirect_to_https_is_told_and_not_followed(client: MakeClient) -> None:
    with (
        wire(lambda _, sock: reply(sock, status="301 Moved", Location="https://127.0.0.1/")) as server,
        pytest.raises(NotAllowedError, match="community_moved") as caught,
    ):
        client(server.url).read("/api/self", Urgency.PERSON)
    assert caught.value.facts["to"] == "https://127.0.0.1"


def test_a_write_follows_no_redirect(client: MakeClient) -> None:
    with wire(lambda _, sock: reply(sock, status="307 Moved", Location="/new")) as server:
        assert client(server.url).write("POST", "/old", {}, Urgency.FLUSH).status == 307
    assert len(server.heard) == 1


def test_the_key_shows_nowhere(client: MakeClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with wire(lambda _, sock: sock.close()) as server:
        one = client(server.url)
        with pytest.raises(UnclearError) as caught:
            one.write("POST", "/api/v3/x", {}, Urgency.FLUSH)
    shown = f"{one!r} {one._session!r} {caught.value!r} {caught.value} {caught.value.facts} {caplog.text}"
    assert TOKEN not in shown


def test_numbers_are_taken_when_requests_begin(client: MakeClient) -> None:
    slow_heard, fast_done = threading.Event(), threading.Event()

    def handle(heard: Heard, sock: socket.socket) -> None:
        if "/slow" in heard.line:
            slow_heard.set()
            fast_done.wait(20)
        reply(sock)

    seqs: dict[str, int] = {}
    with wire(handle) as server:
        one = client(server.url)
        slow = threading.Thread(target=lambda: seqs.update(slow=one.read("/slow", Urgency.POLL).seq))
        slow.start()
        assert slow_heard.wait(20)
        seqs["fast"] = one.read("/fast", Urgency.POLL).seq
        fast_done.set()
        slow.join(20)
    assert seqs["slow"] < seqs["fast"]


def test_connections_are_kept_and_not_used_when_they_have_been_idle(
    client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with wire(lambda _, sock: reply(sock)) as server:
        one = client(server.url)
        one.read("/", Urgency.PERSON)
        one.read("/", Urgency.PERSON)
        monkeypatch.setattr(transport, "IDLE_SECONDS", 0.0)
        one.write("POST", "/", {}, Urgency.FLUSH)
    assert [heard.connection for heard in server.heard] == [1, 1, 2]


def test_a_remembered_answer_stands_for_304(client: MakeClient) -> None:
    def handle(heard: Heard, sock: socket.socket) -> None:
        if heard.headers.get("if-none-match") == 'W/"1"':
            sock.sendall(b'HTTP/1.1 304 Not Modified\r\nETag: W/"1"\r\n\r\n')
        else:
            reply(sock, b'"news"', ETag='W/"1"')

    with wire(handle) as server:
        one = client(server.url)
        first = one.read("/x", Urgency.POLL, conditional=True)
        again = one.read("/x", Urgency.POLL, conditional=True)
        plain = one.read("/x", Urgency.POLL)
    assert (first.not_modified, again.not_modified, plain.not_modified) == (False, True, False)
    assert first.body == again.body == plain.body == b'"news"'
    assert again.status == 200
    assert again.seq > first.seq
    assert "no-cache" not in server.heard[1].headers.get("cache-control", ""), "Express would not answer 304"
