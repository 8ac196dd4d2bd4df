"""Pictures of posts: what is one, where it may be asked for with a key, and the way there through redirects."""

from collections.abc import Iterable
from time import monotonic
from typing import Protocol
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

from moderation.content import PictureFile
from moderation.errors import MarqueeError, NotAllowedError, PayloadError, TryLaterError, UnreachableError
from sync.connector import Urgency
from sync.http.answer import Answer
from sync.http.client import Client, Limits
from sync.http.outside import Outside, host_of

SECONDS = 20.0
"""In all, from the click to the last byte, redirects included; waiting for the community's own budget apart."""
MOST_BYTES = 8_000_000
ACCEPT = "image/webp,image/png,image/jpeg,image/gif"
_HOPS = 5
_HEADERS = {"Accept": ACCEPT, "Accept-Encoding": "identity"}
_MOVED = {301, 302, 303, 307, 308}
_PORTS = {"http": 80, "https": 443}


class OwnPictures(Protocol):
    """Fetches a picture from the community's own server; see :class:`sync.connector.FetchesPictures`."""

    def __call__(self, url: str, *, seconds: float, most: int) -> Answer:
        """The answer as it is, redirects too."""


def kind_of(data: bytes) -> str | None:
    """``png``, ``jpeg``, ``gif`` or ``webp`` by the first bytes; ``None`` for anything else, however it is called."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return None


def from_own_server(
    url: str, with_key: Client, as_guest: Client, uploads: Iterable[str], *, seconds: float, most: int
) -> Answer:
    """Ask the community's own server, as a person's click: with the key only below its folders of ``uploads``.

    Whoever wrote the post chose the address; anywhere else it might be one that does something in the name of whoever
    looks at it.
    """
    base = urlsplit(with_key.base_url).path
    client = with_key if _below(urlsplit(url).path, [base + folder for folder in uploads]) else as_guest
    return client.file(url, Urgency.PERSON, _HEADERS, Limits(seconds, most))


def fetch_picture(base_url: str, own: OwnPictures, outside: Outside, address: str) -> PictureFile:
    """A picture by the address that a post names. Blocking.

    ``own`` is asked for addresses of the community at ``base_url``, ``outside`` for all others. Raises errors whose
    codes begin with ``picture_``, those of the community's budget and sign-in, and nothing else.
    """
    url, ends = address, monotonic() + SECONDS
    for _ in range(_HOPS):
        host = host_of(url)
        answer = _hop(base_url, own, outside, url, max(0.1, ends - monotonic()))
        if answer.status not in _MOVED or not answer.location:
            return _picture(answer, host)
        url = urljoin(url, answer.location)
    raise NotAllowedError("picture_in_circles", host=host_of(url))


def _hop(base_url: str, own: OwnPictures, outside: Outside, url: str, seconds: float) -> Answer:
    here = own_address(base_url, url)
    try:
        if here is not None:
            return own(here, seconds=seconds, most=MOST_BYTES)
        return outside.get(url, seconds=seconds, most=MOST_BYTES, accept=ACCEPT)
    except MarqueeError as error:
        raise _said(error, host_of(url)) from None


def own_address(base_url: str, url: str) -> str | None:
    """The address as one of the community's own server, ``None`` where it is one of another.

    An address without encryption counts for the encrypted one, as in a browser: many old posts have them.
    """
    base, there = urlsplit(base_url), urlsplit(url)
    upgraded = (
        (base.scheme, there.scheme) == ("https", "http") and there.port in {None, 80} and base.port in {None, 443}
    )
    scheme = base.scheme if upgraded else there.scheme
    port = _PORTS["https"] if upgraded else _port(there)
    if (scheme, there.hostname, port) != (base.scheme, base.hostname, _port(base)):
        return None
    return urlunsplit((base.scheme, base.netloc, there.path or "/", there.query, ""))


def _port(parts: SplitResult) -> int | None:
    return parts.port or _PORTS.get(parts.scheme)


def _below(path: str, folders: Iterable[str]) -> bool:
    """True for a plain path below one of the folders: nothing in it climbs out again, however it is written."""
    plain = unquote(unquote(path))
    if "\\" in plain or "//" in plain or {".", ".."} & set(plain.split("/")):
        return False
    return any(plain.startswith(folder) for folder in folders)


def _picture(answer: Answer, host: str) -> PictureFile:
    if answer.status in {404, 410}:
        raise NotAllowedError("picture_gone", host=host)
    if not answer.ok:
        raise NotAllowedError("picture_refused", host=host, status=answer.status)
    kind = kind_of(answer.body)
    if kind is None:
        raise NotAllowedError("picture_not_one", host=host)
    return PictureFile(kind, answer.body)


_PLAIN: tuple[tuple[str, str], ...] = (
    ("answer_timed_out", "picture_slow"),
    ("connect_timed_out", "picture_slow"),
    ("answer_broke_off", "picture_broke_off"),
    ("answer_too_large", "picture_too_large"),
    ("host_not_found", "picture_no_host"),
    ("address_malformed", "picture_address"),
    ("gateway_error", "picture_unreachable"),
    ("server_unavailable", "picture_unreachable"),
)


def _said(error: MarqueeError, host: str) -> MarqueeError:
    """The same trouble as one of a picture: what is said of requests elsewhere would say too much."""
    code = next((ours for theirs, ours in _PLAIN if theirs == error.code), None)
    if code is None and isinstance(error, UnreachableError):
        code = "picture_unreachable"
    if code is None:
        return error
    if isinstance(error, PayloadError):
        return NotAllowedError(code, host=host, limit=MOST_BYTES // 1_000_000)
    return TryLaterError(code, host=host) if isinstance(error, TryLaterError) else NotAllowedError(code, host=host)
