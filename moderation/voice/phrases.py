"""Phrases of a pack as they are looked for in a text.

Words stand for themselves in any case, with any blanks between them; in Latin scripts they are whole words. ``*`` at
the end of a word takes its endings, ``{number}``, ``{day}`` and ``{month}`` stand for what they name, in figures or in
words. Texts are folded before, see :mod:`moderation.privacy.folding`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from moderation.privacy.folding import fold

_SIGNS = {
    "number": r"(?:\d{1,6}(?:[.,]\d{1,3})?|one|two|three|four|five|six|seven|eight|nine|ten|twelve"
    r"|[一二三四五六七八九十数]{1,3})",
    "day": r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|[月火水木金土日]曜日?)",
    "month": r"(?:january|february|march|april|may|june|july|august|september|october|november|december|\d{1,2}月)",
}
_SIGN = re.compile(r"\{([a-z]+)\}")
_PIECE = re.compile(r"\{[a-z]+\}|\*|\s+|[^\s{*]+|.")
_BETWEEN = r"[\s*_~]+"
_LATIN = re.compile(r"[0-9A-Za-z\u00c0-\u024f]")
MOST = 50
"""Places of one phrase that are told."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a phrase: ``literal`` must stand in a text at all, ``pattern`` then says where."""

    literal: str
    pattern: re.Pattern[str]
    before: bool
    after: bool

    def find(self, lowered: str) -> Iterator[tuple[int, int]]:
        """Places in a folded text in small letters."""
        if self.literal not in lowered:
            return
        for match in self.pattern.finditer(lowered):
            start, end = match.span()
            cut = (self.before and _LATIN.match(lowered[start - 1 : start])) or (
                self.after and _LATIN.match(lowered[end : end + 1])
            )
            if not cut:
                yield start, end


def unknown_sign(phrase: str) -> str:
    """The first sign in braces that is not known, empty for none."""
    return next((match[1] for match in _SIGN.finditer(phrase) if match[1] not in _SIGNS), "")


def form(phrase: str) -> Form:
    """A phrase made ready; it must hold something besides signs and blanks."""
    plain = " ".join(fold(phrase).text.lower().split())
    pieces = _PIECE.findall(plain)
    pattern = "".join(map(_expression, pieces))
    literals = [piece for piece in pieces if not piece.isspace() and piece != "*" and not _SIGN.fullmatch(piece)]
    literal = max(literals, key=len, default="")
    starts = bool(pieces) and (_SIGN.fullmatch(pieces[0]) is not None or _LATIN.match(pieces[0]) is not None)
    ends = bool(pieces) and pieces[-1] != "*" and _LATIN.match(pieces[-1][-1:]) is not None
    return Form(literal, re.compile(pattern), starts, ends)


def _expression(piece: str) -> str:
    sign = _SIGN.fullmatch(piece)
    if sign is not None:
        return _SIGNS.get(sign[1], re.escape(piece))
    if piece == "*":
        return r"\w*"
    return _BETWEEN if piece.isspace() else re.escape(piece)


def found(forms: Sequence[tuple[int, Form]], lowered: str) -> list[tuple[int, int, int]]:
    """``(start, end, number)`` of every phrase in a folded text in small letters; of those that overlap the longest."""
    every: list[tuple[int, int, int]] = []
    for number, one in forms:
        for _, (start, end) in zip(range(MOST), one.find(lowered), strict=False):
            every.append((start, end, number))
    kept: list[tuple[int, int, int]] = []
    last = 0
    for start, end, number in sorted(every, key=lambda one: (one[0], -one[1])):
        if start >= last:
            kept.append((start, end, number))
            last = end
    return kept
