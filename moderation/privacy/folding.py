"""Text in the form that detectors read, and the way back to the text as it is shown.

Full-width digits and letters become plain ones (NFKC), half-width kana whole ones, the many dashes ``-``, digits of
other scripts 0 to 9; characters without width disappear.
"""

import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

_INVISIBLE = frozenset(
    "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d\u2043\u02d7")
_LONG_MARK, _HALF_LONG_MARK = "\u30fc", "\uff70"
_VOICED = frozenset("\uff9e\uff9f\u3099\u309a")
_DIGITS = frozenset("0123456789")


class _Folded(dict[str, str]):
    """Characters by what they fold to, worked out once each."""

    def __missing__(self, char: str) -> str:
        folded = _folded(char)
        if len(self) < 70_000:
            self[char] = folded
        return folded


def _folded(char: str) -> str:
    if char in _INVISIBLE:
        return ""
    if char in _DASHES:
        return "-"
    if (digit := unicodedata.decimal(char, None)) is not None:
        return str(digit)
    if char == "\u0130":  # the one capital whose small form is two characters
        return "I"
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    return unicodedata.normalize("NFKC", char)


_FOLDED = _Folded()


@dataclass(frozen=True, slots=True)
class FoldedText:
    """``text`` for detectors; :meth:`back` leads to the text that it came from."""

    text: str
    length: int
    _ends: list[int] | None = None

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The place in the shown text that holds these characters of the folded one, whole characters of both."""
        if self._ends is None:
            return start, end
        if end <= start:
            at = bisect_right(self._ends, start)
            return min(at, self.length), min(at, self.length)
        return bisect_right(self._ends, start), bisect_right(self._ends, end - 1) + 1


def fold(text: str) -> FoldedText:
    """The folded text; plain text costs nothing."""
    return FoldedText(text, len(text)) if text.isascii() else _fold(text)


@lru_cache(maxsize=2)
def _fold(text: str) -> FoldedText:
    """Several who look at one text, one after the other, fold it once."""
    pieces = list(map(_FOLDED.__getitem__, text))
    if not _VOICED.isdisjoint(text):
        _voice(text, pieces)
    if _LONG_MARK in text or _HALF_LONG_MARK in text:
        _unmark(pieces)
    lengths = list(map(len, pieces))
    folded = "".join(pieces)
    if len(folded) == len(text) and min(lengths, default=1) == 1:
        return FoldedText(folded, len(text))
    return FoldedText(folded, len(text), list(accumulate(lengths)))


def _voice(text: str, pieces: list[str]) -> None:
    """A kana with its sound mark behind it becomes one kana."""
    for at in range(1, len(text)):
        if text[at] in _VOICED and pieces[at - 1]:
            whole = unicodedata.normalize("NFKC", text[at - 1 : at + 1])
            if len(whole) == 1:
                pieces[at - 1], pieces[at] = whole, ""


def _unmark(pieces: list[str]) -> None:
    """The mark of a long vowel between digits is a dash that somebody typed with the kana keyboard."""
    at = -1
    while True:
        try:
            at = pieces.index(_LONG_MARK, at + 1)
        except ValueError:
            return
        if 0 < at < len(pieces) - 1 and pieces[at - 1][-1:] in _DIGITS and pieces[at + 1][:1] in _DIGITS:
            pieces[at] = "-"
