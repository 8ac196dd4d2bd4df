"""Striking out: private data and the customer's name give way to neutral words, and it is said what was there."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from moderation.bringing.model import CUSTOMER, FindIn, Removed, Struck
from moderation.bringing.skeleton import Skeleton, skeleton
from moderation.privacy.folding import fold
from moderation.privacy.names import Names
from moderation.privacy.spots import PrivateKind, Spot, Sureness, masked

_JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龥]")
_HONORIFIC = re.compile(r"[ 　]?(?:様|さま|さん|殿)")
_TITLE = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Herr|Frau)\.?[ ]|@)$", re.IGNORECASE)
NOTHING: Mapping[str, Spot] = MappingProxyType({})
LONG_ENOUGH = 5
"""Characters of a value that is told apart from others inside of words too."""
Piece = tuple[int, int, str, str, str]
"""Start, end, kind, reason, snippet."""


def language_of(text: str) -> str:
    """``ja`` where Japanese characters stand in it, else ``en``."""
    return "ja" if _JAPANESE.search(text) else "en"


def strike_out(
    text: str, find: FindIn, names: Iterable[str], removed: Removed, known: Mapping[str, Spot] = NOTHING
) -> tuple[str, tuple[Struck, ...]]:
    """The text with neutral words in the place of private data, and where those stand now.

    Everything that the finder takes for private is struck but what harms nobody as a rule; every value that is
    ``known`` as private from elsewhere, by its skeleton; and every name of the customer, with its title, honorific or
    ``@``.
    """
    spots = [spot for spot in find(text) if spot.sureness is not Sureness.WEAK and spot.end > spot.start]
    pieces: list[Piece] = [(one.start, one.end, str(one.kind), one.reason, one.masked) for one in spots]
    bones = skeleton(text)
    for value, one in known.items():
        pieces += [(*where, str(one.kind), one.reason, one.masked) for where in places(value, text, bones)]
    pieces += [(start, end, CUSTOMER, "", _hint(text[start:end])) for start, end in named(text, names)]
    return _replaced(text, _apart(pieces), removed, language_of(text))


def places(value: str, text: str, bones: Skeleton) -> Iterator[tuple[int, int]]:
    """Where a value stands in a text, by its skeleton; a short one only as a word, or a number, of its own."""
    at = bones.text.find(value)
    while at >= 0:
        start, end = bones.whole(at, at + len(value))
        around = text[max(0, start - 1) : start] + text[end : end + 1]
        if len(value) >= LONG_ENOUGH or not any(map(str.isalnum, around)):
            yield start, end
        at = bones.text.find(value, at + 1)


def named(text: str, names: Iterable[str]) -> list[tuple[int, int]]:
    """Where one of these names stands, with title, honorific or ``@``."""
    given = [one for one in dict.fromkeys(names) if len(one.replace(" ", "")) > 1]
    if not given:
        return []
    folded = fold(text)
    found: list[tuple[int, int]] = [
        folded.back(raw.start, raw.end) for raw in Names([one for one in given if not _has_sign(one)])(folded.text)
    ]
    for one in given:
        if _has_sign(one):
            pattern = re.compile(rf"(?<!\w){re.escape(one)}(?!\w)", re.IGNORECASE)
            found += [folded.back(*match.span()) for match in pattern.finditer(folded.text)]
    return [_widened(text, start, end) for start, end in sorted(found)]


def _has_sign(name: str) -> bool:
    """A user name with digits or underscores is one word."""
    return any(char.isdigit() or char in "_." for char in name)


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    title = _TITLE.search(text[max(0, start - 6) : start])
    if title is not None:
        start -= len(title[0])
    honorific = _HONORIFIC.match(text, end)
    return start, honorific.end() if honorific is not None else end


def _apart(pieces: Iterable[Piece]) -> list[Piece]:
    """In order; of two that overlap the longer one, made as long as both."""
    kept: list[Piece] = []
    for piece in sorted(pieces):
        if kept and piece[0] < kept[-1][1]:
            before = kept.pop()
            longer = max(before, piece, key=lambda one: one[1] - one[0])
            kept.append((before[0], max(before[1], piece[1]), *longer[2:]))
        else:
            kept.append(piece)
    return kept


def _replaced(text: str, pieces: Sequence[Piece], removed: Removed, language: str) -> tuple[str, tuple[Struck, ...]]:
    parts: list[str] = []
    struck: list[Struck] = []
    length, last = 0, 0
    for start, end, kind, reason, mask in pieces:
        words = removed(kind, language)
        parts += [text[last:start], words]
        length += start - last
        struck.append(Struck(length, length + len(words), kind, reason, mask, words))
        length += len(words)
        last = end
    return "".join([*parts, text[last:]]), tuple(struck)


def _hint(name: str) -> str:
    return masked(PrivateKind.NAME, name)
