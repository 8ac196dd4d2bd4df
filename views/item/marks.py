"""Private data marked in what people read, each with the word for its kind and the reason.

What the engine found is marked where it stands. A text that nobody has looked at yet (a held post, a private thread)
gets marks by a few simple forms: a help for the eye, no rule.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from urllib.parse import quote

from moderation.privacy.dismissals import Found
from moderation.privacy.spots import Spot
from moderation.text import neutralise
from views.words import Words

_TAG = re.compile(r"(<[^>]*>)")
_BREAK = re.compile(r"</?(?:p|br|div|li|ul|ol|tr|table|blockquote|pre|h[1-6]|hr)\b")
_KINDS = (
    ("mail", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,24}){1,4}")),
    ("phone", re.compile(r"(?<![\w.:/-])(?:\+\d{1,3}[ -]?)?\(?0\d{1,4}\)?[ -]?\d{2,4}[ -]?\d{3,4}(?![\w-])")),
    ("order", re.compile(r"\b[A-Z]{1,4}-\d{4,10}(?:-\d{1,6})?\b")),
    ("address", re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b")),
)
_MOST = 40
FIND = "find/"
"""Path of the address of a mark: ``marquee:find/POST/NUMBER#reason``."""


@dataclass(frozen=True, slots=True)
class Finds:
    """Finds of one post that stand, and the text whose characters their places are."""

    post: str = ""
    spots: tuple[Spot, ...] = ()
    text: str = ""

    @classmethod
    def of(cls, found: Found, text: str) -> "Finds":
        """What stands of what was found in this text."""
        return cls(found.post, found.standing, text)


def reason(spot: Spot, words: Words) -> str:
    """A find in words: what it is, why, how sure."""
    kind, why = words.say(f"private_kind_{spot.kind.value}"), words.say(f"private_reason_{spot.reason}")
    return words.say("found_reason", kind=kind, why=why, sure=words.say(f"private_sure_{spot.sureness.value}"))


def marked_finds(html: str, finds: Finds, words: Words, colours: tuple[str, str]) -> str:
    """An inert body with its finds on ``mark`` and a drawn tag behind each; ``colours``: mark, text on it.

    A find that only may be one has no ground: a line under it and a question mark in its tag. Inside a link the link
    keeps its address and gets the reason as a hint.
    """
    body = _Body.of(html)
    places = body.places(finds)
    for number, spot, start, end in places[:_MOST]:
        body.mark(start, end, _Mark.of(finds.post, number, spot, words, colours))
    return body.html()


@dataclass(frozen=True, slots=True)
class _Mark:
    """How one find is written: what stands before and after its words, and what after its last word."""

    opening: str
    closing: str
    bare: str
    hint: str
    tag: str

    @classmethod
    def of(cls, post: str, number: int, spot: Spot, words: Words, colours: tuple[str, str]) -> "_Mark":
        hint = reason(spot, words)
        ground = f"background-color:{colours[0]}; color:{colours[1]}; text-decoration: none"
        style = ground if spot.alarms else "text-decoration: underline"
        address = f"marquee:{FIND}{quote(post, safe='')}/{number}#{quote(hint, safe='')}"
        said = words.say(f"private_kind_{spot.kind.value}")
        tag = quote(said if spot.alarms else words.say("found_maybe", kind=said), safe="")
        return cls(
            f'<a href="{address}" title="{escape(hint)}" style="{style}">',
            "</a>",
            f'<span style="{style}">',
            hint,
            f'&nbsp;<img src="marquee:tag/{tag}" style="vertical-align: middle">',
        )


@dataclass(slots=True)
class _Body:
    """An inert body in pieces: tags, and texts with their places in the words of the whole."""

    pieces: list[str]
    texts: dict[int, str] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    link_of: dict[int, int] = field(default_factory=dict)
    words: str = ""
    cuts: dict[int, list[tuple[int, int, _Mark, bool]]] = field(default_factory=dict)

    @classmethod
    def of(cls, html: str) -> "_Body":
        body = cls(_TAG.split(html))
        said: list[str] = []
        length, link = 0, -1
        for number, piece in enumerate(body.pieces):
            if piece.startswith("<"):
                link = number if piece.startswith("<a ") else -1 if piece.startswith("</a") else link
                text = "\n" if _BREAK.match(piece) and said and not said[-1].endswith("\n") else ""
            else:
                text = unescape(piece)
                body.texts[number], body.link_of[number] = text, link
                body.starts.append(length)
                body.numbers.append(number)
            if text:
                said.append(text)
            length += len(text)
        body.words = "".join(said)
        return body

    def places(self, finds: Finds) -> list[tuple[int, Spot, int, int]]:
        """Number, find, and where its words stand here; what is cut away has no place."""
        placed: list[tuple[int, Spot, int, int]] = []
        last = 0
        for number, spot in enumerate(finds.spots, 1):
            said = neutralise(finds.text[spot.start : spot.end])
            at = self.words.find(said, last) if said.strip() else -1
            if at >= 0:
                placed.append((number, spot, at, at + len(said)))
                last = at + len(said)
        return placed

    def mark(self, start: int, end: int, mark: _Mark) -> None:
        """Remember a mark on the pieces that it touches."""
        at = max(0, bisect_right(self.starts, start) - 1)
        while at < len(self.starts) and self.starts[at] < end:
            number, begin = self.numbers[at], self.starts[at]
            text = self.texts[number]
            first, last = max(0, start - begin), min(len(text), end - begin)
            if first < last:
                self.cuts.setdefault(number, []).append((first, last, mark, begin + last >= end))
            at += 1

    def html(self) -> str:
        """The body with its marks."""
        out = list(self.pieces)
        for number, cuts in self.cuts.items():
            link = self.link_of[number]
            out[number] = _cut(self.texts[number], cuts, inside=link >= 0)
            if link >= 0 and " title=" not in out[link]:
                out[link] = f'{out[link][:-1]} title="{escape(cuts[0][2].hint)}">'
        return "".join(out)


def _cut(text: str, cuts: Sequence[tuple[int, int, _Mark, bool]], *, inside: bool) -> str:
    out: list[str] = []
    done = 0
    for first, last, mark, ends in cuts:
        opening, closing = (mark.bare, "</span>") if inside else (mark.opening, mark.closing)
        out += [escape(text[done:first], quote=False), opening, escape(text[first:last], quote=False), closing]
        out += [mark.tag] if ends else []
        done = last
    return "".join([*out, escape(text[done:], quote=False)])


def marked(html: str, words: Words, colours: tuple[str, str]) -> str:
    """An inert body that nobody has looked at, marked by simple forms.

    Links are left alone, and so is what comes after forty marks.
    """
    out: list[str] = []
    left, in_link = _MOST, False
    for piece in _TAG.split(html):
        if piece.startswith("<"):
            in_link = piece.startswith("<a") or (in_link and not piece.startswith("</a"))
            out.append(piece)
        elif in_link or left <= 0:
            out.append(piece)
        else:
            text, used = _mark_text(unescape(piece), words, colours, left)
            left -= used
            out.append(text if used else piece)
    return "".join(out)


def _mark_text(text: str, words: Words, colours: tuple[str, str], most: int) -> tuple[str, int]:
    mark, on_mark = colours
    found = sorted((match.start(), match.end(), kind) for kind, pattern in _KINDS for match in pattern.finditer(text))
    out: list[str] = []
    last = used = 0
    for start, end, kind in found:
        if start < last or used >= most:
            continue
        out.append(escape(text[last:start], quote=False))
        tag = quote(words.say(f"mark_{kind}"), safe="")
        out.append(
            f'<span style="background-color:{mark}; color:{on_mark}">{escape(text[start:end], quote=False)}</span>'
            f'&nbsp;<img src="marquee:tag/{tag}" style="vertical-align: middle">'
        )
        last, used = end, used + 1
    out.append(escape(text[last:], quote=False))
    return "".join(out), used
