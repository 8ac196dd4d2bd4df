"""Posts made inert: an allow-list of tags, no remote load, no steering characters, no size that could stall a window.

Runs off the window's thread. What comes out is safe to give to a ``QTextDocument``.
"""

import html as entities
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import nh3

from moderation.text import neutralise, one_line

FULL, BRIEF = 20_000, 4_000
_RAW = 6
_DEEPEST_QUOTE, _DEEPEST_LIST = 2, 5
_TAGS = {
    "p", "br", "b", "strong", "i", "em", "u", "s", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a", "img",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "div", "tr", "td",
}  # fmt: skip
_DROPPED = {"script", "style", "title", "svg", "math", "template", "noscript", "iframe", "object"}
_SCHEMES = {"http", "https", "mailto"}
_IMAGE = re.compile(r'(<a href="([^"]*)">\s*)?(<img\b[^>]*>)(\s*</a>)?')
_SAID = {name: re.compile(rf'\b{name}="([^"]*)"') for name in ("alt", "src", "class", "width", "height")}
_FACE_AT_MOST = 48
_MOST_PICTURES = 20
_NESTED = re.compile(r"<(/?)(blockquote|ul|ol)>")
_SAME_OPENING = re.compile(
    r"((?:<(?!img\b)(\w+)\b[^<>]{0,200}>\s*)(?:<\2\b[^<>]{0,200}>\s*){12})(?:<\2\b[^<>]{0,200}>\s*)+"
)
_TAG = re.compile(r"(<[^>]*>)")
_EMPTY = re.compile(r"<p>\s*</p>|(<br>\s*<br>\s*)(?:<br>\s*)+")
_VOID = ("<br>", "<hr>", "<picture ")
_PLACE = re.compile(r"<picture (\d+)>")
_DEEPEST = 24
_WORD = 1_000  # a longer run without a space costs the layout milliseconds and says nothing more
_LONG_WORD = re.compile(rf"\S{{{_WORD},}}")
_BLOCK_EDGES = re.compile(r"</?(?:div|tr|h[1-6])>")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a post names: its address, what its author says that it shows, and where it leads when pressed."""

    address: str
    alt: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Inert:
    """A body that is safe to show. Where a picture stood there is ``<picture N>``, N counting ``pictures``;
    ``more_pictures`` have no such place. ``cut`` is how many characters are not shown.
    """

    html: str
    pictures: tuple[Picture, ...] = ()
    cut: int = 0
    folded_quotes: int = 0
    more_pictures: int = 0


def inert_html(raw: str, *, base: str, limit: int = FULL) -> Inert:
    """The server's rendering of a post, made inert; ``base`` resolves relative links."""
    head = raw[: limit * _RAW]
    head = _SAME_OPENING.sub(r"\1", head)
    cleaned = nh3.clean(
        head,
        tags=_TAGS,
        clean_content_tags=_DROPPED,
        attributes={"a": {"href"}, "img": {"src", "alt", "class", "width", "height"}},
        link_rel=None,
        url_schemes=_SCHEMES,
        url_relative=("rewrite_with_base", base),
    )
    cleaned, pictures = _without_pictures(_neutral(cleaned))
    cleaned, folded = _without_depth(cleaned)
    cleaned = _plain_blocks(cleaned)
    shown, lost = _cut(cleaned, limit)
    shown, placed = _numbered(shown, pictures)
    return Inert(shown, placed, lost + len(raw) - len(raw[: limit * _RAW]), folded, len(pictures) - len(placed))


def inert_text(raw: str, *, limit: int = FULL) -> Inert:
    """What an author typed, shown as typed: for posts that the server has not rendered."""
    shown = _LONG_WORD.sub(lambda match: match[0][:_WORD], neutralise(raw[:limit]))
    paragraphs = entities.escape(shown, quote=False).replace("\r\n", "\n").split("\n\n")
    body = "".join(f"<p>{part.strip().replace(chr(10), '<br>')}</p>" for part in paragraphs if part.strip())
    return Inert(body, (), max(0, len(raw) - len(shown)))


def plain(html: str) -> str:
    """The words of an inert body, for quoting and for people who cannot see it."""
    broken = re.sub(r"<br>|</p>|</li>|</blockquote>", "\n", html)
    return entities.unescape(_TAG.sub("", broken)).strip()


def host_of(address: str) -> str:
    """The host of an address; the beginning of the address where it has none."""
    try:
        return urlsplit(address).hostname or address[:40]
    except ValueError:
        return address[:40]


def with_pictures(html: str, box: Callable[[int], str]) -> str:
    """An inert body with something in each place of a picture."""
    return _PLACE.sub(lambda match: box(int(match[1])), html)


def _neutral(html: str) -> str:
    """Steering characters out; fast where there are none."""
    if html.isprintable():
        return html
    return neutralise(html)


def _without_pictures(html: str) -> tuple[str, list[Picture]]:
    """Pictures become places; pictures of an emoji become the emoji, small ones of a face nothing.

    A place stands outside of the link that the picture was in: a box is no part of somebody else's link.
    """
    found: list[Picture] = []

    def replaced(match: re.Match[str]) -> str:
        before, tag, after = match[1] or "", match[3], match[4] or ""
        said = {name: entities.unescape(at[1]) for name, look in _SAID.items() if (at := look.search(tag)) is not None}
        alt, source = one_line(said.get("alt", ""), 200), said.get("src", "")
        if "emoji" in said.get("class", "") and 0 < len(alt) <= 32:
            return before + entities.escape(alt, quote=False) + after
        if not source or _is_face(said):
            return before + after
        alone = bool(before and after)
        link = entities.unescape(match[2]) if alone else ""
        found.append(Picture(source, alt, link if link != source else ""))
        place = f"<picture {len(found) - 1}>"
        return place if alone else f"{place}{before}{after}"

    return _IMAGE.sub(replaced, html), found


def _is_face(said: dict[str, str]) -> bool:
    sizes = [said.get("width", ""), said.get("height", "")]
    small = all(size.isascii() and size.isdigit() and int(size) <= _FACE_AT_MOST for size in sizes)
    return small and "avatar" in said.get("class", "")


def _numbered(html: str, found: list[Picture]) -> tuple[str, tuple[Picture, ...]]:
    """The pictures whose places are still there, numbered anew, and not more of them than a person looks through."""
    placed: list[Picture] = []

    def numbered(match: re.Match[str]) -> str:
        if len(placed) == _MOST_PICTURES:
            return ""
        placed.append(found[int(match[1])])
        return f"<picture {len(placed) - 1}>"

    return _PLACE.sub(numbered, html), tuple(placed)


def _without_depth(html: str) -> tuple[str, int]:
    """Quotes within quotes within quotes become an ellipsis; so do lists that are nested without end."""
    out: list[str] = []
    depth = {"blockquote": 0, "ul": 0, "ol": 0}
    skipping, folded, last = 0, 0, 0
    for match in _NESTED.finditer(html):
        closing, tag = bool(match[1]), match[2]
        if skipping == 0:
            out.append(html[last : match.start()])
        last = match.end()
        if closing:
            skipping, keep = (skipping - 1, False) if skipping else (0, True)
            depth[tag] -= keep
        else:
            deepest = _DEEPEST_QUOTE if tag == "blockquote" else _DEEPEST_LIST
            keep = skipping == 0 and depth[tag] < deepest
            if not keep and skipping == 0:
                folded += 1
                out.append("<p>[…]</p>")
            skipping += not keep
            depth[tag] += keep
        if keep:
            out.append(match[0])
    out.append(html[last:] if skipping == 0 else "")
    return "".join(out), folded


def _plain_blocks(html: str) -> str:
    """Headings, boxes and tables become paragraphs, so that a post cannot shout."""

    def replaced(match: re.Match[str]) -> str:
        tag = match[0]
        if tag[1:2] == "/":
            return "</b></p>" if tag[2] == "h" else "</p>"
        return "<p><b>" if tag[1] == "h" else "<p>"

    return _BLOCK_EDGES.sub(replaced, html).replace("<td>", "").replace("</td>", " · ").replace(" · </p>", "</p>")


def _cut(html: str, limit: int) -> tuple[str, int]:
    """The first ``limit`` characters of text and so many tags as people use, none nested deeper than they do.

    Gives how many characters are missing. Tags stay balanced.
    """
    room, tags, lost, out = limit, max(200, limit // 30), 0, list[str]()
    kept: list[bool] = []
    for piece in _TAG.split(_EMPTY.sub(r"\1", html)):
        if not (piece.startswith("<") and piece.endswith(">")):
            shown = _LONG_WORD.sub(lambda match: match[0][:_WORD], piece[:room]) if tags > 0 else ""
            out.append(shown)
            room -= len(shown)
            lost += len(piece) - len(shown)
        elif piece.startswith("</"):
            if kept and kept.pop():
                out.append(piece)
        else:
            show = room > 0 and tags > 0 and len(kept) < _DEEPEST
            tags -= 1
            if not piece.startswith(_VOID):
                kept.append(show)
            if show:
                out.append(piece)
    return "".join(out), lost
