"""The words of a post as people see them, and where its links lead.

Works on a server's rendering without trusting it; in time that grows with its length alone.
"""

import hashlib
import html as entities
import re
from dataclasses import dataclass
from urllib.parse import unquote

from moderation.privacy.labels import listed

_TAG = re.compile(r"<(?:(/?)([A-Za-z][A-Za-z0-9]{0,20})\b([^<>]{0,20000})>|[!?][^<>]{0,2000}>)")
_HREF = re.compile(
    r"""\b(?:href|src)\s{0,4}=\s{0,4}(?:"([^"]{0,8000})"|'([^']{0,8000})'|([^\s"'<>]{1,8000}))""", re.IGNORECASE
)
_BREAKS = listed(
    "p br div li ul ol tr table blockquote pre h1 h2 h3 h4 h5 h6 hr section article aside details summary dd dt dl "
    "figure "
    "td th"
)
_UNSHOWN = frozenset({"script", "style", "template", "title", "head"})


@dataclass(frozen=True, slots=True)
class Link:
    """Where a link or picture leads, and the place in the text of what one would press."""

    start: int
    end: int
    target: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The words of a post and its links in order."""

    text: str
    links: tuple[Link, ...] = ()

    @property
    def digest(self) -> bytes:
        """Tells one text from another: places of finds fit only the text that they were found in."""
        return hashlib.blake2b(self.text.encode("utf-8", "replace"), digest_size=8).digest()


def shown(body_html: str, body: str | None = None) -> Shown:
    """What a post shows: the server's rendering without its tags; what its author typed where nothing is rendered."""
    if not body_html:
        return Shown((body or "").replace("\r\n", "\n"))
    return _Reading().read(body_html)


class _Reading:
    """One pass over a rendering."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._links: list[Link] = []
        self._open: list[tuple[int, str]] = []
        self._unshown = ""

    def read(self, body_html: str) -> Shown:
        last = 0
        for match in _TAG.finditer(body_html):
            self._words(body_html[last : match.start()])
            last = match.end()
            if match[2]:
                self._tag(bool(match[1]), match[2].lower(), match[3])
        self._words(body_html[last:])
        for start, target in self._open:
            self._links.append(Link(start, self._length, target))
        return Shown("".join(self._parts), tuple(self._links))

    def _words(self, piece: str) -> None:
        if piece and not self._unshown:
            self._say(entities.unescape(piece) if "&" in piece else piece)

    def _say(self, words: str) -> None:
        self._parts.append(words)
        self._length += len(words)

    def _tag(self, closing: bool, name: str, attributes: str) -> None:
        if name in _UNSHOWN:
            self._unshown = "" if closing and name == self._unshown else self._unshown or ("" if closing else name)
        elif name in _BREAKS:
            if self._parts and not self._parts[-1].endswith("\n"):
                self._say("\n")
        elif name == "a":
            self._anchor(closing, attributes)
        elif name == "img" and (target := _target(attributes)):
            self._links.append(Link(self._length, self._length, target))

    def _anchor(self, closing: bool, attributes: str) -> None:
        if closing and self._open:
            start, target = self._open.pop()
            self._links.append(Link(start, self._length, target))
        elif not closing and len(self._open) < 4 and (target := _target(attributes)):
            self._open.append((self._length, target))


def _target(attributes: str) -> str:
    match = _HREF.search(attributes[:8200])
    if match is None:
        return ""
    return entities.unescape(match[1] or match[2] or match[3] or "")


def spoken(target: str) -> str:
    """An address as it is read: escapes undone."""
    return unquote(target) if "%" in target else target
