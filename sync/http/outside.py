"""Fetching a file from a server that is no community of ours: as nobody, and never from a private network.

Posts name such addresses, and whoever wrote the post chose them. So the request carries no key, no cookie, no referrer
and no word of this program, and its host is resolved here: where one of its addresses is not public, nothing is sent,
and what was looked at is also what is connected to.
"""

import ipaddress
import socket
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase
from requests.utils import get_environ_proxies, select_proxy

from moderation.errors import NotAllowedError, TryLaterError, UnreachableError
from sync.http.answer import Answer
from sync.http.deadline import Opens, attempting, current_attempt
from sync.http.faults import translated
from sync.http.transport import Adapter

Resolve = Callable[[str, int], list[str]]
Public = Callable[[str], bool]

CONNECT_SECONDS = 10.0
_CHUNK = 65536
_AGENT = "Mozilla/5.0"
_EMBEDDING = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """True for an address of the public internet, also where it is written inside of another one."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        inner += [ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)] if ip in _EMBEDDING else []
        if not all(is_public(str(each)) for each in inner if each is not None):
            return False
    return ip.is_global and not ip.is_multicast


def addresses_of(host: str, port: int) -> list[str]:
    """The numeric addresses of a host; raises ``OSError`` where there is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class _Nobody(AuthBase):
    """No key. Being given at all, it keeps ``requests`` from asking ``.netrc`` and from reading names in addresses."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class Outside:
    """One errand among servers that are none of ours; :meth:`cut` ends it from another thread, for good.

    ``resolve`` and ``public`` are what hosts are looked up and judged with.
    """

    def __init__(self, resolve: Resolve = addresses_of, public: Public = is_public) -> None:
        self._resolve = resolve
        self._public = public
        self._sockets: list[socket.socket] = []
        self._over = False
        self._lock = threading.Lock()
        self._session = requests.Session()
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.headers.clear()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, Adapter(1))

    def get(self, url: str, *, seconds: float, most: int, accept: str) -> Answer:
        """GET once within so many seconds in all and at most so many bytes; a redirect is given back.

        Raises ``NotAllowedError`` ``picture_address`` and ``picture_private``, ``TryLaterError`` and its kin for what
        is not reachable or breaks off, ``NotAllowedError`` ``picture_too_large``.
        """
        host = host_of(url)
        timer = threading.Timer(seconds, self.cut)
        timer.daemon = True
        with attempting(seconds, self._way_to(url)) as attempt, translated(attempt, host, write=False):
            timer.start()
            try:
                return self._asked(url, host, seconds, most, accept)
            finally:
                timer.cancel()

    def cut(self) -> None:
        """End what is under way, and let nothing more begin."""
        with self._lock:
            self._over = True
            sockets, self._sockets = self._sockets, []
        for sock in sockets:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Give up sockets."""
        self.cut()
        self._session.close()

    def _asked(self, url: str, host: str, seconds: float, most: int, accept: str) -> Answer:
        headers = {"Accept": accept, "Accept-Encoding": "identity", "User-Agent": _AGENT}
        response = self._session.request(
            "GET",
            url,
            headers=headers,
            auth=_Nobody(),
            timeout=(min(CONNECT_SECONDS, seconds), seconds),
            allow_redirects=False,
            stream=True,
        )
        with closing(response):
            body = _body(response, host, most) if response.ok and not response.is_redirect else b""
            kind = response.headers.get("Content-Type", "")
            return Answer(
                response.status_code, url, 0, body, content_type=kind, location=response.headers.get("Location")
            )

    def _way_to(self, url: str) -> Opens | None:
        """Straight there, or through the proxy of this machine: then the proxy connects, and only the host's name can
        be judged, as far as it is known here.
        """
        if select_proxy(url, get_environ_proxies(url)) is None:
            return self._connected
        with suppress(UnreachableError):
            self._allowed(host_of(url), 0)
        return None

    def _allowed(self, host: str, port: int) -> list[str]:
        """The addresses to connect to; raises ``NotAllowedError`` ``picture_private`` when one of them is not public,
        ``UnreachableError`` when there is none.
        """
        found = self._looked_up(host, port)
        if not all(map(self._public, found)):
            raise NotAllowedError("picture_private", host=host)
        return found

    def _looked_up(self, host: str, port: int) -> list[str]:
        """Resolving has no limit in time of its own: it is waited for as long as the errand lasts."""
        found: list[str] = []

        def resolve() -> None:
            with suppress(OSError, UnicodeError):
                found.extend(self._resolve(host, port))

        attempt = current_attempt()
        waiting = threading.Thread(target=resolve, name="resolve", daemon=True)
        waiting.start()
        waiting.join(attempt.left() if attempt is not None else CONNECT_SECONDS)
        if not found:
            raise UnreachableError("host_not_found", host=host)
        return list(found)

    def _connected(self, host: str, port: int) -> socket.socket:
        """A connection to an address of the host that was judged just now."""
        attempt, trouble = current_attempt(), OSError(f"no way to {host}")
        for address in self._allowed(host, port):
            left = attempt.left() if attempt is not None else CONNECT_SECONDS
            try:
                sock = socket.create_connection((address, port), max(0.01, min(CONNECT_SECONDS, left)))
            except OSError as error:
                trouble = error
                continue
            with self._lock:
                if not self._over:
                    self._sockets.append(sock)
                    return sock
            sock.close()
            raise TryLaterError("answer_timed_out", host=host)
        raise trouble


def host_of(url: str) -> str:
    """The host of an address of the web; raises ``NotAllowedError`` ``picture_address`` for any other."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good or "@" in parts.netloc or parts.hostname is None:
        raise NotAllowedError("picture_address")
    return parts.hostname


def _body(response: requests.Response, host: str, most: int) -> bytes:
    declared = response.headers.get("Content-Length", "")
    if declared.isdigit() and int(declared) > most:
        raise NotAllowedError("picture_too_large", host=host, limit=most // 1_000_000)
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise NotAllowedError("picture_not_one", host=host)
    parts, size = [], 0
    for part in response.iter_content(_CHUNK):
        parts.append(part)
        size += len(part)
        if size > most:
            raise NotAllowedError("picture_too_large", host=host, limit=most // 1_000_000)
    return b"".join(parts)
