"""Pictures of posts: a key stays at home, nobody is led into a private network, and what comes is bounded."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from moderation.content import PictureFile
from moderation.errors import MarqueeError, NotAllowedError
from sync.http import Answer, pictures
from sync.http.outside import Outside, is_public
from sync.http.pictures import fetch_picture, from_own_server, kind_of, own_address
from tests.support.certificate import self_signed, server_tls
from tests.support.pictures import GIF, png
from tests.sync.http.conftest import TOKEN, MakeClient
from tests.sync.http.wire import Heard, Wire, reply, wire

PICTURE = png()
Fetches = Callable[..., PictureFile]


def picture(_: Heard, sock: socket.socket) -> None:
    reply(sock, PICTURE, kind="image/png", Set_Cookie="who=you; Path=/")


@pytest.fixture
def fetch(client: MakeClient) -> Iterator[Fetches]:
    """Fetches for a community; of all private addresses only 127.0.0.1 counts as public here."""
    errands: list[Outside] = []

    def fetched(community: Wire, address: str, **made: object) -> PictureFile:
        ours, guest = client(community.url), client(community.url, token=None)
        made.setdefault("public", lambda found: found == "127.0.0.1")
        errands.append(Outside(**made))  # type: ignore[arg-type]

        def own(url: str, *, seconds: float, most: int) -> Answer:
            return from_own_server(url, ours, guest, ("/uploads/",), seconds=seconds, most=most)

        return fetch_picture(community.url, own, errands[-1], address)

    yield fetched
    for errand in errands:
        errand.close()


def refused(fetch: Fetches, community: Wire, address: str, **made: object) -> MarqueeError:
    with pytest.raises(MarqueeError) as caught:
        fetch(community, address, **made)
    return caught.value


def test_a_picture_of_the_community_is_asked_for_with_the_persons_key(fetch: Fetches) -> None:
    with wire(picture) as home:
        found = fetch(home, f"{home.url}/uploads/a.png")
    assert (found.kind, found.data) == ("png", PICTURE)
    [heard] = home.heard
    assert heard.headers["authorization"] == f"Bearer {TOKEN}"
    assert heard.headers["accept"].startswith("image/")
    assert "referer" not in heard.headers
    assert TOKEN not in repr(found)


@pytest.mark.parametrize(
    "path",
    [
        "/api/admin/restart",
        "/uploads/../api/x",
        "/uploads/%2e%2e/api/x",
        "/uploads/%252e%252e/x",
        "/uploads/..%5cx",
        "/",
    ],
)
def test_outside_of_the_uploads_the_key_stays_at_home(fetch: Fetches, path: str) -> None:
    with wire(picture) as home:
        fetch(home, home.url + path)
    [heard] = home.heard
    assert "authorization" not in heard.headers


def test_another_server_hears_nothing_of_who_asks(fetch: Fetches) -> None:
    with wire(picture) as home, wire(picture) as stranger:
        fetch(home, f"{stranger.url}/uploads/a.png")
        fetch(home, f"{stranger.url}/uploads/b.png")
    assert home.heard == []
    for heard in stranger.heard:
        assert set(heard.headers) == {"host", "accept", "accept-encoding", "user-agent"}
        assert TOKEN not in str(heard)
        assert "marquee" not in str(heard).lower()


def test_a_redirect_takes_no_key_along(fetch: Fetches) -> None:
    with wire(picture) as stranger:

        def move(_: Heard, sock: socket.socket) -> None:
            reply(sock, status="302 Found", Location=f"{stranger.url}/cdn/a.png")

        with wire(move) as home:
            assert fetch(home, f"{home.url}/uploads/a.png").data == PICTURE
    assert TOKEN in str(home.heard[0])
    assert TOKEN not in str(stranger.heard)


def test_a_stranger_cannot_lead_back_to_a_deed_in_the_persons_name(fetch: Fetches) -> None:
    with wire(picture) as home:

        def move(_: Heard, sock: socket.socket) -> None:
            reply(sock, status="302 Found", Location=f"{home.url}/api/admin/restart")

        with wire(move) as stranger:
            fetch(home, f"{stranger.url}/a.png")
    [heard] = home.heard
    assert "authorization" not in heard.headers


def test_a_private_address_is_not_even_connected_to(fetch: Fetches) -> None:
    with wire(picture) as home, wire(picture) as inside:
        error = refused(fetch, home, f"{inside.url}/a.png", public=is_public)
        assert (error.code, error.facts["host"]) == ("picture_private", "127.0.0.1")
        both = {"resolve": _says("8.8.8.8", "10.0.0.1"), "public": is_public}
        named = refused(fetch, home, f"http://rebound.example:{inside.port}/a.png", **both)
    assert named.code == "picture_private"
    assert inside.heard == home.heard == []


def test_a_redirect_into_a_private_network_is_refused(fetch: Fetches) -> None:
    def move(heard: Heard, sock: socket.socket) -> None:
        reply(sock, status="301 Moved", Location=f"http://127.0.0.2:{inside.port}/admin")

    with wire(picture) as inside, wire(move) as stranger, wire(picture) as home:
        assert refused(fetch, home, f"{stranger.url}/a.png").code == "picture_private"
    assert len(stranger.heard) == 1
    assert inside.heard == []


def test_what_was_looked_at_is_what_is_connected_to(fetch: Fetches) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    with wire(picture) as stranger, wire(picture) as home:
        assert fetch(home, f"http://far.example:{stranger.port}/a.png", resolve=resolve).kind == "png"
    assert asked == ["far.example"]
    assert stranger.heard[0].headers["host"] == f"far.example:{stranger.port}"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.9", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
        "2002:7f00:1::", "nonsense",
    ],
)  # fmt: skip
def test_private_addresses_are_known_in_every_dress(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://x.example/a.png",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "https://",
        "http://a@x.example/",
        "x",
    ],
)
def test_only_addresses_of_the_web_are_asked_for(fetch: Fetches, address: str) -> None:
    with wire(picture) as home:
        assert refused(fetch, home, address).code == "picture_address"
    assert home.heard == []


def test_a_redirect_leads_to_no_other_kind_of_address(fetch: Fetches) -> None:
    with wire(lambda _, sock: reply(sock, status="302 Found", Location="file:///etc/passwd")) as home:
        assert refused(fetch, home, f"{home.url}/uploads/a").code == "picture_address"


def test_redirects_in_circles_end(fetch: Fetches) -> None:
    with wire(lambda _, sock: reply(sock, status="302 Found", Location="/uploads/a")) as home:
        assert refused(fetch, home, f"{home.url}/uploads/a").code == "picture_in_circles"
    assert len(home.heard) == 5


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("404 Not Found", "picture_gone"),
        ("410 Gone", "picture_gone"),
        ("403 Forbidden", "picture_refused"),
        ("500 Broken", "picture_refused"),
    ],
)
def test_what_a_server_refuses_is_said(fetch: Fetches, status: str, code: str) -> None:
    with (
        wire(lambda _, sock: reply(sock, PICTURE, status)) as home,
        wire(lambda _, sock: reply(sock, b"", status)) as far,
    ):
        assert refused(fetch, home, f"{home.url}/uploads/a").code == code
        assert refused(fetch, home, f"{far.url}/uploads/a").code == code


@pytest.mark.parametrize(
    "body", [b"<html><body>Sign in</body></html>", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"", b"BM" + bytes(60)]
)
def test_what_is_no_picture_is_thrown_away_whatever_it_calls_itself(fetch: Fetches, body: bytes) -> None:
    with wire(lambda _, sock: reply(sock, body, kind="image/png")) as home:
        assert refused(fetch, home, f"{home.url}/uploads/a.png").code == "picture_not_one"


def test_a_file_that_says_it_is_huge_is_not_read(fetch: Fetches) -> None:
    def huge(_: Heard, sock: socket.socket) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9000000000\r\n\r\n" + PICTURE)

    with wire(huge) as far, wire(picture) as home:
        assert refused(fetch, home, f"{far.url}/a").code == "picture_too_large"


@pytest.mark.parametrize("where", ["home", "far"])
def test_a_file_that_never_ends_is_left(fetch: Fetches, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    monkeypatch.setattr(pictures, "MOST_BYTES", 300_000)

    def endless(_: Heard, sock: socket.socket) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            sock.sendall(b"x" * 65536)

    with wire(endless) as far, wire(endless) as home:
        error = refused(fetch, home, f"{(home if where == 'home' else far).url}/uploads/a")
    assert error.code == "picture_too_large"


@pytest.mark.parametrize("where", ["home", "far"])
def test_a_slow_drip_ends_with_the_deadline(fetch: Fetches, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    monkeypatch.setattr(pictures, "SECONDS", 0.4)

    def drip(_: Heard, sock: socket.socket) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not server.closing.wait(0.02):
            sock.sendall(b"x")

    with wire(drip) as server, wire(picture) as other:
        home = server if where == "home" else other
        assert refused(fetch, home, f"{server.url}/uploads/a").code == "picture_slow"


def test_a_name_that_takes_for_ever_to_look_up_ends_too(fetch: Fetches, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "SECONDS", 0.2)
    never = threading.Event()
    with wire(picture) as home:
        error = refused(fetch, home, "http://slow.example/a", resolve=lambda *_: [str(never.wait(30))])
    never.set()
    assert error.code == "picture_no_host"


def test_a_picture_that_breaks_off_is_said_to(fetch: Fetches) -> None:
    def half(_: Heard, sock: socket.socket) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + PICTURE[:40])
        sock.close()

    with wire(half) as far, wire(half) as home:
        assert refused(fetch, home, f"{far.url}/a").code == "picture_broke_off"
        assert refused(fetch, home, f"{home.url}/uploads/a").code == "picture_broke_off"


def test_an_errand_that_was_cut_asks_no_more(fetch: Fetches) -> None:
    arrived = threading.Event()

    def silent(_: Heard, sock: socket.socket) -> None:
        arrived.set()
        sock.recv(1)

    with wire(silent) as far:
        errand = Outside(public=lambda _: True)
        caught: list[str] = []

        def ask() -> None:
            try:
                errand.get(f"{far.url}/a", seconds=30, most=1000, accept="image/png")
            except MarqueeError as error:
                caught.append(error.code)

        asking = threading.Thread(target=ask)
        asking.start()
        assert arrived.wait(10)
        errand.cut()
        asking.join(10)
        assert not asking.is_alive()
        assert caught == ["answer_broke_off"]
        with pytest.raises(MarqueeError):
            errand.get(f"{far.url}/b", seconds=5, most=1000, accept="image/png")
        errand.close()
    assert [heard.line for heard in far.heard] == ["GET /a HTTP/1.1"]


def test_an_unreachable_server_is_said_to_be_one(fetch: Fetches) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with wire(picture) as home:
        assert refused(fetch, home, f"http://127.0.0.1:{port}/a").code == "picture_unreachable"
        assert refused(fetch, home, "http://nowhere.invalid/a", resolve=_says()).code == "picture_no_host"


def test_another_server_must_have_a_good_certificate_for_its_name(
    fetch: Fetches, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path)
    with wire(picture, server_tls(certificate)) as far, wire(picture) as home:
        assert refused(fetch, home, f"{far.url}/a").code == "picture_unreachable"
        assert far.heard == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert fetch(home, f"{far.url}/a").data == PICTURE


def test_behind_a_proxy_it_is_the_proxy_that_connects(fetch: Fetches, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("only the proxy knows names")

    with wire(picture) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        home = Wire(picture, port=9)
        assert fetch(home, "http://far.example/a.png", resolve=unknown).data == PICTURE
        assert refused(fetch, home, "http://inside.example/a.png", resolve=_says("10.0.0.1")).code == "picture_private"
        assert refused(fetch, home, "http://127.0.0.1:1/a.png", public=is_public).code == "picture_private"
    assert [heard.line for heard in proxy.heard] == ["GET http://far.example/a.png HTTP/1.1"]
    assert "authorization" not in proxy.heard[0].headers


def test_a_packed_answer_is_refused_unopened(fetch: Fetches) -> None:
    with wire(lambda _, sock: reply(sock, b"\x1f\x8b", Content_Encoding="gzip")) as far, wire(picture) as home:
        assert refused(fetch, home, f"{far.url}/a").code == "picture_not_one"


@pytest.mark.parametrize(
    ("base", "url", "own"),
    [
        ("https://c.example", "https://c.example/a?b#c", "https://c.example/a?b"),
        ("https://c.example", "https://C.example:443/a", "https://c.example/a"),
        ("https://c.example", "http://c.example/a", "https://c.example/a"),
        ("https://c.example/forum", "https://c.example/forum/a", "https://c.example/forum/a"),
        ("http://c.example", "https://c.example/a", None),
        ("https://c.example", "https://c.example:8443/a", None),
        ("https://c.example", "http://c.example:8080/a", None),
        ("https://c.example", "https://c.example.evil.example/a", None),
        ("http://127.0.0.1:4567", "http://127.0.0.1:4568/a", None),
    ],
)
def test_what_is_the_communitys_own_address(base: str, url: str, own: str | None) -> None:
    assert own_address(base, url) == own


def test_the_key_is_for_no_other_server_even_by_mistake(client: MakeClient) -> None:
    with wire(picture) as home, wire(picture) as stranger:
        ours = client(home.url)
        with pytest.raises(NotAllowedError):
            from_own_server(f"{stranger.url}/uploads/a", ours, ours, ("/uploads/",), seconds=5, most=1000)
    assert stranger.heard == []


def test_kinds_are_told_by_the_first_bytes() -> None:
    assert [kind_of(data) for data in (PICTURE, GIF, b"\xff\xd8\xff\xe0", b"RIFF\0\0\0\0WEBPVP8 ", b"<svg", b"")] == [
        "png", "gif", "jpeg", "webp", None, None
    ]  # fmt: skip


def _says(*addresses: str) -> Callable[[str, int], list[str]]:
    return lambda host, port: list(addresses)
